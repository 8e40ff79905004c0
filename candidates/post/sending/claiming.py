"""Whose a mail is: workers claim what is due, give back what they do not come to, and lose what they held too long.

A claim is the number of `attempts` that it made: whoever writes with another number lost the mail to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from candidates.post.models import Message, MessageQuerySet
from candidates.post.rendering import LONG

# How long a claim holds. After it a killed worker's mails are anybody's; with a sweep every 30 s that is within three
# minutes. It outlasts a batch: none is begun after `SHARE` of it, and one mail takes at most eight answers of 10 s.
LEASE = timedelta(seconds=140)
SHARE = LEASE / 3
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MOST_DEATHS = 12  # of workers while they sent one and the same mail, until it is left to a person
RELATED = ("application__candidate", "application__job", "ask")
KEPT = ("subject", "text", "html", "error")  # what was written down of an earlier try; long, and about to be replaced

CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id, next_try_at FROM candidates_message WHERE status = 'queued' AND next_try_at <= %(at)s AND {which}
    ORDER BY priority, next_try_at LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE candidates_message AS message
SET claimed_at = %(at)s, attempts = message.attempts + 1,
    status = CASE WHEN solemn THEN 'queued' ELSE 'sending' END,
    next_try_at = CASE WHEN solemn THEN %(until)s ELSE message.next_try_at END
FROM due WHERE message.id = due.id
RETURNING message.id, message.attempts, message.solemn, message.priority, due.next_try_at
"""
GIVE_BACK = """
UPDATE candidates_message AS message
SET status = 'queued', attempts = message.attempts - 1, claimed_at = NULL, next_try_at = back.next_try_at
FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[]) AS back (id, attempts, next_try_at)
WHERE message.id = back.id AND message.attempts = back.attempts AND message.status IN ('queued', 'sending')
"""
TAKE_BACK = """
UPDATE candidates_message
SET status = CASE WHEN solemn THEN 'uncertain' WHEN attempts >= %(most)s THEN 'failed' ELSE 'queued' END,
    error = 'The worker ended while sending.',
    next_try_at = %(at)s + CASE WHEN attempts < 3 THEN interval '0'
        ELSE least(%(first)s * power(2, least(attempts, 10) - 1), %(longest)s) END
WHERE status = 'sending' AND (claimed_at < %(before)s OR claimed_at > %(after)s)
"""


TO_SEND = (Message.Status.QUEUED, Message.Status.SENDING)  # in a worker's hands; solemn ones wait to be announced


@dataclass(frozen=True)
class Claim:
    """One mail in this worker's hands: which, by which attempt, and since when it was due."""

    pk: UUID
    attempts: int
    solemn: bool
    priority: int
    due_at: datetime


def claim_due(*, at: datetime, most: int, urgent_only: bool = False) -> list[Claim]:
    """Take up to `most` due mails that nobody else has: what somebody waits for at the screen first, then the oldest.

    Solemn ones are only put aside for the time of the lease: they count as being sent when `announce` says so.
    """
    which = "priority <= %(priority)s"
    return _claim(which, at=at, most=most, priority=Message.Priority.URGENT if urgent_only else Message.Priority.LATER)


def claim(pk: str | UUID, *, at: datetime) -> Claim | None:
    """Take this one; None when it is not due or another has it."""
    return next(iter(_claim("id = %(pk)s", at=at, most=1, pk=pk)), None)


def _claim(which: str, *, at: datetime, most: int, **told: Any) -> list[Claim]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(which=which), {"at": at, "until": at + LEASE, "most": most, **told})
        claims = [Claim(*row) for row in cursor.fetchall()]
    return sorted(claims, key=lambda one: (one.priority, one.due_at))


def read(claims: Iterable[Claim]) -> dict[UUID, Message]:
    """The claimed mails with all that they tell of, as it stands now; without those that are ours no longer."""
    attempts = {one.pk: one.attempts for one in claims}
    found = Message.objects.select_related(*RELATED).defer(*LONG, *KEPT).in_bulk(list(attempts))
    messages = {pk: one for pk, one in found.items() if one.status in TO_SEND and one.attempts == attempts[pk]}
    for message in messages.values():
        if message.ask and message.application and message.ask.application_id == message.application_id:
            message.ask.application = message.application  # templates ask for it
    return messages


def announce(claimed: Claim, *, at: datetime) -> bool:
    """Write down that a solemn mail is handed over now; False when somebody held it back or has it meanwhile."""
    return mine(claimed).filter(status=Message.Status.QUEUED).update(status=Message.Status.SENDING, claimed_at=at) == 1


def mine(claimed: Claim) -> MessageQuerySet:
    """The row, as long as no later claim and no person's word stands in it.

    A worker that was slow may still say what became of its mail, though others gave it up: it knows.
    """
    open_ones = (Message.Status.SENDING, Message.Status.QUEUED, Message.Status.UNCERTAIN)
    return Message.objects.filter(pk=claimed.pk, attempts=claimed.attempts, status__in=open_ones)


def give_back(claims: Sequence[Claim], *, until: Sequence[datetime] | None = None) -> None:
    """Let others have what this worker does not send now; that was no attempt.

    Args:
        until: when each is due again; without, since when it was.
    """
    if not claims:
        return
    times = until or [one.due_at for one in claims]
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [[one.pk for one in claims], [one.attempts for one in claims], list(times)])


def take_back(*, at: datetime) -> int:
    """Free what workers held that died, also those whose clock was ahead. Returns how many.

    Solemn mails may have left or not: they go to a person. So does a mail that killed a dozen workers; one that killed
    three waits longer and longer, so that it cannot keep all of them busy with dying.
    """
    times: dict[str, Any] = {
        "at": at,
        "before": at - LEASE,
        "after": at + LEASE,
        "first": FIRST_PAUSE,
        "longest": LONGEST_PAUSE,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"most": MOST_DEATHS, **times})
        return int(cursor.rowcount)


def next_pause(attempts: int) -> timedelta:
    """How long a mail waits after so many attempts: half a minute, doubled each time, an hour at most."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
