"""The interviewer's page in a browser: autosave, the phone, the keyboard, no script and no mouse needed."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from candidates.builders import make_application
from candidates.models import Scorecard, Stage
from candidates.post.builders import link_to
from interviews.builders import ask_of, make_interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ask():
    at = now() - timedelta(hours=1)
    return ask_of(make_interview(make_application(Stage.SCREENING, at=at), at=at))


@pytest.fixture
def link(live_server, ask):
    return live_server.url + link_to(ask)


def card_of(ask):
    return Scorecard.objects.get(ask=ask)


def complaints(page):
    """What the browser says is wrong: scripts that fail, what the content policy blocks."""
    found = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda line: found.append(line.text) if line.type in {"error", "warning"} else None)
    return found


def test_what_is_typed_is_saved_by_itself_and_is_there_again(page, link, ask):
    wrong = complaints(page)
    page.goto(link)
    page.locator("textarea").first.fill("Named the worry before solving it")
    page.get_by_text("Saved", exact=False).filter(has_text=":").wait_for()
    page.locator("textarea").first.press_sequentially(", twice")
    page.wait_for_timeout(2500)
    assert card_of(ask).ratings.get().evidence == "Named the worry before solving it, twice"
    page.reload()
    expect(page.locator("textarea").first).to_have_value("Named the worry before solving it, twice")
    assert wrong == []


def test_two_windows_lose_no_text(new_page, link, ask):  # F29
    first, second = new_page(), new_page()
    for page in (first, second):
        page.goto(link)
    first.locator("textarea").first.fill("From the first")
    first.locator("#saved", has_text=":").wait_for()
    second.locator("textarea").first.fill("From the second")
    second.get_by_text("You also wrote in another window").wait_for()
    second.get_by_role("button", name="Save for later").last.click()
    second.get_by_text("“From the first”").first.wait_for()
    expect(second.locator("textarea").first).to_have_value("From the second")
    assert card_of(ask).ratings.get().evidence == "From the first"


def test_enter_does_not_lock(page, link, ask):
    page.goto(link)
    page.locator("input[type=radio][value='4']").first.check()
    page.locator("input[name=recommendation]").first.check()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert card_of(ask).locked_at is None
    assert card_of(ask).ratings.get().score == 4


def test_it_is_answered_without_scripts(new_page, link, ask):
    page = new_page(width=360, java_script_enabled=False)
    page.goto(link)
    page.locator("input[type=radio][value='4']").first.check()
    page.locator("input[type=radio][value=not_seen]").last.check()
    page.locator("input[name=recommendation][value=yes]").check()
    page.get_by_text("I am done").click()
    page.get_by_role("button", name="Lock my scorecard").click()
    expect(page.get_by_role("heading", name="Locked. Thank you.")).to_be_visible()
    assert card_of(ask).is_locked


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(new_page, link, width):
    page = new_page(width=width)
    page.goto(link)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
