"""Finding a word and reading a CV without leaving the page, in a real browser."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from ats.desk.tests.conftest import signed_in, with_role
from ats.desk.tests.test_passages import LIST, give_note
from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.models import Document
from candidates.people import documents
from candidates.people.extraction import words
from candidates.people.tests import files

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Six years of support by phone and chat, the last two with Zendesk, for forty customers a day."


@pytest.fixture
def clock():
    """The browser's cookies know no other time than the real one."""


@pytest.fixture
def application():
    rita = with_role("Rita Recruiter", "Recruiters")
    application = make_application(
        job=make_job(recruiters=[rita]),
        candidate=make_candidate("Cara Candidate"),
        letter="Dear team, in Zendesk I wrote the answers that others copied, and I still do.",
    )
    with documents.atomic():
        documents.store(application, files.upload(files.pdf(TEXT)), kind=Document.Kind.RESUME, at=NOW)
    words.sweep(clock=lambda: NOW)
    give_note(application, "Asked how she would <b>hand over</b> a Zendesk ticket at the end of a shift.")
    return application


def open_desk(new_page, live_server, **options):
    page = new_page(**options)
    cookie = signed_in(with_role("Rita Recruiter", "Recruiters")).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return page


def test_the_search_box_finds_a_word_in_a_pdf(application, live_server, new_page):
    page = open_desk(new_page, live_server)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{live_server.url}{LIST}")
    page.get_by_role("searchbox").first.fill("zendesk")
    page.keyboard.press("Enter")
    page.locator(".desk-found li").nth(2).wait_for()
    expect(page.locator(".desk-found mark")).to_have_text(["Zendesk"] * 3)
    page.locator(".desk-found a").first.click()
    expect(page.locator("h1")).to_have_text("Cara Candidate")
    assert [one for one in complaints if "Security" in one] == []


def test_without_scripts_a_link_leads_to_the_passages(application, live_server, new_page):
    page = open_desk(new_page, live_server, width=360, java_script_enabled=False)
    page.goto(f"{live_server.url}{LIST}?q=zendesk")
    page.get_by_role("link", name="Look for “zendesk”").click()
    expect(page.locator(".desk-found li")).to_have_count(3)


def test_a_cv_is_read_on_the_page_of_its_application(application, live_server, new_page):
    page = open_desk(new_page, live_server)
    page.goto(f"{live_server.url}/admin/candidates/application/{application.pk}/change/")
    with page.expect_response(lambda answer: "inline=1" in answer.url) as given:
        page.get_by_text("Read it here").click()
    assert (given.value.status, given.value.headers["content-type"]) == (200, "application/pdf")
