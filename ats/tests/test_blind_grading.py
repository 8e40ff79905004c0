"""Blind grading in a browser: handed in, graded by two with the keyboard alone, a third because they differ."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ats.dev import axe
from candidates.builders import make_application, make_candidate
from candidates.models import Event, Stage
from candidates.post.builders import link_to
from interviews.exercises.builders import make_inbox, send_exercise
from interviews.exercises.grading.builders import GINA, GRETA, GUS, grading_of, make_graded
from interviews.kits.builders import make_case, make_exercise
from interviews.models import Exercise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWERS = {
    (2, 1): "Dear Carl Client,\n\nthe film runs again. I restarted it for you.\n\nKind regards,\nZebulon",
    (1, 1): "Dear Berta Buyer,\n\nI am sorry. Your flight is moved to Friday.\n\nKind regards,\nZebulon Quackenbush",
    (1, 2): "It costs you nothing, Berta. Write to zeb@quack.example.",
}


def work_of_zebulon(**fields):
    """Two customers answered by Zebulon, three minutes late."""
    exercise = make_exercise(Exercise.Kind.INBOX, guide="Read once through before you rate.")
    exercise.cases.all().delete()
    points = ["Says sorry once", "Names the new day"]
    facts = "A booking may be moved once without a fee, until two hours before the flight."
    make_case(exercise, ("Berta Buyer", "Carl Client"), points=points, facts=facts)
    candidate = make_candidate("Zebulon Quackenbush", email="zeb@quack.example")
    application = make_application(Stage.INTERVIEWS, at=now() - timedelta(hours=1), candidate=candidate)
    late = timedelta(minutes=3)
    return make_graded(application, exercise=exercise, texts=ANSWERS, at=now(), late=late, **fields)


def open_page(page, live_server, work, grader):
    page.goto(live_server.url + link_to(grading_of(work, grader).scorecard.ask))


def tab_to(page, selector, most=80):
    """Press Tab until what is in focus matches."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"Tab never comes to {selector}")


def grade_by_keyboard(page, level):
    """Rate every line, say why, recommend, lock: no mouse."""
    for _line in range(page.locator("fieldset.rating").count()):
        tab_to(page, "fieldset.rating input[type=radio]")
        page.keyboard.press("ArrowDown")
        for _press in range(level - 1 if level > 1 else 0):
            page.keyboard.press("ArrowDown")
        tab_to(page, "fieldset.rating textarea")
        page.keyboard.type("“I am sorry”")
    tab_to(page, "input[name=recommendation]")
    page.keyboard.press("Space")
    tab_to(page, "details.ask-once > summary")
    page.keyboard.press("Enter")
    tab_to(page, "button[value=lock]")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_two_grade_by_the_keyboard_alone_and_a_third_because_they_differ(new_page, live_server):
    work = work_of_zebulon()
    for grader, level in ((GINA, 1), (GUS, 4), (GRETA, 3)):
        page = new_page()
        open_page(page, live_server, work, grader)
        seen = page.locator("body").inner_text()
        assert "Zebulon" not in seen
        assert "zeb@" not in seen
        assert "Handed in 3 minutes late." in seen
        grade_by_keyboard(page, level)
        page.get_by_role("heading", name="Locked. Thank you.").wait_for()
    assert [one.is_third for one in work.gradings.all()] == [False, False, True]
    assert Event.objects.filter(name="interviews.complete").count() == 1


def test_who_knows_the_person_hands_it_back_without_a_mouse_and_goes_on_with_the_next(page, live_server):
    work, other = work_of_zebulon(), make_graded(at=now())
    open_page(page, live_server, work, GINA)
    tab_to(page, "a.grade-way-out")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Do you know whose work this is?").wait_for()
    tab_to(page, "input[name=reason]")
    page.keyboard.type("We worked together")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Grade the next one").click()
    page.get_by_role("heading", name=f"What {other.code_name} wrote").wait_for()
    assert grading_of(work, GINA).recused_at


def test_axe_finds_nothing_on_the_pages_of_a_grader(page, live_server):
    work = work_of_zebulon()
    make_graded(at=now())
    open_page(page, live_server, work, GINA)
    address = page.url
    assert looks(page) == []
    page.goto(f"{address}recognised/")
    assert looks(page) == []
    page.get_by_role("button", name="Yes, let somebody else grade it").click()
    page.get_by_role("heading", name="Thank you for saying so.").wait_for()
    assert looks(page) == []


def test_axe_finds_nothing_on_the_pages_of_a_written_exercise(page, live_server):
    exercise = make_inbox()
    submission = send_exercise(make_application(Stage.INTERVIEWS, at=now()), exercise=exercise, at=now())
    page.goto(live_server.url + link_to(submission.ask))
    assert looks(page) == []
    page.locator("main button[value=begin]").click()
    page.locator("main textarea").first.fill("Dear Berta, I am sorry.")
    page.locator("main button[value='send:1_1']").click()
    page.get_by_text("And what does it cost me?").wait_for()
    assert looks(page) == []
    page.locator("main details:has(button[value=post]) > summary").click()
    page.locator("main button[value=post]").click()
    page.locator("main button[value=post]").wait_for(state="detached")
    assert looks(page) == []


def looks(page):
    """What axe finds, and what does not fit: wide and light, narrow and dark."""
    found = []
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme} {told}" for told in axe.violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{width}: wider than the window")
    return found
