"""Which addresses may be of which company: wrong alarms cost a referee's good name, so both ways are tested."""

import pytest

from references.flags import domains


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("nora@Former.Example", "former.example"),
        ("nora@xn--mller-kva.de", "müller.de"),
        ("nora@former.example.", "former.example"),
    ],
)
def test_a_domain_is_told_plainly(email, domain):
    assert domains.domain(email) == domain


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.co.uk",
        "hotmail.fr",
        "live.nl",
        "gmx.de",
        "web.de",
        "t-online.de",
        "qq.com",
    ],
)
def test_free_mail_is_known_in_every_country(domain):
    assert domains.is_free(domain)


@pytest.mark.parametrize(
    "domain", ["former.example", "yahoo-museum.org", "mail.former.example", "gmailer.co.uk", "me.org"]
)
def test_a_company_is_not_taken_for_free_mail(domain):
    assert not domains.is_free(domain)


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("former.example", "Former Ltd"),
        ("former.example", "The Former Company, Inc."),
        ("support.former.co.uk", "Former plc"),
        ("mueller.de", "Müller GmbH & Co. KG"),
        ("müller.de", "Mueller GmbH"),
        ("muller.ch", "Müller AG"),
        ("kpn.com", "KPN B.V."),
        ("abc-group.com", "Acme Booking Company"),
        ("bookings.com", "Booking.com"),
        ("harbourhotels.nl", "Harbour Hotels"),
        ("harbour-hotels.nl", "Harbour Hotel Group"),
        ("mail.harbour.example", "Harbour Hotels International"),
        ("zendsk.com", "Zendesk"),
        ("deutschebahn.com", "Deutsche Bahn AG"),
        ("example.jp", "株式会社サンプル"),
        ("пример.рф", "Former Ltd"),
        ("3m.com", "3M"),
    ],
)
def test_an_address_that_may_be_the_companys_is_left_alone(domain, company):
    assert domains.is_like(domain, company)


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("other.example", "Former Ltd"),
        ("mail.other.example", "Mail Order House"),
        ("bestrefs.com", "Harbour Hotels"),
        ("co.uk", "Former Co"),
        ("cara-candidate.example", "Deutsche Bahn AG"),
    ],
)
def test_an_address_of_another_name_is_noticed(domain, company):
    assert not domains.is_like(domain, company)


@pytest.mark.parametrize(
    "odd", ["", "@", "a@", "@b", "a@.", "a@b..c", "x" * 300 + "@" + "y" * 300, "a@xn--", "a@\ud800"]
)
def test_no_address_breaks_it(odd):
    domain = domains.domain(odd)
    assert domains.is_free(domain) in (True, False)
    assert domains.is_like(domain, "Former Ltd") in (True, False)
