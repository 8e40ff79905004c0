"""Hours by the clock on somebody's wall, as spans of real time, also in the nights when the clocks change.

A moment belongs to hours from nine to twelve when the clock on the wall shows then something from nine to twelve. So
of an hour that the clocks leap over nothing is left, and one that comes twice counts both times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from interviews.availability.spans import Span, union

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Weekly:
    """Hours on one day of every week; 0 is Monday."""

    weekday: int
    begins: time
    ends: time


def zone_of(name: str) -> ZoneInfo:
    """The zone with this name; UTC where it does not exist (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def weekly_spans(hours: Iterable[Weekly], zone: ZoneInfo, *, first: date, last: date) -> list[Span]:
    """When these hours are, on the days from `first` to `last` of the wall's calendar, in UTC."""
    of_day: dict[int, list[Weekly]] = {}
    for one in hours:
        of_day.setdefault(one.weekday, []).append(one)
    found: list[Span] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for one in of_day.get(day.weekday(), ()):
            found += on_day(day, one.begins, one.ends, zone)
    return union(found)


def on_day(day: date, begins: time, ends: time, zone: ZoneInfo) -> list[Span]:
    """When the clock in `zone` shows something from `begins` to `ends` on `day`: mostly one span, none in a leap, two
    where an hour comes twice."""
    wall, over = datetime.combine(day, begins, zone), datetime.combine(day, ends, zone)
    shifts = {moment.replace(fold=fold).utcoffset() or timedelta(0) for moment in (wall, over) for fold in (0, 1)}
    if len(shifts) == 1:
        return [(wall.astimezone(UTC), over.astimezone(UTC))]
    return union(_at_shift(wall, over, shift, zone, _change(wall, over, shifts, zone)) for shift in shifts)


def whole_day(day: date, zone: ZoneInfo) -> Span:
    """From midnight to midnight."""
    begin, end = (datetime.combine(one, time(0), zone) for one in (day, day + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def exists(day: date, moment: time, zone: ZoneInfo) -> bool:
    """Whether the clock in `zone` ever shows this on `day`; it leaps over an hour when summer begins."""
    wall = datetime.combine(day, moment, zone)
    return wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)


def _at_shift(wall: datetime, over: datetime, shift: timedelta, zone: ZoneInfo, change: datetime) -> Span:
    """The part of the hours while the clock stands at `shift` from UTC."""
    begin, end = (moment.replace(tzinfo=UTC) - shift for moment in (wall, over))
    is_before = (change - SECOND).astimezone(zone).utcoffset() == shift
    return (begin, min(end, change)) if is_before else (max(begin, change), end)


def _change(wall: datetime, over: datetime, shifts: set[timedelta], zone: ZoneInfo) -> datetime:
    """The second in which the clocks change around these hours, by halving."""
    before = wall.replace(tzinfo=UTC) - max(shifts)
    after = over.replace(tzinfo=UTC) - min(shifts)
    shift = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == shift:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
