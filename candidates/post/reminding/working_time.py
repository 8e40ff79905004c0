"""When somebody may be reminded, and how far away so many working days are: by the clock on their wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from candidates.post.reminding import almanac

WEEKDAYS = (1, 2, 3, 4, 5)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
MORNING = time(9)
ONE_DAY = timedelta(days=1)
LONGEST_REST = 60  # days; whoever never works is reminded all the same


@dataclass(frozen=True)
class Calendar:
    """By which rules the days of one person count.

    `working_days` are those that deadlines count, `reminded_on` those on which reminders come, as ISO numbers them.
    """

    zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    working_days: tuple[int, ...] = WEEKDAYS
    reminded_on: tuple[int, ...] = EVERY_DAY
    quiet_from: time = time(0)
    quiet_until: time = time(0)

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday where they are."""
        return almanac.is_holiday(self.country, self.subdivision, day)

    def is_worked(self, day: date) -> bool:
        """Whether they work on `day`."""
        return day.isoweekday() in (self.working_days or EVERY_DAY) and not self.is_holiday(day)

    def is_reminded(self, day: date) -> bool:
        """Whether reminders may come on `day`."""
        return day.isoweekday() in (self.reminded_on or EVERY_DAY) and not self.is_holiday(day)

    def is_quiet(self, at: time) -> bool:
        """Whether nobody should disturb them at this time of the day; the hours may go past midnight."""
        begins, ends = self.quiet_from, self.quiet_until
        return begins <= at < ends if begins <= ends else at >= begins or at < ends


def zone_of(name: str) -> ZoneInfo:
    """The zone; UTC for a name that the present rules do not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def next_time(calendar: Calendar, at: datetime) -> tuple[datetime, bool]:
    """When they may be reminded of what is due at `at`, and whether a day of rest is why that is later."""
    day, moment, rests = at.astimezone(zone_of(calendar.zone)).date(), at, False
    for _day in range(LONGEST_REST):
        local = moment.astimezone(zone_of(calendar.zone))
        if not calendar.is_reminded(day):
            rests = True
        elif not calendar.is_quiet(local.time()):
            return moment, rests
        elif local.time() < calendar.quiet_until:
            return max(at, real(day, calendar.quiet_until, calendar.zone)), rests
        day += ONE_DAY
        moment = real(day, time(0), calendar.zone)
    return at, False


def next_morning(calendar: Calendar, at: datetime) -> datetime:
    """Nine o'clock on their next working day after today, or when their quiet hours end."""
    day = at.astimezone(zone_of(calendar.zone)).date() + ONE_DAY
    for _day in range(LONGEST_REST):
        if calendar.is_worked(day):
            break
        day += ONE_DAY
    morning = calendar.quiet_until if calendar.is_quiet(MORNING) else MORNING
    return real(day, morning, calendar.zone)


def ahead(calendar: Calendar, at: datetime, days: float) -> datetime:
    """So many working days after `at`, at the same time by their clock; before it, when `days` is negative.

    A part of a day is hours, and what they lead to a day of rest goes on to the next day that is worked.
    """
    local = at.astimezone(zone_of(calendar.zone))
    whole, step = int(days), ONE_DAY if days >= 0 else -ONE_DAY
    day = _walked(calendar, local.date(), abs(whole), step)
    moment = real(day, local.time(), calendar.zone) + (days - whole) * ONE_DAY
    landed = moment.astimezone(zone_of(calendar.zone))
    if days == whole or calendar.is_worked(landed.date()):
        return moment
    return real(_walked(calendar, landed.date(), 1, step), landed.time(), calendar.zone)


def _walked(calendar: Calendar, day: date, number: int, step: timedelta) -> date:
    for _number in range(number):
        for _rest in range(LONGEST_REST):
            day += step
            if calendar.is_worked(day):
                break
    return day


def real(day: date, at: time, zone: str) -> datetime:
    """The moment when the clock there shows this: the first of two; of a time that is left out, the one after it."""
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone_of(zone)).astimezone(UTC)
