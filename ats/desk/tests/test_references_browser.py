"""A referee on a phone, and a recruiter who writes down what one says: axe finds nothing, typed words are kept."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import expect

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from ats.dev import axe
from candidates.post.builders import link_to
from references.builders import make_references
from references.models import Reference

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def clock():
    """The real one: a browser has its own."""


def look(page, width):
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def press_next(page):
    page.get_by_role("button", name="Next").last.click()


def test_a_referee_answers_on_a_phone_in_the_dark(new_page, live_server):
    nora, _leo = make_references(at=now() - timedelta(hours=1))
    page = new_page(width=360, color_scheme="dark")
    page.goto(live_server.url + link_to(nora.scorecard.ask))
    look(page, 360)
    page.get_by_role("button", name="Begin").click()
    page.locator("[name=role]").fill("Agent")
    press_next(page)
    look(page, 360)  # with the month missing
    page.locator("[name=worked_from]").fill("2023-04")
    press_next(page)
    page.locator("textarea").fill("She rang the depot herself.")
    page.locator("#saved", has_text=":").wait_for()  # by itself
    for _criterion in range(3):
        page.locator("input[value='4']").check()
        press_next(page)
    look(page, 360)
    page.locator("input[value=yes]").check()
    press_next(page)
    look(page, 360)
    page.get_by_role("button", name="Send my reference").click()
    page.get_by_role("link", name="Read what I said").click()
    expect(page.get_by_text("She rang the depot herself.")).to_be_visible()
    look(page, 360)


def test_a_recruiter_writes_down_what_a_referee_says(new_page, live_server):
    rita = with_role("Rita Recruiter", roles.RECRUITERS)
    nora, _leo = make_references(at=now() - timedelta(hours=1))
    page = new_page(width=1280, color_scheme="light")
    session = signed_in(rita).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(live_server.url + reverse("desk:reference_phone", args=[nora.pk]))
    look(page, 1280)
    page.locator("#id_agreed").check()
    page.get_by_role("button", name="Begin the questions").click()
    page.get_by_role("button", name="Start the timer").click()
    look(page, 1280)
    page.locator("[name=evidence_teamwork]").fill("Helped.")
    page.locator("#saved", has_text=":").wait_for()
    assert Reference.objects.get(pk=nora.pk).scorecard.ratings.get().evidence == "Helped."
