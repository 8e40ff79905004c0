"""When the leader is asked for the verdict, reminded, and from when others should hear that there is none."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trials.verdicts import times

LONG_AGO = datetime(2029, 1, 1, tzinfo=UTC)
START, END = date(2030, 1, 1), date(2030, 3, 1)
DAY = timedelta(days=1)


def of(starts_on=START, ends_on=END, days=14, zone="UTC", at=LONG_AGO):
    return times.of(starts_on, ends_on, days=days, zone=zone, at=at)


def test_two_weeks_before_the_end_at_nine_until_its_evening():
    told = of()
    assert (told.opens_at, told.due_at) == (datetime(2030, 2, 15, 9, tzinfo=UTC), datetime(2030, 3, 1, 17, tzinfo=UTC))


def test_reminders_come_a_week_three_days_and_one_day_before_on_the_day_and_on_the_morning_after():
    assert [(END - one.date()).days for one in of().reminders] == [7, 3, 1, 0, -1]


@pytest.mark.parametrize(("length", "asked_on"), [(28, 14), (10, 5), (7, 4), (1, 1)])
def test_in_a_short_trial_not_before_its_middle(length, asked_on):
    assert of(ends_on=START + length * DAY).opens_at.date() == START + asked_on * DAY


def test_of_a_trial_entered_late_at_once_with_a_day_and_a_reminder():
    at = datetime(2030, 3, 1, 18, tzinfo=UTC)
    told = of(at=at)
    assert (told.opens_at, told.due_at) == (at, at + DAY)
    assert told.reminders == (datetime(2030, 3, 2, 9, tzinfo=UTC),)
    assert of(at=at + 2 * DAY).reminders == (at + 3 * DAY,)


def test_at_nine_by_the_clock_of_the_job_also_after_the_clocks_change():  # F37
    told = of(date(2030, 3, 1), date(2030, 4, 5), zone="Europe/Amsterdam")
    assert [one.astimezone(UTC).hour for one in (told.opens_at, *told.reminders)] == [8, 8, 7, 7, 7, 7]


@pytest.mark.parametrize(
    ("opened", "before", "told"),
    [(14, 4, ""), (14, 3, "near"), (14, 0, "past"), (14, -9, "past"), (1, 0.5, ""), (2, 1, "near"), (0.5, 0, "past")],
)
def test_the_end_is_near_three_days_before_but_not_on_the_day_of_asking(opened, before, told):
    due_at = datetime(2030, 3, 1, 17, tzinfo=UTC)
    assert times.lateness(due_at - opened * DAY, due_at, due_at - before * DAY) == told
