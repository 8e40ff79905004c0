"""Reminders that are due: found and written down many at once, each with its row in the ledger.

What becomes of one is decided here, by the clock and the calendar of its reader; what becomes of its mail the mail
itself tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Ask, Message
from candidates.post.reminding import calendars, working_time
from candidates.post.reminding.models import Reminder
from candidates.post.reminding.working_time import Calendar
from candidates.staff.models import User

Why = Reminder.Why
OVERTAKEN = "A later reminder took its place."


@dataclass
class Ledger:
    """What one batch writes: mails, and a row for each reminder that was due."""

    at: datetime
    mails: list[Message] = field(default_factory=list)
    rows: list[Reminder] = field(default_factory=list)
    _turns: dict[Calendar, tuple[datetime, str]] = field(default_factory=dict)

    def turn(self, calendar: Calendar) -> tuple[datetime, str]:
        """When somebody may be reminded of what is due now, and why not at once."""
        if calendar not in self._turns:
            leaves_at, rests = working_time.next_time(calendar, self.at)
            why = (Why.HOLIDAY if rests else Why.QUIET) if leaves_at > self.at else Why.NONE
            self._turns[calendar] = leaves_at, why
        return self._turns[calendar]

    def mail(self, message: Message, row: Reminder, calendar: Calendar | None) -> None:
        """Write a mail down that leaves when its reader may be disturbed; `calendar` None: at once."""
        leaves_at, why = self.turn(calendar) if calendar else (self.at, Why.NONE)
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
        kept = [row for row in self.rows if row.message_id is None or row.message_id in new]
        Reminder.objects.bulk_create(kept)
        if any(one.next_try_at <= self.at for one in self.mails):
            ring_on_commit("candidates.post.tasks.send_due")


def queue(asked: Sequence[Ask], *, at: datetime) -> None:
    """Write down what becomes of the reminders of these asks that are due; of several of one ask the latest goes."""
    ledger = Ledger(at)
    for one in asked:
        *missed, latest = _due(one, at)
        for time in missed:
            ledger.leave_out(_row(one, time, at), Why.LATE)
        _remind(ledger, one, _row(one, latest, at))
    overtake(asked)
    ledger.write()


def overtake(asked: Iterable[Ask], *, because: str = OVERTAKEN) -> None:
    """Reminders of these asks that still wait for their time do not leave any more."""
    waiting = Message.objects.filter(ask__in=[one.pk for one in asked], status=Message.Status.QUEUED)
    waiting.filter(key__startswith="remind:").update(status=Message.Status.CANCELLED, error=because)


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


def _remind(ledger: Ledger, asked: Ask, row: Reminder) -> None:
    if not asked.is_wanted:
        ledger.leave_out(row, Why.CLOSED)
    elif not asked.email:
        ledger.leave_out(row, Why.NOBODY)
    elif reads_digest(asked.user):
        ledger.leave_out(row, Why.DIGEST)
    else:
        key = f"remind:{asked.pk}:{row.due_at:%Y%m%dT%H%M}"
        ledger.mail(reminder_of(asked, key=key, at=ledger.at), row, calendars.of(asked))


def _due(asked: Ask, at: datetime) -> list[datetime]:
    """The times of an ask that have come since the last look, in order."""
    first = asked.remind_at or at
    return sorted({first, *(time for time in asked.remind_later if first < time <= at)})


def _row(asked: Ask, time: datetime, at: datetime) -> Reminder:
    """`remind_later` keeps all times after the first one, so that the how manieth this is can be counted."""
    row = Reminder(ask=asked, due_at=time, at=at, number=1 + sum(later <= time for later in asked.remind_later))
    row.is_last = not any(later > time for later in asked.remind_later)
    return row


@cache
def _own_words(first: str) -> str:
    """A mail may have a reminder in its own words beside it, `<app>/<name>_due`; most have not."""
    try:
        get_template(f"emails/{first}_due.txt", using="text")
    except TemplateDoesNotExist:
        return ""
    return f"{first}_due"
