"""A day and an hour before an interview both sides hear of it once more, each in their own zone and language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from candidates.models import Reminder, Stage
from interviews.models import Interview
from interviews.scheduling import deadlines, telling

AT_ONCE = 200
SOON = timedelta(hours=1)
Why = Reminder.Why


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
    rows: list[Reminder] = []
    for interview in claimed:
        rows += _remind(interview, at) if _takes_place(interview, at) else [_left_out(interview, at, Why.NOT_HELD)]
        interview.remind_at = deadlines.next_reminder(interview, after=at)
        interview.save(update_fields=["remind_at"])
    Reminder.objects.bulk_create(rows)
    return len(claimed)


def _takes_place(interview: Interview, at: datetime) -> bool:
    application = interview.application
    wanted = application.stage == Stage.INTERVIEWS and application.duplicate_of_id is None
    to_come = interview.starts_at is not None and interview.starts_at > at
    return wanted and to_come and not interview.cancelled_at and not interview.missed


def _remind(interview: Interview, at: datetime) -> list[Reminder]:
    """Both sides are told; gives the rows of the ledger."""
    which, due_at = _which(interview, at), interview.remind_at
    missed = []
    if which == "hour" and due_at and interview.starts_at and due_at < interview.starts_at - SOON:
        missed, due_at = [_left_out(interview, at, Why.LATE)], interview.starts_at - SOON
    mails = [telling.remind_candidate(interview, at=at, which=which)]
    mails += [telling.remind_interviewer(one, at=at, which=which) for one in telling.panel_of(interview)]
    is_last = which == "hour"
    told = {"application": interview.application, "due_at": due_at, "number": 1 + is_last, "is_last": is_last}
    return missed + [_row(at, message=mail, ask_id=mail.ask_id, leaves_at=mail.next_try_at, **told) for mail in mails]


def _left_out(interview: Interview, at: datetime, why: str) -> Reminder:
    return _row(at, application=interview.application, due_at=interview.remind_at, why=why)


def _row(at: datetime, **told: Any) -> Reminder:
    return Reminder(kind=Reminder.Kind.INTERVIEW, at=at, **told)


def _which(interview: Interview, at: datetime) -> str:
    return "hour" if interview.starts_at and interview.starts_at - at <= SOON else "day"
