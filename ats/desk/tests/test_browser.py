"""The desk with a browser: reading by keys, ticking by keys and mouse, all of it without JavaScript."""

from importlib.resources import files

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from ats.desk.tests.conftest import signed_in
from ats.desk.tests.test_list import make_many
from ats.rejections.models import PlannedRejection
from candidates.builders import make_application, make_candidate
from candidates.models import Application, Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = files("axe_playwright_python") / "axe.min.js"
QUEUE, LIST = reverse("desk:queue"), reverse("admin:candidates_application_changelist")


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


def faults(page, part="html"):
    """What axe finds wrong with a part of the page as it is."""
    page.evaluate(AXE.read_text())  # no tag: the policy of the page forbids it
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]])
        for fault in page.evaluate("part => axe.run(part)", part)["violations"]
    ]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_recruiter_reads_by_keys_alone(visit, rita):
    make_many(3)
    page = visit(QUEUE)
    page.keyboard.press("j")
    page.get_by_text("2 of 3").wait_for()
    page.keyboard.press("k")
    page.get_by_text("1 of 3").wait_for()
    for key in ("x", "2", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("Person 000 is rejected on").wait_for()
    assert PlannedRejection.objects.get().reason == "letter"
    page.keyboard.press("u")
    page.get_by_text("Undone.").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("Person 000")
    page.keyboard.press("r")
    page.get_by_role("heading", name="Read the letter of Person 000").wait_for()
    assert Application.objects.filter(stage=Stage.SCREENING).count() == 1


def test_keys_do_nothing_while_somebody_types(visit, rita):
    make_many(3)
    page = visit(QUEUE)
    page.locator(".desk-search input").focus()
    page.keyboard.type("jkrux?")
    expect(page.locator(".desk-search input")).to_have_value("jkrux?")
    page.get_by_label("Who calls").first.focus()
    page.keyboard.press("j")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_keys_are_told_in_a_dialog(visit, rita):
    make_many(2)
    page = visit(QUEUE)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 of 2")).to_be_visible()


def test_rows_are_ticked_by_key_by_header_and_with_shift(visit, rita):
    make_many(6)
    page = visit(LIST)
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    page.get_by_text("1 ticked").wait_for()
    page.get_by_role("checkbox", name="Person 001").click(modifiers=["Shift"])
    page.get_by_text("4 ticked").wait_for()
    page.get_by_role("checkbox", name="Tick all").check()
    page.get_by_text("6 ticked").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_many_are_rejected_and_taken_back_on_a_phone(visit, rita, javascript):
    make_many(4)
    page = visit(LIST, width=360, java_script_enabled=javascript)
    for number in range(3):
        page.locator("[name=chosen]").nth(number).check()
    page.get_by_role("button", name="Reject…").click()
    page.get_by_role("button", name="See what will happen").click()
    page.get_by_role("button", name="Reject: 3 applications").click()
    page.get_by_text("Done for 3 applications.").wait_for()
    page.get_by_role("button", name="Undo these…").click()
    page.get_by_role("button", name="Undo planned rejections: 3 applications").click()
    page.get_by_text("Done for 3 applications.").wait_for()
    assert not PlannedRejection.objects.standing().exists()


def test_a_letter_is_rejected_without_javascript(visit, rita):
    make_many(2)
    page = visit(QUEUE, java_script_enabled=False)
    page.locator("#reject summary").first.click()
    page.get_by_label("The position is filled").check()
    page.get_by_role("button", name="Plan the rejection").click()
    page.get_by_text("Person 000 is rejected on").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_the_page_fits(visit, rita, width, scheme):
    make_application(candidate=make_candidate("Nora van den Berg-Oosterhuis"), letter="word " * 400 + "w" * 200)
    make_many(2)
    page = visit(QUEUE, width=width, color_scheme=scheme)
    page.locator("#reject summary").first.click()
    assert faults(page) == []
    assert fits(page)
    page.goto(page.url.replace(QUEUE, LIST))
    page.locator("[name=chosen]").first.check()
    assert faults(page, "#changelist-form") == []  # the search box above it is the admin's
    page.get_by_role("button", name="Reject…").click()
    page.get_by_role("button", name="See what will happen").click()
    assert faults(page) == []
    assert fits(page)
    page.locator("button[value=confirm]").click()
    assert faults(page) == []
    assert fits(page)
    page.goto(page.url.replace(reverse("desk:bulk"), reverse("desk:rejections")))
    assert faults(page) == []
    assert fits(page)
