"""Read the calendars that are due, and keep from when to when their owners are busy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from interviews.availability.feeds import fetching, reading
from interviews.availability.feeds.fetching import NotFetched
from interviews.availability.feeds.reading import NotRead
from interviews.availability.models import BusyTime, Interviewer
from interviews.availability.spans import Span

EVERY = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=12)
FIRST_PAUSE = timedelta(hours=1)  # after an address that never worked
LEASE = timedelta(minutes=3)  # fetching and reading take less than one; a worker that dies gives it free
TURN = timedelta(seconds=25)  # no further calendar is begun after that; the next sweep goes on
Clock = Callable[[], datetime]


def sweep(*, clock: Clock) -> int:
    """Read what is due, one calendar after the other, for less than half a minute; returns how many."""
    until, count = clock() + TURN, 0
    while clock() < until and (claimed := _claim(clock())):
        _read(claimed, clock)
        count += 1
    return count


@transaction.atomic
def _claim(at: datetime) -> Interviewer | None:
    """Take the calendar that waits longest; two workers never take the same."""
    due = Interviewer.objects.filter(feed_next_at__lte=at, is_active=True).exclude(feed_url="")
    found = due.order_by("feed_next_at").select_for_update(skip_locked=True, no_key=True).first()
    if found is not None:
        found.feed_next_at = at + LEASE
        found.save(update_fields=["feed_next_at"])
    return found


def _read(claimed: Interviewer, clock: Clock) -> None:
    try:
        with tempfile.TemporaryFile() as calendar:
            fetching.fetch(claimed.feed_url, calendar)
            calendar.seek(0)
            spans = reading.busy_times(calendar, claimed.zone, at=clock())
    except (NotFetched, NotRead) as failure:
        _note_failure(claimed, str(failure), at=clock())
    except OSError:
        _note_failure(claimed, fetching.UNREACHABLE, at=clock())
    else:
        _replace(claimed, spans, at=clock())


@transaction.atomic
def _replace(claimed: Interviewer, spans: list[Span], *, at: datetime) -> None:
    """What the calendar says now, in the place of what it said before; nobody sees anything in between."""
    told = {"feed_next_at": at + EVERY, "feed_read_at": at, "feed_error": ""}
    if _mine(claimed).update(**told):
        BusyTime.objects.filter(interviewer=claimed).delete()
        BusyTime.objects.bulk_create(
            BusyTime(interviewer=claimed, starts_at=start, ends_at=end) for start, end in spans
        )


def _note_failure(claimed: Interviewer, why: str, *, at: datetime) -> None:
    """Say why, keep what was known, and try again after as long as it has not worked, within bounds."""
    since = at - claimed.feed_read_at if claimed.feed_read_at else FIRST_PAUSE
    pause = min(max(since, EVERY), LONGEST_PAUSE)
    _mine(claimed).update(feed_next_at=at + pause, feed_error=why)


def _mine(claimed: Interviewer) -> QuerySet[Interviewer]:
    """The row, unless another calendar was typed meanwhile or another worker has it."""
    return Interviewer.objects.filter(pk=claimed.pk, feed_url=claimed.feed_url, feed_next_at=claimed.feed_next_at)
