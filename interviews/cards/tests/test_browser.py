"""The interviewer's page in the middle of a talk: on a phone, by keys alone, without a connection, in two windows."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from candidates.models import Scorecard
from candidates.post.builders import link_to
from interviews.builders import ask_of
from interviews.cards.builders import make_kit_interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTES = "textarea[name=notes_2]"


@pytest.fixture
def ask():
    return ask_of(make_kit_interview(at=now() - timedelta(hours=1)))


@pytest.fixture
def link(live_server, ask):
    return live_server.url + link_to(ask)


def card_of(ask):
    return Scorecard.objects.get(ask=ask)


def notes(ask, number=2):
    return card_of(ask).kit_answers.filter(part=number).values_list("notes", flat=True).first()


def saved(page):
    page.locator("#saved:not(.is-failed)", has_text=":").wait_for()


def kept(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:')).length")


def test_a_kit_is_gone_through_part_by_part_on_a_phone(new_page, link, ask):
    page = new_page(width=360, height=740)
    page.goto(link)
    page.get_by_role("button", name="Go through it part by part").click()
    shown = page.locator(".kit-part:visible h3")
    expect(shown).to_have_text(re.compile("^Welcome"))
    page.get_by_role("button", name="Start the timer").click()
    page.get_by_role("button", name="Next", exact=True).click()
    page.locator(NOTES).fill("Named the worry")
    expect(shown).to_have_count(1)
    expect(page.get_by_text("Part 2 of 4")).to_be_visible()
    page.locator(NOTES).press("Control+Enter")
    expect(page.locator("[name=notes_3]")).to_be_focused()
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("[name=notes_2]")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    saved(page)
    page.reload()
    expect(page.get_by_text("Part 2 of 4")).to_be_visible()
    expect(page.locator(NOTES)).to_have_value("Named the worry")
    for _ in range(3):
        page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Sum up")).click()
    expect(page.locator("input[name=recommendation]").first).to_be_visible()
    expect(shown).to_have_count(0)


def test_a_while_without_a_connection_and_a_killed_tab_lose_nothing(new_page, link, ask):
    first = new_page(width=360)
    first.goto(link)
    first.locator(NOTES).fill("Typed with a connection.")
    saved(first)
    assert kept(first) == 0
    first.context.set_offline(True)
    first.locator(NOTES).press_sequentially(" And without.")
    first.locator("select[name=route_2]").select_option("customer")
    first.get_by_text("Not saved yet.").wait_for()
    assert notes(ask) == "Typed with a connection."
    address, context = first.url, first.context
    first.close()  # as when the phone needs the memory
    context.set_offline(False)
    second = context.new_page()
    second.goto(address)
    expect(second.locator(NOTES)).to_have_value("Typed with a connection. And without.")
    saved(second)
    assert notes(ask) == "Typed with a connection. And without."
    assert (card_of(ask).kit_answers.get(part=2).route, kept(second)) == ("customer", 0)


def test_what_is_typed_without_a_connection_is_sent_when_it_is_back(page, link, ask):
    page.goto(link)
    page.context.set_offline(True)
    page.locator(NOTES).fill("On the train")
    page.get_by_text("Not saved yet.").wait_for()
    page.context.set_offline(False)
    saved(page)
    assert (notes(ask), kept(page)) == ("On the train", 0)


def test_two_windows_that_write_in_turn_lose_no_note(new_page, link, ask):  # F29
    first, second = new_page(), new_page()
    for page in (first, second):
        page.goto(link)
    first.locator(NOTES).fill("From the first")
    saved(first)
    second.locator("textarea[name=notes_3]").fill("From the second")
    saved(second)
    second.locator("textarea[name=notes_3]").press_sequentially(", going on")
    second.wait_for_function("document.querySelector('#saved').textContent && !document.querySelector('.htmx-request')")
    with second.expect_navigation():
        second.get_by_role("button", name="Save for later").last.click()
    assert (notes(ask), notes(ask, 3)) == ("From the first", "From the second, going on")
    expect(second.locator(NOTES)).to_have_value("From the first")
    first.locator("textarea[name=notes_3]").fill("From the first, too late")
    first.get_by_text("You also wrote in another window").wait_for()
    assert notes(ask, 3) == "From the second, going on"


def test_who_never_stops_typing_is_saved(page, link, ask):
    page.goto(link)
    page.locator(NOTES).press_sequentially("a" * 70, delay=100)
    assert len(notes(ask) or "") >= 30


def test_nothing_stays_on_the_device_after_the_lock(page, link, ask):
    page.goto(link)
    for score in page.locator("input[type=radio][value='4']").all():
        score.check()
    page.locator("input[name=recommendation][value=yes]").check()
    page.locator(NOTES).fill("Typed just before")
    page.evaluate(
        "localStorage.setItem('typed:' + location.pathname, localStorage.getItem('typed:' + location.pathname) ?? '{}')"
    )
    page.get_by_text("I am done").click()
    page.get_by_role("button", name="Lock my scorecard").click()
    page.get_by_role("heading", name="Locked. Thank you.").wait_for()
    assert (kept(page), notes(ask)) == (0, "Typed just before")
    page.get_by_role("link", name="Read my scorecard").click()
    expect(page.get_by_text("Typed just before")).to_be_visible()
    page.get_by_text("I see it differently now").click()
    page.locator("input[type=radio][value='3']").first.check()
    page.get_by_label("Why do you change it?").fill("I misread my notes")
    page.get_by_role("button", name="Keep this change").click()
    expect(page.get_by_text("I misread my notes")).to_be_visible()
    assert card_of(ask).revisions.get().is_blind


def test_the_whole_kit_is_there_without_scripts(new_page, link, ask):
    page = new_page(width=360, java_script_enabled=False)
    page.goto(link + "?run")
    expect(page.locator(".kit-part:visible")).to_have_count(4)
    expect(page.locator("#run-bar")).to_be_hidden()
    page.locator(NOTES).fill("By hand")
    page.get_by_role("button", name="Save for later").last.click()
    assert notes(ask) == "By hand"
