"""There is no silent pass: others hear when the end nears without a verdict, and again when it is past."""

from datetime import timedelta

import pytest

from candidates.builders import make_application, make_job, make_user
from candidates.judging.builders import make_card
from candidates.models import Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import rendering
from candidates.post.reminding import actions as reminding
from candidates.post.reminding.models import Reminder
from candidates.tests.together import together
from trials.builders import decide, make_trial
from trials.models import Pause
from trials.verdicts import requests
from trials.verdicts.escalation import MISSING, escalate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def trial():
    return make_trial()


def due(trial):
    return trial.verdict_ask.due_at


def told():
    return sorted(Message.objects.filter(template="trials/verdict_missing").values_list("to", "data__which"))


RITA = "rita.recruiter@rapport.test"


def test_nobody_hears_before_the_end_is_near(trial):
    assert escalate(at=due(trial) - 4 * DAY) == 0
    assert told() == []


def test_recruiters_hear_when_the_end_is_near_and_again_when_it_is_past(trial):
    for at in (due(trial) - 2 * DAY, due(trial) - DAY, due(trial) + DAY, due(trial) + 9 * DAY):
        escalate(at=at)
    assert told() == [(RITA, "near"), (RITA, "past")]
    assert trial.application.events.filter(name=MISSING).count() == 2


def test_each_that_was_told_is_a_row_of_the_ledger(trial):
    for at in (due(trial) - 2 * DAY, due(trial) + DAY):
        escalate(at=at)
    rows = Reminder.objects.order_by("due_at")
    assert [(row.kind, row.due_at, row.at, row.is_last, row.message.to) for row in rows] == [
        ("escalation", due(trial) - 3 * DAY, due(trial) - 2 * DAY, False, RITA),
        ("escalation", due(trial), due(trial) + DAY, True, RITA),
    ]


def test_the_hiring_manager_hears_too_unless_they_lead_it_themselves():
    job = make_job(hiring_manager=make_user("Hanna Head"))
    from_job = make_trial(make_references_of(job))
    escalate(at=due(from_job))
    assert told() == [("hanna.head@rapport.test", "past"), (RITA, "past")]


def make_references_of(job):
    return make_application(Stage.REFERENCES, job=job)


def test_who_is_to_judge_without_knowing_whose_it_is_hears_nothing(trial):
    make_card(trial.application, Scorecard.Kind.EXERCISE, page="interviews:grade", user=make_user())
    escalate(at=due(trial))
    assert told() == []


@pytest.mark.parametrize("kind", ["confirm", "end"])
def test_after_the_verdict_nobody_hears(trial, kind):
    decide(trial, kind)
    assert escalate(at=due(trial) + DAY) == 0


def test_nobody_hears_of_a_trial_that_rests_or_was_left(trial):
    pause = Pause.objects.create(trial=trial, from_on=trial.starts_on, reason="Ill", at=due(trial))
    assert escalate(at=due(trial)) == 0
    pause.delete()
    move(trial.application, Stage.WITHDRAWN, at=due(trial), by=Actor.candidate("Cara"))
    assert escalate(at=due(trial)) == 0


def test_a_trial_that_was_moved_is_told_of_anew(trial):
    escalate(at=due(trial) - DAY)
    days = {"starts_on": trial.starts_on, "ends_on": trial.ends_on + 7 * DAY}
    requests.move_verdict(trial.verdict_ask, trial.application, at=due(trial) - DAY, **days)
    trial.verdict_ask.refresh_from_db()
    assert escalate(at=due(trial) - 5 * DAY) == 0
    escalate(at=due(trial) - DAY)
    assert told() == [(RITA, "near")] * 2


def test_the_mail_says_who_has_not_decided_and_that_nothing_happens_by_itself(trial):
    escalate(at=due(trial))
    rendered = rendering.render(Message.objects.get(template="trials/verdict_missing"))
    for part in (rendered.text, rendered.html):
        assert "Max Manager, who led it, has not decided. Nothing happens by itself" in part
        assert rendering.LINK in part


def test_the_leader_is_reminded_in_words_of_their_own(trial):
    reminding.remind_due(at=trial.verdict_ask.due_at - DAY)
    reminding.remind_due(at=trial.verdict_ask.due_at + DAY)
    subjects = {rendering.render(one).subject for one in Message.objects.filter(template="trials/verdict_due")}
    assert subjects == {
        "The trial of Cara Candidate ends on Mon 11 Feb: your verdict is missing",
        "The trial of Cara Candidate is over, and not decided",
    }


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_once():  # F9
    at = due(make_trial())
    assert sum(together(lambda: escalate(at=at), lambda: escalate(at=at))) == 1
    assert told() == [(RITA, "past")]


def test_any_number_of_trials_costs_one_look_when_all_are_told(trial, django_assert_num_queries):
    escalate(at=due(trial))
    with django_assert_num_queries(2):
        escalate(at=due(trial))
