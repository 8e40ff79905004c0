"""Builders for tests and the demo: somebody who can be booked."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from interviews.actions import Invited
from interviews.models import BusyTime, Interviewer, OfferedTime, WorkingHours


def make_interviewer(who: Invited, *, hours: str = "09:00-17:00", days: str = "01234", **fields: Any) -> Interviewer:
    """`who` with the same hours on each of `days` (0 is Monday); none where `hours` is empty. UTC unless told."""
    person = Interviewer.objects.create(name=who.name, email=who.email, **fields)
    if hours:
        begins, ends = (time.fromisoformat(part) for part in hours.split("-"))
        for day in days:
            WorkingHours.objects.create(interviewer=person, weekday=int(day), begins=begins, ends=ends)
    return person


def make_busy(person: Interviewer, starts_at: datetime, ends_at: datetime) -> BusyTime:
    """What their own calendar would say."""
    return BusyTime.objects.create(interviewer=person, starts_at=starts_at, ends_at=ends_at)


def make_offered(person: Interviewer, starts_at: datetime, ends_at: datetime) -> OfferedTime:
    """A time outside their weekly hours."""
    return OfferedTime.objects.create(interviewer=person, starts_at=starts_at, ends_at=ends_at)
