"""For which days a figure is: a day, a week, a month, or from one day to another, as exports write them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from trials.figures.numbers import Unreadable, shown

EARLIEST = 2000  # a year; older figures are mistakes
LONGEST = timedelta(days=366)
LONGEST_CELL = 60
WEEK = timedelta(days=6)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLOCK = re.compile(
    r"[ T,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?: ?[ap]m)?(?: ?(?:utc|gmt|z|[+-][0-9:]{4,6}))?$", re.I
)
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
COMPACT = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
DAY_WORDED = re.compile(r"(?:[a-z]+,? )?([0-9]{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -]([0-9]{4})")
MONTH_WORDED = re.compile(r"(?:[a-z]+,? )?([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
ISO_WEEK = re.compile(r"([0-9]{4})[- ]?w(?:eek )?0?([0-9]{1,2})")
WEEK_OF = re.compile(r"w(?:eek )?0?([0-9]{1,2}),? ([0-9]{4})")
WEEK_ALONE = re.compile(r"(?:w(?:eek )?)?0?([0-9]{1,2})")
MONTH_OF = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
MONTH_BEFORE = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?,?(?: ([0-9]{4}))?")
FROM_TO = re.compile(r" (?:-|–|to|until) |\.\.\.?")
EITHER = re.compile(r"(?<![\w/.-])([0-9]{1,2})[-/]([0-9]{1,2})[-/](?:[0-9]{4}|[0-9]{2})(?![\w/])")


@dataclass(frozen=True)
class Period:
    """Some days, the last one included."""

    starts_on: date
    ends_on: date


def order(text: str) -> str:
    """Whether dates with slashes in `text` put the day or the month first: "day", "month", "either", or nothing."""
    found = ""
    for first, second in EITHER.findall(text):
        if int(first) > 12:
            return "day"
        if int(second) > 12:
            return "month"
        found = "either"
    return found


def day(cell: str, *, is_month_first: bool) -> date:
    """The day in `cell`, with or without a time.

    Raises:
        Unreadable: there is none.
    """
    text = CLOCK.sub("", cell.casefold().strip())[:LONGEST_CELL]
    if match := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        year, month, number = map(int, match.groups())
    elif match := YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        month, number = (first, second) if is_month_first and match[2] != "." else (second, first)
    elif match := DAY_WORDED.fullmatch(text):
        number, month, year = int(match[1]), _month(match[2]), int(match[3])
    elif match := MONTH_WORDED.fullmatch(text):
        month, number, year = _month(match[1]), int(match[2]), int(match[3])
    else:
        raise _no_date(cell)
    return _made(cell, year, month, number)


def week(cell: str, year: str, *, is_month_first: bool) -> Period:
    """The week in `cell`: "2026-W03", its number with a year beside it, its first day, or from one day to another.

    Raises:
        Unreadable: there is none.
    """
    text = cell.casefold().strip()[:LONGEST_CELL]
    if match := ISO_WEEK.fullmatch(text):
        return _iso_week(cell, int(match[1]), int(match[2]))
    if match := WEEK_OF.fullmatch(text):
        return _iso_week(cell, int(match[2]), int(match[1]))
    if match := WEEK_ALONE.fullmatch(text):
        return _iso_week(cell, _year(cell, year), int(match[1]))
    ends = FROM_TO.split(text)
    if len(ends) == 2:
        return between(ends[0], ends[1], is_month_first=is_month_first)
    return _week_from(cell, day(cell, is_month_first=is_month_first))


def month(cell: str, year: str) -> Period:
    """The month in `cell`: "2026-01", "01/2026", "January 2026", or its name or number with a year beside it.

    Raises:
        Unreadable: there is none.
    """
    text = cell.casefold().strip()[:LONGEST_CELL]
    if match := MONTH_OF.match(text):
        found = int(match[1]), int(match[2])
    elif match := MONTH_BEFORE.fullmatch(text):
        found = int(match[2]), int(match[1])
    elif match := MONTH_NAMED.fullmatch(text):
        found = int(match[2]) if match[2] else _year(cell, year), _month(match[1])
    elif text.isascii() and text.isdigit() and len(text) < 3:
        found = _year(cell, year), int(text)
    else:
        raise Unreadable(_("“%s” is no month.") % shown(cell))
    first = _made(cell, *found, 1)
    return Period(first, first.replace(day=monthrange(first.year, first.month)[1]))


def between(first: str, last: str, *, is_month_first: bool) -> Period:
    """From one day to another.

    Raises:
        Unreadable: one of them is no date.
    """
    return Period(day(first, is_month_first=is_month_first), day(last, is_month_first=is_month_first))


def refuse_unlikely(period: Period, today: date) -> None:
    """Refuse a time that nobody can have figures for.

    Raises:
        Unreadable: it ends before it starts, begins after tomorrow or long ago, or is longer than a year.
    """
    if period.ends_on < period.starts_on:
        raise Unreadable(_("Its time ends (%(to)s) before it begins (%(from)s).") % _told(period))
    if period.starts_on > today + timedelta(days=1):
        raise Unreadable(_("Its time (%(from)s) lies in the future.") % _told(period))
    if period.starts_on.year < EARLIEST:
        raise Unreadable(_("Its time (%(from)s) lies too far back.") % _told(period))
    if period.ends_on - period.starts_on >= LONGEST:
        raise Unreadable(_("Its time (%(from)s to %(to)s) is longer than a year.") % _told(period))


def _told(period: Period) -> dict[str, str]:
    return {"from": period.starts_on.isoformat(), "to": period.ends_on.isoformat()}


def _month(name: str) -> int:
    return MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else 0


def _year(cell: str, year: str) -> int:
    text = year.strip().removesuffix(".0").replace(",", "")
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Unreadable(_("“%s” needs a year beside it.") % shown(cell))
    return int(text)


def _iso_week(cell: str, year: int, number: int) -> Period:
    try:
        first = date.fromisocalendar(year, number, 1)
    except ValueError as error:
        raise Unreadable(_("“%s” is no week of that year.") % shown(cell)) from error
    return _week_from(cell, first)


def _week_from(cell: str, first: date) -> Period:
    try:
        return Period(first, first + WEEK)
    except OverflowError as error:  # the last days that a calendar knows
        raise _no_date(cell) from error


def _made(cell: str, year: int, month: int, number: int) -> date:
    try:
        return date(year + 2000 if year < 100 else year, month, number)
    except ValueError as error:
        raise _no_date(cell) from error


def _no_date(cell: str) -> Unreadable:
    return Unreadable(_("“%s” is no date.") % shown(cell))
