"""The days and moments of a trial, over summer time and month ends."""

from datetime import UTC, date, datetime

import pytest

from trials.planning import schedule

AMSTERDAM, NEW_YORK, LORD_HOWE, UTC_ = "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "UTC"
LONG_AGO = datetime(2029, 1, 1, tzinfo=UTC)


def test_four_weeks_have_a_check_in_each_week():
    days = schedule.check_in_days(date(2030, 1, 14), date(2030, 2, 11), every=7)
    assert days == [date(2030, 1, 21), date(2030, 1, 28), date(2030, 2, 4), date(2030, 2, 11)]


def test_days_that_do_not_divide_evenly_stop_before_the_end():
    days = schedule.check_in_days(date(2030, 1, 14), date(2030, 1, 30), every=7)
    assert days == [date(2030, 1, 21), date(2030, 1, 28)]


def test_a_short_trial_has_its_check_in_at_the_end():
    assert schedule.check_in_days(date(2030, 1, 14), date(2030, 1, 17), every=7) == [date(2030, 1, 17)]


def test_check_ins_count_over_the_leap_day():  # F40
    assert schedule.check_in_days(date(2028, 2, 22), date(2028, 2, 29), every=7) == [date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("today", "kept"), [(date(2030, 1, 1), [7, 14, 21]), (date(2030, 1, 14), [14, 21]), (date(2030, 1, 30), [21])]
)
def test_of_the_days_gone_by_only_the_last_is_asked_for(today, kept):
    days = [date(2030, 1, 7), date(2030, 1, 14), date(2030, 1, 21)]
    assert [day.day for day in schedule.worth_asking(days, today)] == kept


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        (AMSTERDAM, date(2030, 3, 30), 8),  # the day before clocks go forward
        (AMSTERDAM, date(2030, 3, 31), 7),
        (AMSTERDAM, date(2030, 10, 26), 7),
        (AMSTERDAM, date(2030, 10, 27), 8),  # they went back at three
        (NEW_YORK, date(2030, 3, 9), 14),
        (NEW_YORK, date(2030, 3, 10), 13),
    ],
)
def test_check_ins_begin_at_nine_on_the_clock_of_the_job(zone, day, hour):  # F37
    opens = schedule.check_in_window(day, zone, LONG_AGO).opens_at
    assert opens.astimezone(UTC) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_half_an_hour_of_summer_time_counts_too():
    opens = schedule.check_in_window(date(2030, 4, 8), LORD_HOWE, LONG_AGO).opens_at  # clocks went back on the 7th
    assert opens.astimezone(UTC) == datetime(2030, 4, 7, 22, 30, tzinfo=UTC)


def test_three_days_over_summer_time_end_at_nine_again():
    window = schedule.check_in_window(date(2030, 3, 29), AMSTERDAM, LONG_AGO)
    assert window.due_at.isoformat() == "2030-04-01T09:00:00+02:00"
    assert (window.due_at.astimezone(UTC) - window.opens_at.astimezone(UTC)).total_seconds() == 71 * 3600


def test_a_check_in_of_the_past_begins_now():
    now = datetime(2030, 1, 9, 23, 30, tzinfo=UTC)  # already the 10th in Amsterdam
    window = schedule.check_in_window(date(2030, 1, 7), AMSTERDAM, now)
    assert (window.opens_at, window.due_at.isoformat()) == (now, "2030-01-13T09:00:00+01:00")
