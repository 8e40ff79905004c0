"""An import in a browser: from the file to the applications, wide and narrow, with and without scripts."""

import os
import re
from pathlib import Path

import axe_playwright_python  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.test import Client

from ats.desk import roles
from ats.desk.tests.conftest import with_role
from ats.importing import tasks
from ats.importing.models import Import
from ats.importing.tests.making import CARA, OMAR, make_csv, make_import
from candidates.builders import make_job
from candidates.models import Application

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(axe_playwright_python.__path__[0]) / "axe.min.js"


@pytest.fixture
def clock():
    """The browser's requests run by the real clock."""


@pytest.fixture
def rita(db):
    return with_role("Rita Recruiter", roles.RECRUITERS)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "greenhouse-export.csv"
    rows = [[*row[:3], "2026-02-03", row[4]] for row in (CARA, OMAR)]
    path.write_bytes(
        make_csv(*rows, ["Nobody", "no address", "", "", ""], ["<b>Bold</b>", "b@example.org", "", "soon", ""])
    )
    return path


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def fits(page):
    """Whether nothing is wider than the window; the page may be on its way to the next one."""
    page.wait_for_function("document.documentElement?.scrollWidth <= window.innerWidth")
    return True


def faults(page):
    """What axe finds wrong with the page as it is."""
    page.evaluate(AXE.read_text())
    return [fault["id"] for fault in page.evaluate("axe.run()")["violations"]]


def shot(page, name):
    if folder := os.environ.get("IMPORT_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


WAYS = [
    {"width": 1280},
    {"width": 360, "color_scheme": "dark"},
    {"width": 360, "java_script_enabled": False},
]


@pytest.mark.parametrize("options", WAYS, ids=["wide", "narrow and dark", "without scripts"])
def test_a_recruiter_imports_a_file(live_server, new_page, rita, table, options):
    job = make_job(recruiters=[rita])
    page = new_page(**options)
    has_scripts = options.get("java_script_enabled", True)
    sign_in(page, live_server, rita)
    seen = []

    def look(name):
        shot(page, f"{name}-{options['width']}-{options.get('color_scheme', has_scripts)}")
        if has_scripts:
            seen.append((name, fits(page), faults(page)))

    page.goto(f"{live_server.url}/desk/import/")
    look("list")
    page.get_by_role("link", name="Import applications").click()
    page.get_by_role("button", name="Go on to the columns").click()
    look("upload-wrong")
    page.get_by_label("Job").select_option(str(job.pk))
    page.get_by_label("Table").set_input_files(table)
    look("upload")
    page.get_by_role("button", name="Go on to the columns").click()
    look("columns")
    page.get_by_role("button", name="Try it without changing anything").click()
    page.get_by_role("button", name="Stop").wait_for()
    look("under-way")
    tasks.work_waiting()
    if not has_scripts:
        page.get_by_role("link", name="See how far it is").click()
    page.get_by_role("button", name="Take in 2 applications").wait_for()
    look("checked")
    page.get_by_role("button", name="Take in 2 applications").click()
    tasks.work_waiting()
    page.goto(page.url)
    page.get_by_role("link", name="Cara Candidate").wait_for()
    look("done")
    assert Application.objects.count() == 2
    assert [entry for entry in seen if entry[1:] != (True, [])] == []


def test_how_far_it_is_shows_without_a_reload(live_server, page, rita):
    run = make_import(make_job(recruiters=[rita]), make_csv(CARA, OMAR), by=rita)
    Import.objects.filter(pk=run.pk).update(
        state="running", counts={"is_run": True, "began_at": "2026-01-01T00:00:00+00:00"}
    )
    sign_in(page, live_server, rita)
    page.goto(f"{live_server.url}/desk/import/{run.pk}/")
    page.get_by_text("0 of 2 rows").first.wait_for()
    Import.objects.filter(pk=run.pk).update(position=1)
    page.get_by_text(re.compile("^1 of 2 rows")).first.wait_for()
    shot(page, "half")
    Import.objects.filter(pk=run.pk).update(state="done", position=2)
    page.get_by_text("adds nobody twice").wait_for()
