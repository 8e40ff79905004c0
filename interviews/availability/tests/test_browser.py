"""Choosing a time in a browser: on a phone, by the keyboard, without scripts; axe finds nothing."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ats.dev import axe
from candidates.builders import make_application, make_candidate, make_user
from candidates.models import Ask, Stage
from candidates.people.actors import Actor
from candidates.post import links
from candidates.post.builders import link_to
from interviews.actions import invite
from interviews.availability.builders import make_interviewer, make_offered
from interviews.builders import IDA, IVAN
from interviews.models import Interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ask():
    at = now() - timedelta(hours=1)
    for who in (IDA, IVAN):
        make_interviewer(who, days="0123456", zone="America/New_York")
    cara = make_candidate(zone="Asia/Kathmandu")  # five hours and three quarters from UTC
    application = make_application(Stage.SCREENING, at=at, candidate=cara)
    interview = invite(
        application, interviewers=[IDA, IVAN], minutes=45, place="", video_link="https://video.example.org/room-1",
        at=at, by=Actor.person(make_user()),
    )  # fmt: skip
    return Ask.objects.get(interview=interview)


def test_a_time_is_chosen_on_a_phone_by_keyboard_and_without_scripts(new_page, live_server, ask):
    page = new_page(width=360, java_script_enabled=False)
    page.goto(live_server.url + link_to(ask))
    assert "Asia/Kathmandu" in page.locator("#times").inner_text()
    page.locator("input[name=starts_at]").first.focus()
    page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", name="It is agreed. Thank you!").is_visible()
    interview = Interview.objects.get()
    assert interview.starts_at is not None
    page.get_by_text("I cannot come").click()
    page.get_by_label("When would it fit?").fill("Any evening")
    page.get_by_role("button", name="Give my time back").click()
    assert page.get_by_text("Please choose another one").is_visible()
    interview.refresh_from_db()
    assert interview.starts_at is None


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_pages_of_times_have_no_faults_that_axe_knows(new_page, live_server, ask, width, scheme):
    ida = make_interviewer(IDA.__class__("Olga Other", "olga@example.org"))
    make_offered(ida, now() + timedelta(days=1), now() + timedelta(days=1, hours=1))
    page = new_page(width=width, color_scheme=scheme)
    personal = links.personal_url(links.personal("interviewer", ida.pk)).split("/interviews/")[1]
    for address in (link_to(ask), f"{ask.get_absolute_url()}?zones=1", f"/interviews/{personal}"):
        page.goto(live_server.url + address)
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
