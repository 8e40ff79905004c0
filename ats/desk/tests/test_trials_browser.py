"""An offer is read and taken on a phone, in the dark; the desk shows the trial: axe finds nothing on either."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from ats.dev import axe
from candidates.builders import make_application, make_job, make_plan
from candidates.models import Stage
from candidates.post import links
from trials.builders import make_offer, make_trial
from trials.models import Trial
from trials.planning.builders import make_trial_plan, plan_weeks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = ((1280, "light"), (360, "dark"))


@pytest.fixture(autouse=True)
def clock():
    """A browser lives today."""


def described(**fields):
    plan = make_plan(trial_days=28, **fields)
    make_trial_plan(plan, note="A laptop is lent to you.")
    plan_weeks(
        plan, "Learn the product and how we write to customers", "Answer easy tickets with your buddy",
        "Answer tickets alone", "Sit in on chats",
    )  # fmt: skip
    return make_application(Stage.REFERENCES, job=make_job(plan=plan), at=now())


def findings(page, rules=axe.ALL):
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme} {told}" for told in axe.violations(page, rules)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{width}: wider than the window")
    return found


def path(url):
    return url.removeprefix("http://localhost")


def test_an_offer_is_taken_on_a_phone(page, live_server):
    first = now().date() + timedelta(days=7)
    trial = make_offer(described(), at=now(), starts_on=first, starts_until=first + timedelta(days=7))
    page.goto(live_server.url + path(links.ask_url(trial.offer_ask)))
    assert findings(page) == []
    page.get_by_role("link", name="I would rather not").click()
    assert findings(page) == []
    page.get_by_role("link", name="Back to the offer").click()
    page.get_by_label("Your first day").fill((first + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Yes, I take the trial").click()
    page.get_by_role("heading", name="We look forward to it").wait_for()
    assert Trial.objects.get().starts_on == first + timedelta(days=2)


def test_the_desk_and_the_candidate_see_the_trial(page, live_server):
    client = signed_in(with_role("Rita Recruiter", roles.RECRUITERS))
    trial = make_trial(described(), at=now(), starts_on=now().date() - timedelta(days=9))
    site = live_server.url
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page.goto(f"{site}/admin/candidates/application/{trial.application_id}/change/")
    assert findings(page, axe.WCAG) == []  # the admin's own search box breaks a best practice
    page.get_by_role("link", name="Move the start").click()
    page.get_by_label("New first day").fill((trial.starts_on + timedelta(days=2)).isoformat())
    page.get_by_label("Why").fill("Ill on the first days.")
    assert findings(page, axe.WCAG) == []
    page.get_by_role("button", name="See what will happen").click()
    page.get_by_role("button", name="Move the start").wait_for()
    assert findings(page, axe.WCAG) == []
    page.goto(site + path(links.application_url(trial.application)))
    assert findings(page) == []
