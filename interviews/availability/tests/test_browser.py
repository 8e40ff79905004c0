"""Choosing a time in a browser: on a phone, by the keyboard, without scripts."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from candidates.post.builders import link_to
from interviews.availability.builders import make_choice
from interviews.models import Interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ask():
    return make_choice(at=now() - timedelta(hours=1))


def test_a_time_is_chosen_on_a_phone_by_keyboard_and_without_scripts(new_page, live_server, ask):
    page = new_page(width=360, java_script_enabled=False)
    page.goto(live_server.url + link_to(ask))
    expect(page.locator("#times")).to_contain_text("Asia/Kathmandu")
    page.locator("input[name=starts_at]").first.focus()
    page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="It is agreed. Thank you!")).to_be_visible()
    interview = Interview.objects.get()
    assert interview.starts_at is not None
    page.get_by_text("I cannot come").click()
    page.get_by_label("When would it fit?").fill("Any evening")
    page.get_by_role("button", name="Give my time back").click()
    expect(page.get_by_text("Please choose another one")).to_be_visible()
    interview.refresh_from_db()
    assert interview.starts_at is None
