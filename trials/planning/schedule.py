"""On which days of a trial people are asked, and at which moments, in the zone of the job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext

MORNING, EVENING = time(9), time(17)
CHECK_IN_TIME = timedelta(days=3)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rest:
    """Days on which a trial does not go on: from `since` on, again from `until` on, if that is known."""

    since: date
    until: date | None = None


@dataclass(frozen=True)
class Window:
    """When somebody is asked, and by when they should answer."""

    opens_at: datetime
    due_at: datetime


def check_in_days(after: date, until: date, *, every: int) -> list[date]:
    """Every so many days after `after`, up to `until`; a time too short for one has its only check-in at the end."""
    count = (until - after).days // every
    return [after + timedelta(days=every * number) for number in range(1, count + 1)] or [until]


def worth_asking(days: list[date], today: date) -> list[date]:
    """Days to come, and of those already here the last: a trial entered late does not ask for weeks gone by."""
    return [day for day in days if day <= today][-1:] + [day for day in days if day > today]


def check_in_window(day: date, zone: str, at: datetime) -> Window:
    """From nine in the morning of the day, or from now when that is over; three days."""
    opens_at = max(local(day, MORNING, zone), at)
    return Window(opens_at, local(local_day(opens_at, zone) + CHECK_IN_TIME, MORNING, zone))


def worked(starts_on: date, day: date, rests: Sequence[Rest]) -> int:
    """How many days of the trial lie before `day`; those on which it rested do not count."""
    rested = sum(max(0, (min(day, rest.until or day) - rest.since).days) for rest in rests)
    return (day - starts_on).days - rested


def day_after(starts_on: date, days: int, rests: Sequence[Rest]) -> date:
    """The day before which so many days of the trial lie. Rests in their order; one without an end counts none."""
    day = starts_on + timedelta(days=days)
    for rest in rests:
        if rest.until and day >= rest.since:
            day += rest.until - rest.since
    return day


def local(day: date, clock: time, zone: str) -> datetime:
    """The moment at which clocks in `zone` show it; computed for each day, so that summer time moves nothing."""
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone))


def local_day(moment: datetime, zone: str) -> date:
    """The date in `zone` at `moment`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def in_words(day: date, language: str) -> str:
    """The day as people of `language` write it."""
    with translation.override(language):
        return formats.date_format(day, gettext("D j M Y"))
