"""The language and the time zone of the page and of the mails; the switch in the header."""

import pytest
from django.test import Client

from ats.portal.tests.test_portal import home, make_ask, visitor
from candidates.builders import NOW, make_application, make_candidate
from candidates.models import Ask, Message
from candidates.post import asks, mail, rendering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


def choose(application, client=None, **fields):
    given = {"language": "de", "zone": "Asia/Tokyo"} | fields
    return (client or visitor(application)).post(f"/my/{application.pk}/language/", given, follow=True)


def switch(client, language="de", back="/", **headers):
    return client.post("/language/", {"language": language, "next": back}, headers=headers)


def test_the_choice_counts_for_the_page_the_person_and_every_open_request():
    application = make_application()
    asked, answered = make_ask(application), make_ask(application)
    asks.close(answered, at=NOW)
    page = choose(application).content.decode()
    application.candidate.refresh_from_db()
    asked.refresh_from_db()
    answered.refresh_from_db()
    assert '<html lang="de"' in page
    assert (application.candidate.language, application.candidate.zone) == ("de", "Asia/Tokyo")
    assert (asked.language, asked.zone) == ("de", "Asia/Tokyo")
    assert (answered.language, answered.zone) == ("en", "UTC")


def test_what_others_were_asked_keeps_their_language():
    application = make_application()
    theirs = make_ask(application, role=Ask.Role.REFEREE)
    choose(application)
    theirs.refresh_from_db()
    assert (theirs.language, theirs.zone) == ("en", "UTC")


def test_mails_follow_the_choice():
    application = make_application()
    message = mail.queue(application, "candidates/withdrawn", key="x", at=NOW)
    choose(application)
    assert 'lang="de"' in rendering.render(Message.objects.get(pk=message.pk)).html


@pytest.mark.parametrize("wrong", [{"language": "tlh"}, {"zone": "Mars/Base"}, {"zone": "\0"}, {"language": ""}])
def test_an_unknown_choice_is_told_and_changes_nothing(wrong):
    application = make_application()
    page = choose(application, **wrong).content.decode()
    application.candidate.refresh_from_db()
    assert "field-error" in page
    assert (application.candidate.language, application.candidate.zone) == ("en", "UTC")


def test_nobody_chooses_without_the_link():
    application = make_application()
    assert choose(application, Client()).status_code == 404


def test_public_pages_speak_the_browsers_language_and_say_so_to_caches():
    answer = Client().get("/", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert (answer["Content-Language"], '<html lang="de"' in answer.content.decode()) == ("de", True)
    assert {"Accept-Language", "Cookie"} <= {word.strip() for word in answer["Vary"].split(",")}


def test_a_language_that_we_do_not_speak_gives_english():
    assert Client().get("/", headers={"Accept-Language": "fr"})["Content-Language"] == "en"


def test_the_switch_goes_back_to_the_page_in_the_other_language():
    client = Client(enforce_csrf_checks=True)
    answer = switch(client, back="/privacy/?x=1")
    assert (answer.status_code, answer.url) == (302, "/privacy/?x=1")
    assert client.get(answer.url, headers={"Accept-Language": "en"})["Content-Language"] == "de"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(back):
    assert switch(Client(), back=back).url == "/"


@pytest.mark.parametrize("code", ["fr", "", "x" * 600, "../../etc", "dé"])
def test_an_unknown_language_is_not_kept(code):
    assert "django_language" not in switch(Client(), language=code).cookies


def test_another_site_does_not_press_the_switch():
    assert "django_language" not in switch(Client(), **{"Sec-Fetch-Site": "cross-site"}).cookies


def test_looking_at_the_switch_is_refused():
    assert Client().get("/language/").status_code == 405


def test_the_candidates_page_speaks_their_language_until_they_press_the_switch():
    application = make_application(candidate=make_candidate(language="de"))
    client = visitor(application)
    assert '<html lang="de"' in home(application, client).content.decode()
    switch(client, "en")
    assert '<html lang="en"' in home(application, client).content.decode()


def test_a_choice_for_good_ends_the_one_for_a_visit():
    application = make_application()
    client = visitor(application)
    switch(client, "en")
    assert '<html lang="de"' in choose(application, client).content.decode()


def test_the_page_of_a_request_follows_the_switch():
    application = make_application()
    asked = make_ask(application)
    client = Client()
    switch(client, "de")
    page = client.get(f"/link/{asks.links.ask_token(asked)}/", follow=True)
    assert '<html lang="de"' in page.content.decode()


def test_the_desk_stays_in_its_own_language():
    page = Client().get("/admin/login/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="en"' in page
