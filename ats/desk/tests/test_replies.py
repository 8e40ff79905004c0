"""Mails that came in, on the desk: who reads what, where they are placed, what came back."""

import pytest
from django.urls import reverse

from ats.deliverability.tests.test_checks import Table
from ats.desk.roles import RECRUITERS
from ats.desk.tests.conftest import with_role
from ats.desk.views import deliverability
from ats.dev import axe
from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import DeliveryReport, Message, Reply, Scorecard
from candidates.post.inbound import returning
from candidates.post.inbound.returning import News
from candidates.post.inbound.tests.letters import id_of, letter, parts, sent_mail, take
from candidates.screening.builders import ask_for, begin_screening

pytestmark = pytest.mark.django_db
SECRET = "I find her wonderful"


@pytest.fixture(autouse=True)
def now(time_machine, settings):
    time_machine.move_to(NOW, tick=False)
    settings.DEFAULT_FROM_EMAIL = "jobs@rapport.test"


@pytest.fixture
def desk(client, db):
    client.force_login(with_role("Rita Recruiter", RECRUITERS))
    return client


def words(response):
    return response.content.decode()


def page_of(desk, application):
    return words(desk.get(reverse("admin:candidates_application_change", args=[application.pk])))


def came(application=None, text="Yes, gladly.\n\n> Can you?", **fields):
    message = sent_mail(application)
    return take(letter(text, in_reply_to=id_of(message), **fields))


def test_what_a_candidate_wrote_stands_on_the_timeline_with_the_quote_folded(desk):
    reply = came()
    told = page_of(desk, reply.application)
    assert "Yes, gladly." in told
    assert "What it quotes" in told
    assert reverse("desk:reply", args=[reply.pk]) in told


def test_what_is_unread_waits_on_the_first_page_until_it_was_read(desk):
    reply = came(subject="Friday is fine")
    assert "Friday is fine" in words(desk.get("/admin/"))
    desk.get(reverse("desk:reply", args=[reply.pk]))
    assert "Friday is fine" in words(desk.get("/admin/"))
    desk.post(reverse("desk:reply", args=[reply.pk]), {"do": "seen"})
    assert "Friday is fine" not in words(desk.get("/admin/"))


def test_the_words_of_who_judges_show_when_judgements_do(desk):
    application = begin_screening()
    mail = Message.objects.get(ask=ask_for(application, Scorecard.Kind.PHONE))
    reply = take(letter(SECRET, sender="max@example.org", subject=SECRET, in_reply_to=id_of(mail)))
    everywhere = [reverse("desk:reply", args=[reply.pk]), reverse("desk:replies") + "?show=taken", "/admin/"]
    assert SECRET not in page_of(desk, application) + "".join(words(desk.get(address)) for address in everywhere)
    assert desk.get(reverse("desk:reply_raw", args=[reply.pk])).status_code == 404
    application.asks.update(cancelled_at=NOW)
    assert SECRET in page_of(desk, application)
    assert SECRET in words(desk.get(everywhere[0]))


def test_a_stranger_finds_no_mail(client):
    reply = came()
    client.force_login(make_user("Sam Stranger"))
    assert client.get(reverse("desk:reply", args=[reply.pk])).status_code == 404
    assert client.get(reverse("desk:replies")).status_code == 403


def test_a_mail_of_nobody_is_placed_by_hand(desk):
    application = make_application()
    reply = take(letter("Hello", sender="who@example.com"))
    assert "could not be placed" in words(desk.get("/admin/"))
    answer = desk.post(
        reverse("desk:reply", args=[reply.pk]), {"do": "place", "whose": str(application.pk)}, follow=True
    )
    reply.refresh_from_db()
    assert (answer.status_code, reply.application) == (200, application)


@pytest.mark.parametrize("typed", ["", "999999", "nobody@example.org", "9" * 200, "\0", "x" * 1_000_000])
def test_a_place_that_is_none_is_told_beside_its_box_and_loses_nothing(desk, typed):
    reply = take(letter("Hello", sender="who@example.com"))
    answer = desk.post(reverse("desk:reply", args=[reply.pk]), {"do": "place", "whose": typed})
    reply.refresh_from_db()
    assert (answer.status_code, reply.state, "errorlist" in words(answer)) == (200, Reply.State.UNKNOWN, True)


def test_an_application_of_another_recruiter_is_no_place(desk):
    other = make_application(job=make_job(recruiters=[make_user("Rob Recruiter")], hiring_manager=make_user("Mia")))
    reply = take(letter("Hello", sender="who@example.com"))
    desk.post(reverse("desk:reply", args=[reply.pk]), {"do": "place", "whose": str(other.pk)})
    reply.refresh_from_db()
    assert reply.application is None


def test_what_nobody_need_read_is_set_aside(desk):
    reply = take(b"broken")
    desk.post(reverse("desk:reply", args=[reply.pk]), {"do": "aside"})
    reply.refresh_from_db()
    assert reply.state == Reply.State.IGNORED
    assert "could not be placed" not in words(desk.get("/admin/"))


def test_the_whole_mail_can_be_saved(desk):
    reply = take(letter("Hello", sender="who@example.com"))
    answer = desk.get(reverse("desk:reply_raw", args=[reply.pk]))
    assert b"".join(answer.streaming_content).endswith(b"Hello")
    assert "attachment" in answer["Content-Disposition"]


def test_fifty_mails_cost_the_queries_of_one(desk, django_assert_max_num_queries):
    message = sent_mail()
    for number in range(5):
        take(letter(f"Mail {number}", in_reply_to=id_of(message), message_id=f"<{number}@x>"))
    for address in ("?show=taken", ""):
        with django_assert_max_num_queries(6):
            desk.get(reverse("desk:replies") + address)


def bounced(message):
    news = News("1", "Postmark", DeliveryReport.Kind.BOUNCED, NOW, message.to, "550 no such user")
    returning.report(news, message=message, at=NOW)
    return message


def test_a_mail_that_came_back_is_corrected_and_sent_again(desk):
    message = bounced(sent_mail())
    address = reverse("desk:returned_mail", args=[message.pk])
    person = message.application.candidate
    assert "came back" in page_of(desk, message.application)
    told = words(desk.get(address))
    assert "550 no such user" in told
    assert reverse("admin:candidates_candidate_change", args=[person.pk]) in told
    person.email = "right@example.org"
    person.save()
    assert "Send it to right@example.org" in words(desk.get(address))
    desk.post(address)
    message.refresh_from_db()
    assert (message.status, message.returned_at) == ("queued", None)


def test_a_stranger_learns_nothing_of_a_mail_that_came_back(client):
    message = bounced(sent_mail())
    client.force_login(make_user("Sam Stranger"))
    assert client.get(reverse("desk:returned_mail", args=[message.pk])).status_code == 404


def test_reports_are_listed_also_of_mails_that_nobody_knows(desk):
    bounced(sent_mail())
    returning.report(News("2", "x", DeliveryReport.Kind.OTHER, NOW, "who@example.org"), message=None, at=NOW)
    told = words(desk.get(reverse("admin:candidates_deliveryreport_changelist")))
    assert "who@example.org" in told


@pytest.fixture
def boss(client):
    client.force_login(make_user("Ada Admin", is_superuser=True))
    return client


def test_what_the_domain_says_is_looked_up_when_asked(boss, monkeypatch):
    monkeypatch.setattr(deliverability, "resolver", lambda: pytest.fail("it looked by itself"))
    address = reverse("desk:deliverability")
    assert "Look it up" in words(boss.get(address))
    monkeypatch.setattr(deliverability, "resolver", Table)
    assert "v=spf1 mx" in words(boss.post(address, {"do": "look"}))
    part = words(boss.post(address, {"do": "look"}, headers={"HX-Request": "true"}))
    assert "v=spf1 mx" in part
    assert "<html" not in part


def test_a_test_mail_goes_to_who_presses_and_its_link_says_so(boss):
    boss.post(reverse("desk:deliverability"), {"do": "mail"})
    message = Message.objects.get(template="candidates/test_mail")
    assert message.to == make_user("Ada Admin").email
    told = words(boss.get(reverse("desk:deliverability_arrived", args=[1]), follow=True))
    assert "The test mail arrived" in told


def test_only_administrators_look_at_the_domain(desk):
    assert desk.get(reverse("desk:deliverability")).status_code == 403


def test_a_file_of_a_candidate_is_named_with_its_document(desk):
    message = sent_mail()
    file = "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=cv.txt\r\n\r\nMy work."
    reply = take(parts("Content-Type: text/plain\r\n\r\nHere.", file, in_reply_to=id_of(message)))
    told = words(desk.get(reverse("desk:reply", args=[reply.pk])))
    assert reverse("people:document", args=[reply.files[0]["document"]]) in told


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_on_the_pages_of_mails(new_page, live_server, client, width, scheme, monkeypatch, settings):
    settings.DKIM_SELECTOR = "s1"
    monkeypatch.setattr(deliverability, "resolver", Table)
    client.force_login(make_user(is_superuser=True))
    message, lost = bounced(sent_mail()), take(letter("Hello", sender="somebody.else@example.com"))
    reply = take(letter("Yes.\n\n> Can you?", in_reply_to=id_of(message), message_id="<2@x>"))
    page = new_page(width=width, color_scheme=scheme)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    own = [reverse("desk:reply", args=[one.pk]) for one in (lost, reply)]
    own += [reverse("desk:returned_mail", args=[message.pk]), message.to_dos.get().ask.get_absolute_url()]
    own += [reverse("admin:candidates_application_change", args=[message.application_id])]
    found = []
    for address in (reverse("desk:replies"), *own, reverse("desk:deliverability")):
        page.goto(live_server.url + address)
        if "deliverability" in address:
            page.get_by_role("button", name="Look it up").click()
            page.locator("#found h3").first.wait_for()
        is_wide = page.evaluate("document.documentElement.scrollWidth") > width
        found += [f"{address}: {one}" for one in [*axe.violations(page), *(["too wide"] if is_wide else [])]]
    assert found == []
