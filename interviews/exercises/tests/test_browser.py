"""A written exercise in a browser: a whole inbox on a phone with a minute offline, two windows, no script, the end."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from candidates.builders import make_application
from candidates.models import Stage
from candidates.post.builders import link_to
from interviews.exercises import actions
from interviews.exercises.builders import make_inbox, send_exercise
from interviews.exercises.models import Reply, Submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def submission():
    at = now()
    return send_exercise(make_application(Stage.INTERVIEWS, at=at), exercise=make_inbox(), at=at)


@pytest.fixture
def link(live_server, submission):
    return live_server.url + link_to(submission.ask)


def complaints(page):
    """What the browser says is wrong: scripts that fail, what the content policy blocks."""
    found = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda line: found.append(line.text) if line.type in {"error", "warning"} else None)
    return found


def texts():
    return {(reply.mail, reply.turn): reply.text for reply in Reply.objects.all()}


def begin(page, link):
    page.goto(link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("20 minutes left").first.wait_for()


def saved(page):
    page.locator("#saved", has_text=re.compile(r"^Saved \d")).wait_for()


def box(page, name):
    return page.locator(f"textarea[name=reply_{name}]")


def answer(page, name, text):
    box(page, name).fill(text)
    page.locator(f"button[value='send:{name}']").click()
    page.locator(f"textarea[name=reply_{name}]").wait_for(state="detached")


def test_a_whole_inbox_on_a_phone_with_a_minute_offline(new_page, link):
    page = new_page(width=360)
    begin(page, link)
    wrong = complaints(page)
    answer(page, "2_1", "Dear Carl")
    answer(page, "1_1", "Dear Berta")
    expect(page.get_by_text("Berta Buyer wrote back:")).to_be_visible()
    box(page, "1_2").fill("It costs nothing")
    saved(page)
    assert wrong == []
    page.context.set_offline(True)
    box(page, "3_1").fill("Written in a tunnel")
    page.locator("#saved", has_text="No connection").wait_for()
    page.locator("button[value='send:1_2']").click()
    page.locator("#saved", has_text="nothing was sent").wait_for()
    page.context.set_offline(False)
    saved(page)
    assert texts()[3, 1] == "Written in a tunnel"
    answer(page, "1_2", "It costs nothing at all")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_text("I am done").click()
    page.get_by_role("button", name="Hand in my work").click()
    page.get_by_role("heading", name="Handed in. Thank you!").wait_for()
    assert texts() == {
        (1, 1): "Dear Berta",
        (1, 2): "It costs nothing at all",
        (2, 1): "Dear Carl",
        (3, 1): "Written in a tunnel",
    }
    page.wait_for_function("localStorage.length === 0")


def test_a_window_that_was_killed_offline_has_its_words_back(new_page, link):
    first = new_page()
    begin(first, link)
    first.context.set_offline(True)
    box(first, "1_1").fill("Kept on this device")
    first.locator("#saved", has_text="No connection").wait_for()
    first.close(run_before_unload=False)
    first.context.set_offline(False)
    again = first.context.new_page()
    again.goto(link)
    saved(again)
    expect(box(again, "1_1")).to_have_value("Kept on this device")
    assert texts() == {(1, 1): "Kept on this device"}


def test_two_windows_lose_no_text(new_page, link):  # F29
    first, second = new_page(), new_page()
    begin(first, link)
    second.goto(link)
    box(first, "1_1").fill("From the first")
    saved(first)
    box(second, "1_1").fill("From the second")
    box(second, "2_1").fill("Elsewhere")
    second.get_by_text("another window").first.wait_for()
    expect(second.get_by_text("From the first")).to_be_visible()
    assert texts() == {(1, 1): "From the first", (2, 1): "Elsewhere"}
    second.get_by_role("button", name="Put it below mine").click()
    saved(second)
    assert texts()[1, 1] == "From the second\n\nFrom the first"


def test_it_is_worked_on_without_scripts(new_page, link):
    page = new_page(width=360, java_script_enabled=False)
    begin(page, link)
    box(page, "1_1").fill("Dear Berta")
    box(page, "2_1").fill("Draft")
    page.locator("button[value='send:1_1']").click()
    expect(page.get_by_text("Berta Buyer wrote back:")).to_be_visible()
    page.locator(".clock-bar button").click()
    expect(box(page, "2_1")).to_have_value("Draft")
    page.get_by_text("I am done").click()
    page.get_by_role("button", name="Hand in my work").click()
    expect(page.get_by_role("heading", name="Handed in. Thank you!")).to_be_visible()


def test_when_the_time_is_over_the_page_says_so_and_keeps_what_comes_late(page, link):
    begin(page, link)
    box(page, "1_1").fill("In time")
    saved(page)
    page.context.set_offline(True)
    box(page, "1_1").fill("In time, and late")
    page.locator("#saved", has_text="No connection").wait_for()
    end_it()
    page.context.set_offline(False)
    page.get_by_role("heading", name="Handed in. Thank you!").wait_for()
    reply = Reply.objects.get()
    assert (reply.text, reply.late_text) == ("In time", "In time, and late")


def test_words_left_on_a_device_after_the_end_can_be_sent_along(page, link):
    begin(page, link)
    paper = page.url
    page.context.set_offline(True)
    box(page, "1_1").fill("Left on the device")
    page.locator("#saved", has_text="No connection").wait_for()
    page.close(run_before_unload=False)
    end_it()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(paper)
    again.get_by_role("button", name="Send them along").click()
    again.get_by_text("reached us after the time").wait_for()
    assert Reply.objects.get().late_text == "Left on the device"
    # What one window wrote may reach another's copy a moment later.
    again.wait_for_function("localStorage.length === 0")


def end_it():
    """Three minutes after the end the sweep has come by."""
    Submission.objects.update(begun_at=now() - timedelta(minutes=23))
    actions.hand_in_due(at=now())
