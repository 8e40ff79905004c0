"""Reminders that are due: found and written down many at once, each with its row in the ledger.

What becomes of one is decided here, by the clock and the calendar of its reader; what becomes of its mail the mail
itself tells. Ten thousand may be due at once, so they are rows of one statement here, and no objects.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Ask, Message
from candidates.post.reminding import calendars, working_time
from candidates.post.reminding.models import Reminder
from candidates.post.reminding.working_time import Calendar
from candidates.staff.models import User
from candidates.stages import CLOSED

Why = Reminder.Why
OVERTAKEN = "A later reminder took its place."
COLUMNS = (
    *("pk", "application_id", "stage", "template", "role", "email", "zone", "user_id", "due_at", "remind_at"),
    *("remind_later", "application__stage", "application__duplicate_of", "application__candidate__country"),
    "application__job__country",
)
WRITE = """
WITH due AS (
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::timestamptz[], %s::int[], %s::bool[], %s::text[],
        %s::timestamptz[], %s::text[]) AS due (id, key, ask, due_at, number, is_last, why, leaves_at, template)
), written AS (
    INSERT INTO candidates_message (id, key, template, solemn, application_id, ask_id, "to", data, status, created_at,
        next_try_at, attempts, error, subject, text)
    SELECT due.id, due.key, due.template, false, ask.application_id, ask.id, ask.email,
        jsonb_build_object('which', CASE WHEN %s >= ask.due_at THEN 'due' ELSE 'before' END), 'queued', %s,
        due.leaves_at, 0, '', '', ''
    FROM due JOIN candidates_ask ask ON ask.id = due.ask
    ON CONFLICT (key) DO NOTHING
    RETURNING id
)
INSERT INTO candidates_reminder (ask_id, kind, due_at, at, number, is_last, why, leaves_at, message_id)
SELECT ask, 'reminder', due_at, %s, number, is_last, why, leaves_at, id FROM due JOIN written USING (id)
"""  # a key that was used before has its mail and its row already


@dataclass
class Turns:
    """When somebody may be reminded of what is due now, and why not at once; looked up once for each calendar."""

    at: datetime
    known: dict[Calendar, tuple[datetime, str]] = field(default_factory=dict)

    def of(self, calendar: Calendar) -> tuple[datetime, str]:
        """The time, and the reason where it is later than now."""
        if calendar not in self.known:
            leaves_at, rests = working_time.next_time(calendar, self.at)
            why = (Why.HOLIDAY if rests else Why.QUIET) if leaves_at > self.at else Why.NONE
            self.known[calendar] = leaves_at, str(why)
        return self.known[calendar]


@dataclass
class Ledger:
    """What one batch writes about few: mails, and a row for each that was due."""

    at: datetime
    mails: list[Message] = field(default_factory=list)
    rows: list[Reminder] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns = Turns(self.at)

    def mail(self, message: Message, row: Reminder, calendar: Calendar | None) -> None:
        """Write a mail down that leaves when its reader may be disturbed; `calendar` None: at once."""
        leaves_at, why = self.turns.of(calendar) if calendar else (self.at, Why.NONE)
        message.created_at, message.next_try_at = self.at, leaves_at
        row.message, row.why, row.leaves_at = message, why, leaves_at
        self.mails.append(message)
        self.rows.append(row)

    def leave_out(self, row: Reminder, why: str) -> None:
        """Write down that no mail is written, and why."""
        row.why = why
        self.rows.append(row)

    def write(self) -> None:
        """Everything at once. A mail whose key was used before is there already, and so is its row."""
        Message.objects.bulk_create(self.mails, ignore_conflicts=True)
        new = set(Message.objects.filter(pk__in=[one.pk for one in self.mails]).values_list("pk", flat=True))
        Reminder.objects.bulk_create(row for row in self.rows if row.message_id is None or row.message_id in new)
        if any(one.next_try_at <= self.at for one in self.mails):
            ring_on_commit("candidates.post.tasks.send_due")


@dataclass(frozen=True)
class _Goes:
    """A reminder that becomes a mail, in the order of the columns of `WRITE`."""

    ask: int
    due_at: datetime
    number: int
    is_last: bool
    why: str
    leaves_at: datetime
    template: str

    def columns(self) -> tuple[Any, ...]:
        key = f"remind:{self.ask}:{self.due_at:%Y%m%dT%H%M}"
        told = (self.ask, self.due_at, self.number, self.is_last, self.why, self.leaves_at, self.template)
        return uuid.uuid4(), key, *told


def queue(due: Sequence[Any], *, at: datetime) -> None:
    """Write down what becomes of reminders that are due; of several of one ask the latest goes.

    Args:
        due: rows of asks, with `COLUMNS`.
    """
    turns, readers = Turns(at), User.objects.in_bulk({row.user_id for row in due if row.user_id})
    goes: list[_Goes] = []
    left_out: list[Reminder] = []
    for row in due:
        *missed, latest = _times(row, at)
        left_out += [_left_out(row, time, at, Why.LATE) for time in missed]
        reader = readers.get(row.user_id)
        if why := _why_not(row, reader):
            left_out.append(_left_out(row, latest, at, why))
        else:
            leaves_at, waits = turns.of(_calendar(row, reader))
            template = _own_words(row.template) or "candidates/reminder"
            goes.append(_Goes(row.pk, latest, *_place(row, latest), waits, leaves_at, template))
    overtake(row.pk for row in due)
    if goes:
        _write(goes, at)
    Reminder.objects.bulk_create(left_out)


def overtake(asks: Iterable[int], *, because: str = OVERTAKEN) -> None:
    """Reminders of these asks that still wait for their time do not leave any more."""
    waiting = Message.objects.filter(ask__in=list(asks), status=Message.Status.QUEUED, key__startswith="remind:")
    waiting.update(status=Message.Status.CANCELLED, error=because)


def reminder_of(asked: Ask, *, key: str, at: datetime) -> Message:
    """The mail that reminds of `asked`, not queued yet."""
    reminder = Message(
        key=key,
        application_id=asked.application_id,
        ask=asked,
        template="candidates/reminder",
        to=asked.email,
        created_at=at,
        next_try_at=at,
        data={"which": "due" if at >= asked.due_at else "before"},
    )
    reminder.template = _own_words(asked.template) or reminder.template
    return reminder


def reads_digest(user: User | None) -> bool:
    """Whether they get reminders in their daily digest, instead of a mail for each."""
    return bool(user and user.reminded_in_digest and user.digest_hour is not None and user.is_active and user.is_staff)


def _write(goes: Sequence[_Goes], at: datetime) -> None:
    columns = [list(column) for column in zip(*(one.columns() for one in goes), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [*columns, at, at, at])
    if any(one.leaves_at <= at for one in goes):
        ring_on_commit("candidates.post.tasks.send_due")


def _why_not(row: Any, reader: User | None) -> str:
    is_open = row.application__stage not in CLOSED and row.application__duplicate_of is None
    if not is_open and row.stage != row.application__stage:
        return Why.CLOSED
    if not row.email:
        return Why.NOBODY
    return Why.DIGEST if reads_digest(reader) else Why.NONE


def _calendar(row: Any, reader: User | None) -> Calendar:
    if reader:
        return calendars.of_colleague(reader)
    countries = (row.application__candidate__country, row.application__job__country)
    return calendars.of_role(row.role, zone=row.zone, candidate=countries[0], job=countries[1])


def _times(row: Any, at: datetime) -> list[datetime]:
    """The times of an ask that have come since the last look, in order."""
    first = row.remind_at
    return sorted({first, *(time for time in row.remind_later if first < time <= at)})


def _place(row: Any, time: datetime) -> tuple[int, bool]:
    """The how manieth, and whether it is the last: `remind_later` keeps all times after the first one."""
    return 1 + sum(later <= time for later in row.remind_later), not any(later > time for later in row.remind_later)


def _left_out(row: Any, time: datetime, at: datetime, why: str) -> Reminder:
    number, is_last = _place(row, time)
    return Reminder(ask_id=row.pk, due_at=time, at=at, number=number, is_last=is_last, why=why)


@cache
def _own_words(first: str) -> str:
    """A mail may have a reminder in its own words beside it, `<app>/<name>_due`; most have not."""
    try:
        get_template(f"emails/{first}_due.txt", using="text")
    except TemplateDoesNotExist:
        return ""
    return f"{first}_due"
