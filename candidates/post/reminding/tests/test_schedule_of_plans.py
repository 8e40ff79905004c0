"""What a plan says of a stage becomes the times of an ask."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application
from candidates.jobs.models import PlanStage
from candidates.models import Ask, Stage
from candidates.post import asks
from candidates.post.reminding import schedule
from candidates.post.reminding.working_time import Calendar

DAY = timedelta(days=1)


def times(*, share=1, patience=None, **said):
    row = PlanStage(stage=Stage.SCREENING, **said)
    return schedule.of(schedule.Within(row, share=share, patience=patience), Calendar(), at=NOW)


def test_a_plan_that_says_nothing_gives_a_week_and_reminds_before_it_and_at_it():
    found = times()
    assert (found.due_at, found.reminders) == (NOW + 7 * DAY, (NOW + 5 * DAY, NOW + 7 * DAY))
    assert found.escalate_at is None


def test_a_plan_may_remind_three_times_and_tell_others():
    found = times(days=10, remind_days=5, remind_again_days=1, remind_last_days=2, escalate_days=4)
    assert found.reminders == (NOW + 5 * DAY, NOW + 9 * DAY, NOW + 12 * DAY)
    assert found.escalate_at == NOW + 14 * DAY


def test_a_plan_may_leave_the_last_reminder_out():
    assert times(remind_last_days=None).reminders == (NOW + 5 * DAY,)


def test_what_the_plan_says_of_telling_others_comes_before_what_the_product_would_do():
    assert times(patience=DAY).escalate_at == NOW + 8 * DAY
    assert times(patience=DAY, escalate_days=3).escalate_at == NOW + 10 * DAY


def test_half_of_the_time_has_half_of_the_notice():
    found = times(share=0.5)
    assert (found.due_at, found.reminders) == (NOW + 3.5 * DAY, (NOW + 2.5 * DAY, NOW + 3.5 * DAY))


def test_working_days_count_for_deadline_and_notice():
    found = times(days=5, remind_days=1, working_days=True)  # asked on a Monday
    assert (found.due_at, found.reminders) == (NOW + 7 * DAY, (NOW + 4 * DAY, NOW + 7 * DAY))


@pytest.mark.django_db
def test_an_ask_takes_deadline_reminders_and_who_is_told_from_the_plan():
    application = make_application(Stage.SCREENING)
    row = PlanStage(stage=Stage.SCREENING, days=3, remind_days=1, escalate_days=1, escalate_to="both")
    one = asks.ask(
        application, page="screening:letter", template="screening/letter", title="Read", role=Ask.Role.RECRUITER,
        name="Rita", email="rita@example.org", within=row, at=NOW,
    )  # fmt: skip
    one.refresh_from_db()
    assert (one.due_at, one.remind_at, one.remind_later) == (NOW + 3 * DAY, NOW + 2 * DAY, [NOW + 3 * DAY])
    assert (one.escalate_at, one.escalate_to) == (NOW + 4 * DAY, "both")
