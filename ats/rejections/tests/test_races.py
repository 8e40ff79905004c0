"""Planned rejections against everything that can happen at the same instant. F24"""

from datetime import timedelta

import pytest

from ats import pipeline as process
from ats.rejections import actions
from ats.rejections.models import PlannedRejection
from candidates.builders import NOW, make_application, make_user
from candidates.models import Application, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.screening import actions as screening
from candidates.tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = NOW + timedelta(hours=25)
TURNS = 5


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def planned():
    return actions.plan(make_application(), reason="skills", hours=24, at=NOW, by=rita())


def sweep():
    return actions.carry_out_due(at=AFTER)


def settle(plan):
    """What a later sweep makes of what the race left, and how it ended."""
    sweep()
    plan.refresh_from_db()
    application = Application.objects.get(pk=plan.application_id)
    moves = list(application.events.filter(name__startswith="stage.").values_list("name", flat=True))
    return application.stage, moves[1:], Message.objects.filter(template="candidates/rejected").count()


def begin(application):
    user = make_user()
    screening.begin(application, reader=user, caller=user, at=AFTER, by=rita())


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_move_at_the_same_time_wins_wholly_or_comes_too_late(turn):
    plan = planned()
    seen, by = Application.objects.get(pk=plan.application_id), make_user()
    _swept, moved = together(sweep, lambda: screening.begin(seen, reader=by, caller=by, at=AFTER, by=rita()))
    stage, moves, mails = settle(plan)
    if isinstance(moved, NotAllowed):
        assert (stage, moves, mails, plan.done_at) == (Stage.REJECTED, ["stage.rejected"], 1, AFTER)
    else:
        assert (stage, moves, mails, plan.void_at) == (Stage.SCREENING, ["stage.screening"], 0, AFTER)


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_withdrawal_at_the_same_time_leaves_one_end(turn):
    plan = planned()
    seen = Application.objects.get(pk=plan.application_id)
    together(sweep, lambda: process.withdraw(seen, at=AFTER, by=Actor.candidate("Cara")))
    stage, moves, mails = settle(plan)
    assert moves == [f"stage.{stage}"]
    assert mails == (1 if stage == Stage.REJECTED else 0)


@pytest.mark.parametrize("turn", range(TURNS))
def test_an_undo_at_the_same_time_holds_or_says_that_it_was_too_late(turn):
    plan = planned()
    swept, undone = together(sweep, lambda: actions.undo(plan, at=AFTER, by=rita()))
    stage, moves, mails = settle(plan)
    if undone is None:
        assert (stage, moves, mails, swept) == (Stage.APPLIED, [], 0, 0)
    else:
        assert isinstance(undone, NotAllowed)
        assert (stage, moves, mails) == (Stage.REJECTED, ["stage.rejected"], 1)


@pytest.mark.parametrize("turn", range(TURNS))
def test_two_sweeps_send_one_mail_each(turn):
    plans = [planned() for _number in range(6)]
    done = together(sweep, sweep, sweep)
    sweep()
    assert sum(done) <= len(plans)
    assert Message.objects.count() == len(plans)
    assert PlannedRejection.objects.filter(done_at=AFTER).count() == len(plans)


@pytest.mark.parametrize("turn", range(TURNS))
def test_two_colleagues_who_plan_at_once_plan_once(turn):
    application = make_application()

    def plan(name):
        seen, by = Application.objects.get(pk=application.pk), Actor.person(make_user(name))
        return actions.plan(seen, reason="skills", hours=24, at=NOW, by=by)

    make_user("Rita Recruiter"), make_user("Rosa Recruiter")
    results = together(lambda: plan("Rita Recruiter"), lambda: plan("Rosa Recruiter"))
    assert sorted(type(result).__name__ for result in results) == ["NotAllowed", "PlannedRejection"]
    assert application.events.filter(name="rejection.planned").count() == 1


@pytest.mark.parametrize("turn", range(TURNS))
def test_planning_anew_while_the_sweep_clears_an_old_plan_never_deadlocks(turn):
    plan = planned()
    begin(plan.application)
    moved = Application.objects.get(pk=plan.application_id)
    swept, again = together(sweep, lambda: actions.plan(moved, reason="letter", hours=24, at=AFTER, by=rita()))
    assert swept == 0
    assert isinstance(again, PlannedRejection)
    assert PlannedRejection.objects.open().count() == 1
