"""The busy times of a calendar: iCalendar text comes in, JSON goes out. Run by `child.run`; imports nothing of ours.

Called with the beginning and the end of the time that matters (seconds since 1970) and the zone in which times are
meant that name none. Titles are never looked at.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]

NO_CALENDAR, TOO_OFTEN = 51, 52  # exit codes; `reading.py` tells them in words
BOMBS = {"SECONDLY", "MINUTELY"}
TIMES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "FREEBUSY"}
MOST_SPANS = 5000
DAY = timedelta(days=1)
Span = tuple[float, float]


def main() -> None:
    """Print a list of [beginning, end], in seconds since 1970."""
    first, last = (datetime.fromtimestamp(int(word), UTC) for word in sys.argv[1:3])
    calendars = _calendars(sys.stdin.buffer.read())
    spans = sorted({span for one in calendars for span in _busy(one, first, last, ZoneInfo(sys.argv[3]))})
    json.dump(spans[:MOST_SPANS], sys.stdout)


def _calendars(content: bytes) -> list[icalendar.Calendar]:
    try:
        found = icalendar.Calendar.from_ical(content.decode("utf-8-sig", "replace"), multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        sys.exit(NO_CALENDAR)
    calendars = [one for one in found if one.name == "VCALENDAR"]
    return calendars or sys.exit(NO_CALENDAR)


def _busy(calendar: icalendar.Calendar, first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[Span]:
    calendar.subcomponents = [entry for entry in calendar.subcomponents if not _is_damaged(entry)]
    _refuse_bombs(calendar)
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    # A day more on both sides: times without a zone are compared as if they were of UTC.
    for event in query.between(first - DAY, last + DAY):
        if _counts(event):
            yield from _span(event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None, first, last, zone)
    for entry in calendar.walk("VFREEBUSY"):
        yield from _published(entry, first, last, zone)


def _is_damaged(entry: icalendar.Component) -> bool:
    """Whether it does not say when it is. One such entry must not hide the others."""
    return bool(TIMES & {str(name).upper() for name, _error in entry.errors})


def _refuse_bombs(calendar: icalendar.Calendar) -> None:
    for event in calendar.walk("VEVENT"):
        rules = event.get("RRULE") or []
        for rule in rules if isinstance(rules, list) else [rules]:
            if BOMBS & {str(word).upper() for word in rule.get("FREQ", [])}:
                sys.exit(TOO_OFTEN)


def _counts(event: Any) -> bool:
    """Whether somebody is busy then: neither free, nor cancelled, nor a whole day."""
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    says_free = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    is_off = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return not (is_free or says_free or is_off) and isinstance(event["DTSTART"].dt, datetime)


def _published(entry: Any, first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[Span]:
    """The busy times of an entry that tells nothing else."""
    told = entry.get("FREEBUSY") or []
    for line in told if isinstance(told, list) else [told]:
        if str(line.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            periods = line.dts if hasattr(line, "dts") else [line]
            for period in periods:
                yield from _span(period.start, period.end, first, last, zone)


def _span(start: date, end: date | None, first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[Span]:
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return
    begins, ends = (moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in (start, end))
    if begins < ends and begins < last and ends > first:
        yield max(begins, first).timestamp(), min(ends, last).timestamp()


if __name__ == "__main__":
    main()
