"""Builders for tests and the demo: somebody who can be booked."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from candidates.builders import make_application, make_candidate, make_user
from candidates.models import Ask, Stage
from candidates.people.actors import Actor
from interviews.actions import Invited, invite
from interviews.builders import IDA, IVAN
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


def make_choice(*, at: datetime) -> Ask:
    """What a candidate in Kathmandu is asked: to choose a time with two people who work in New York every day."""
    for who in (IDA, IVAN):
        make_interviewer(who, days="0123456", zone="America/New_York")
    cara = make_candidate(zone="Asia/Kathmandu")  # five hours and three quarters from UTC
    interview = invite(
        make_application(Stage.SCREENING, at=at, candidate=cara),
        interviewers=[IDA, IVAN],
        minutes=45,
        video_link="https://video.example.org/room-1",
        at=at,
        by=Actor.person(make_user()),
    )
    return Ask.objects.get(interview=interview)
