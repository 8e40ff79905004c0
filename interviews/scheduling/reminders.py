"""A day and an hour before an interview both sides hear of it once more, each in their own zone and language."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from candidates.models import Stage
from interviews.models import Interview
from interviews.scheduling import deadlines, telling

AT_ONCE = 200
SOON = timedelta(hours=1)


def remind_due(*, at: datetime) -> int:
    """Queue the reminders that are due. Returns of how many interviews.

    Safe to run at any time and several times at once: moving `remind_at` on, under a lock that others pass by, is the
    claim. What comes too late to be true is left out: the time itself stands in the mail, never "tomorrow".
    """
    total = 0
    while reminded := _remind_some(at):
        total += reminded
    return total


@transaction.atomic
def _remind_some(at: datetime) -> int:
    due = Interview.objects.filter(remind_at__lte=at).order_by("remind_at", "pk")
    related = ("application__candidate", "application__job", "application__plan", "ask")
    claimed = list(
        due.select_related(*related).select_for_update(skip_locked=True, no_key=True, of=("self",))[:AT_ONCE]
    )
    for interview in claimed:
        if _takes_place(interview, at):
            _remind(interview, at)
        interview.remind_at = deadlines.next_reminder(interview, after=at)
        interview.save(update_fields=["remind_at"])
    return len(claimed)


def _takes_place(interview: Interview, at: datetime) -> bool:
    application = interview.application
    wanted = application.stage == Stage.INTERVIEWS and application.duplicate_of_id is None
    to_come = interview.starts_at is not None and interview.starts_at > at
    return wanted and to_come and not interview.cancelled_at and not interview.missed


def _remind(interview: Interview, at: datetime) -> None:
    telling.remind_candidate(interview, at=at, which=_which(interview, at))
    for panelist in telling.panel_of(interview):
        telling.remind_interviewer(panelist, at=at, which=_which(interview, at))


def _which(interview: Interview, at: datetime) -> str:
    return "hour" if interview.starts_at and interview.starts_at - at <= SOON else "day"
