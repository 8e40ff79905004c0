"""What a calendar says of when somebody is busy, read in a child process with bounds: it comes from anybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_noop

from candidates.people.extraction import child
from candidates.people.extraction.child import ChildFailed, Limits, TookTooLong, TooMuchMemory, TooMuchOutput
from interviews.availability.hours import zone_of
from interviews.availability.spans import Span, union

DAYS = 60
PROGRAM = Path(__file__).parent / "programs" / "busy.py"
LIMITS = Limits(computing=15, seconds=20.0)
NO_CALENDAR, TOO_OFTEN = 51, 52  # exit codes of the program, which must not import this

WAS_NO_CALENDAR = gettext_noop("What we got is no calendar. Use the address that ends with .ics, not that of its page.")
WAS_TOO_OFTEN = gettext_noop("It holds something that repeats every minute or second.")
WAS_TOO_MUCH = gettext_noop("It is too large or repeats too much to be read.")
WAS_BROKEN = gettext_noop("It is damaged and cannot be read.")
CODES = {NO_CALENDAR: WAS_NO_CALENDAR, TOO_OFTEN: WAS_TOO_OFTEN}


class NotRead(Exception):
    """The calendar cannot be read; `str()` is one of the sentences above, not yet translated."""


def busy_times(calendar: IO[bytes], zone: str, *, at: datetime) -> list[Span]:
    """When its owner is busy from now on for `DAYS` days.

    Args:
        calendar: iCalendar text, as it came.
        zone: in which its times are meant that name no zone.
        at: now.

    Raises:
        NotRead: it is no calendar, or one that takes too much.
    """
    first, last = at - timedelta(days=1), at + timedelta(days=DAYS)
    bounds = [str(int(moment.timestamp())) for moment in (first, last)]
    try:
        said = child.run(PROGRAM, calendar, *bounds, zone_of(zone).key, limits=LIMITS)
    except ChildFailed as failure:
        raise NotRead(_reason(failure)) from failure
    return union((_moment(start), _moment(end)) for start, end in json.loads(said))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _reason(failure: ChildFailed) -> str:
    if isinstance(failure, TookTooLong | TooMuchMemory | TooMuchOutput):
        return WAS_TOO_MUCH
    return CODES.get(failure.code, WAS_BROKEN)
