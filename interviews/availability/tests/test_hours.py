"""Hours by the clock on the wall in three zones, on the nights when the clocks change (F37)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.availability.hours import Weekly, exists, on_day, weekly_spans, whole_day, zone_of
from interviews.availability.spans import union

AMSTERDAM, NEW_YORK, LORD_HOWE = (
    ZoneInfo(name) for name in ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe")
)
NIGHTS = [
    (AMSTERDAM, date(2030, 3, 31)),
    (AMSTERDAM, date(2030, 10, 27)),
    (NEW_YORK, date(2030, 3, 10)),
    (NEW_YORK, date(2030, 11, 3)),
    (LORD_HOWE, date(2030, 4, 7)),  # half an hour only
    (LORD_HOWE, date(2030, 10, 6)),
    (AMSTERDAM, date(2030, 6, 3)),  # an ordinary one
]


def by_looking_at_the_wall(day, begins, ends, zone):
    """Walk through the day in steps of five minutes and look at the clock."""
    start = datetime.combine(day, time(0), UTC) - timedelta(hours=14)
    steps = [start + timedelta(minutes=5 * number) for number in range(12 * 44)]
    walls = [(step, step.astimezone(zone)) for step in steps]
    seen = [step for step, wall in walls if wall.date() == day and begins <= wall.time() < ends]
    return union((step, step + timedelta(minutes=5)) for step in seen)


fives = st.integers(0, 12 * 5).map(lambda number: time(number // 12, number % 12 * 5))


@settings(max_examples=60)
@given(st.sampled_from(NIGHTS), fives, fives)
def test_hours_are_when_the_wall_shows_them(night, one, other):
    (zone, day), begins, ends = night, min(one, other), max(one, other)
    if begins < ends:
        assert union(on_day(day, begins, ends, zone)) == by_looking_at_the_wall(day, begins, ends, zone)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (AMSTERDAM, date(2030, 3, 31), 2),
        (AMSTERDAM, date(2030, 10, 27), 4),
        (NEW_YORK, date(2030, 3, 10), 2),
        (LORD_HOWE, date(2030, 4, 7), 3.5),
    ],
)
def test_a_shift_through_the_night_is_as_long_as_it_really_is(zone, day, length):
    spans = on_day(day, time(1), time(4), zone)
    assert sum((end - start for start, end in spans), timedelta(0)) == timedelta(hours=length)


def test_nothing_is_left_of_an_hour_that_the_clocks_leap_over():
    assert on_day(date(2030, 3, 31), time(2), time(3), AMSTERDAM) == []
    assert not exists(date(2030, 3, 31), time(2, 30), AMSTERDAM)
    assert exists(date(2030, 10, 27), time(2, 30), AMSTERDAM)


def test_nine_in_the_morning_stays_nine_when_summer_begins():
    hours = [Weekly(day, time(9), time(10)) for day in range(7)]
    spans = weekly_spans(hours, AMSTERDAM, first=date(2030, 3, 30), last=date(2030, 4, 1))
    assert [start.hour for start, _end in spans] == [8, 7, 7]


def test_a_day_of_the_wall_has_23_or_25_hours():
    lengths = [end - start for start, end in (whole_day(day, AMSTERDAM) for _zone, day in NIGHTS[:2])]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


@pytest.mark.parametrize("name", ["", "Atlantis/Center", "../etc/passwd", "\x00", "Europe"])
def test_a_zone_that_does_not_exist_counts_as_utc(name):
    assert zone_of(name).key == "UTC"
