"""The candidate's own page tells the trial: its days, its people, what this week is for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.models import Stage
from candidates.people.actors import Actor
from candidates.post import links
from trials import actions
from trials.builders import decide, make_offer, make_trial
from trials.planning.builders import plan_weeks

pytestmark = pytest.mark.django_db
WEEK_TWO = datetime(2030, 1, 23, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def trial():
    plan = make_plan()
    plan_weeks(plan, "Learn the product", "Answer easy tickets")
    return make_trial(make_application(Stage.REFERENCES, job=make_job(plan=plan)))


def page_of(application):
    client = Client()
    client.cookies["my"] = links.application_token(application)
    return client.get(f"/my/{application.pk}/").content.decode()


def rita():
    return Actor.person(make_user())


def test_it_tells_days_people_and_this_weeks_aim(trial, time_machine):
    time_machine.move_to(WEEK_TWO, tick=False)
    page = page_of(trial.application)
    for words in (
        "Mon 14 Jan 2030", "Mon 11 Feb 2030", "Max Manager", "Bob Buddy", "2 of 4, tickets:", "Answer easy tickets",
        "Mon 28 Jan",
    ):  # fmt: skip
        assert words in page
    assert "Learn the product" not in page


def test_we_are_not_late_before_the_trial_has_ended(trial, time_machine):
    actions.extend(trial, ends_on=trial.ends_on + 14 * DAY, reason="More time.", at=WEEK_TWO, by=rita())
    time_machine.move_to(WEEK_TWO + 25 * DAY, tick=False)
    assert "are late" not in page_of(trial.application)


def test_a_pause_is_told_without_a_week(trial, time_machine):
    actions.pause(trial, from_on=WEEK_TWO.date(), reason="Ill.", at=WEEK_TWO, by=rita())
    time_machine.move_to(WEEK_TWO + DAY, tick=False)
    page = page_of(trial.application)
    assert "It pauses from Wed 23 Jan on" in page
    assert "Answer easy tickets" not in page
    assert "Ill." not in page


def test_an_offer_is_the_candidates_turn(time_machine):
    time_machine.move_to(NOW + DAY, tick=False)
    page = page_of(make_offer().application)
    assert "Answer our offer of a trial" in page
    assert "Your trial</h2>" not in page


@pytest.mark.parametrize("kind", ["confirm", "end"])
def test_a_verdict_does_not_show(trial, time_machine, kind):
    time_machine.move_to(WEEK_TWO, tick=False)
    before = page_of(trial.application)
    decide(trial, kind, at=WEEK_TWO)
    assert what_stands_in(page_of(trial.application)) == what_stands_in(before)


def what_stands_in(page):
    """The lines of a page, but for the next check-in: after a verdict there is none."""
    passing = ("Next check-in", "csrfmiddlewaretoken")
    return [line for line in page.splitlines() if line.strip() and not any(word in line for word in passing)]


def test_a_trial_that_was_ended_is_told_no_more(trial, time_machine):
    actions.end_early(trial, reason="Found other work.", at=WEEK_TWO, by=rita())
    time_machine.move_to(WEEK_TWO + DAY, tick=False)
    assert "Your trial</h2>" not in page_of(trial.application)
