"""Mails that wait, with a browser: their words, their HTML part, the pages on a phone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import expect

from ats.desk.tests.conftest import signed_in
from ats.desk.tests.test_browser import faults, fits
from candidates.builders import make_application, make_candidate
from candidates.models import MailText, Message, Stage
from candidates.post import mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clock():
    """The real one: a browser does not travel."""


@pytest.fixture
def visit(live_server, new_page, manager, rita):
    """`visit(path)`: Rita's browser at a page of the desk."""

    def open_page(path, **options):
        page = new_page(**options)
        value = signed_in(rita).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return open_page


def waiting():
    application = make_application(Stage.SCREENING, candidate=make_candidate("Cara Candidate"))
    wait = timedelta(hours=1)
    return mail.queue(application, "candidates/rejected", key="x", at=now(), solemn=True, wait=wait)


def test_a_recruiter_words_a_mail_anew_before_the_move(visit):
    application = make_application(Stage.SCREENING, candidate=make_candidate("Cara Candidate"))
    page = visit(f"/admin/candidates/application/{application.pk}/move/withdrawn/", java_script_enabled=False)
    page.get_by_role("button", name="See what will happen").click()
    page.get_by_text("Change the words of this mail").click()
    page.get_by_label("Text").fill("As you wished.\n\n{link}")
    page.get_by_role("button", name="Show the mail in these words").click()
    expect(page.locator(".mail-text")).to_contain_text("As you wished.")
    page.get_by_role("button", name="Candidate withdrew").click()
    page.get_by_text("Done.").wait_for()
    assert Message.objects.get(template="candidates/withdrawn").own_words["text"] == "As you wished.\n\n{link}"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_of_a_mail_is_for_everybody_and_fits(visit, width):
    page = visit(reverse("admin:candidates_message_change", args=[waiting().pk]), width=width)
    page.get_by_text("Its HTML part").click()
    page.frame_locator("iframe").get_by_text("We are sorry").wait_for()
    page.get_by_text("Change the words of this mail").click()
    page.get_by_text("Hold it back, or do not send it").click()
    assert (faults(page, "#content"), fits(page)) == ([], True)


def test_the_words_of_a_mail_are_for_everybody_and_fit(visit):
    words = {"subject": "Hello {name}", "text": "Hello {name}\n\n{link}", "html": "<p>Hi {name}</p>"}
    text = MailText.objects.create(template="candidates/received", language="en", **words)
    page = visit(reverse("admin:candidates_mailtext_change", args=[text.pk]), width=360)
    page.get_by_role("button", name="Show the mail").click()
    page.get_by_text("Nothing is saved yet.").wait_for()
    assert fits(page)
