"""Bringing figures in, in a browser: from the file to agents that are matched, on a narrow dark screen."""

import os
from pathlib import Path

import axe_playwright_python  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.test import Client

from ats.desk import roles
from ats.desk.tests.conftest import with_role
from candidates.builders import make_application, make_candidate, make_job
from candidates.models import Stage
from trials import tasks
from trials.builders import make_trial
from trials.figures.tests.exports import FRESHDESK
from trials.models import Agent, Figure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(axe_playwright_python.__path__[0]) / "axe.min.js"


@pytest.fixture
def clock():
    """The browser's requests run by the real clock."""


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def look(page, name, seen):
    """Keep a picture where one is wanted, and what is wider than the window or wrong by axe."""
    if folder := os.environ.get("FIGURE_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    page.wait_for_function("document.documentElement?.scrollWidth <= window.innerWidth")
    page.evaluate(AXE.read_text())
    seen += [(name, fault["id"]) for fault in page.evaluate("axe.run()")["violations"]]


def test_a_recruiter_brings_the_export_of_another_tool_in_and_matches_its_agents(live_server, new_page, tmp_path):
    rita = with_role("Rita Recruiter", roles.RECRUITERS)
    job = make_job(recruiters=[rita])
    make_trial(make_application(Stage.REFERENCES, job=job, candidate=make_candidate(email="c@private.example")))
    export = tmp_path / "agent-performance.csv"
    export.write_text(FRESHDESK)
    page, seen = new_page(width=360, color_scheme="dark"), []
    sign_in(page, live_server, rita)
    page.goto(f"{live_server.url}/desk/figures/")
    look(page, "list", seen)
    page.get_by_role("link", name="Bring figures in").click()
    page.get_by_label("Help desk").select_option("zendesk")
    page.get_by_label("Export").set_input_files(export)
    look(page, "upload", seen)
    page.get_by_role("button", name="Go on to the columns").click()
    page.get_by_role("button", name="It is of Freshdesk").wait_for()
    look(page, "other-tool", seen)
    page.get_by_role("button", name="It is of Freshdesk").click()
    page.get_by_label("From").fill("2026-01-12")
    page.get_by_label("To, the last day included").fill("2026-01-18")
    look(page, "columns", seen)
    page.get_by_role("button", name="Read 3 rows").click()
    page.get_by_text("0 of 3 rows").first.wait_for()
    look(page, "under-way", seen)
    tasks.import_waiting_figures()
    page.get_by_role("link", name="Match 2 agents").first.wait_for()
    look(page, "done", seen)
    page.get_by_role("link", name="Match 2 agents").first.click()
    page.get_by_label("Tom Team").select_option("team")
    look(page, "agents", seen)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("2 agents matched.").wait_for()
    assert (Figure.objects.count(), Agent.objects.filter(part=Agent.Part.NEW).count(), seen) == (8, 0, [])
