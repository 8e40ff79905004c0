"""The new colleague tells how they are on a phone, in the dark: saved as they go, locked in the end; axe agrees."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ats.dev import axe
from candidates.builders import make_application
from candidates.models import Scorecard, Stage
from candidates.post.builders import link_to
from trials.builders import make_trial
from trials.check_ins.builders import ask_at
from trials.models import OwnView

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_new_colleague_tells_how_they_are_on_a_phone_in_the_dark(new_page, live_server):
    at = now()
    trial = make_trial(make_application(Stage.REFERENCES, at=at), at=at, starts_on=at.date() - timedelta(days=8))
    page = new_page(width=360, height=740)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(live_server.url + link_to(ask_at(trial, role="candidate")))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe.violations(page) == []
    for skill in ("Empathy", "Patience"):
        page.get_by_role("group", name=skill).get_by_text("4", exact=True).click()
    page.get_by_role("group", name="As of today").get_by_text("Rather yes").click()
    page.get_by_label("What would help you?").fill("A second screen.")
    page.locator("#saved:not(.is-failed)", has_text=":").wait_for()
    assert (OwnView.objects.get().stays, OwnView.objects.get().words) == (4, "A second screen.")
    page.get_by_text("I am done").click()
    page.get_by_role("button", name="Lock my scorecard").click()
    page.get_by_text("It decides nothing").wait_for()
    assert Scorecard.objects.locked().get().ask.role == "candidate"
    assert axe.violations(page) == []
