"""Writing down what became of mails: those that left many at once, the others one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from candidates.post.mail import TRIED_SINCE
from candidates.post.models import Message
from candidates.post.rendering import Mail
from candidates.post.sending.claiming import Claim, mine, next_pause
from candidates.post.sending.failures import Failure

GIVE_UP_AFTER = timedelta(days=5)
SENT = """
UPDATE candidates_message AS message
SET status = 'sent', error = '', sent_at = told.at, "to" = told.reader, subject = told.subject, text = told.text,
    html = told.html, message_id = told.message_id
FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS told (id, attempts, at, reader, subject, text, html, message_id)
WHERE message.id = told.id AND message.attempts = told.attempts AND message.status IN ('sending', 'queued', 'uncertain')
"""


@dataclass(frozen=True)
class Sent:
    """A mail that left: when, to whom, in which words, as which."""

    claim: Claim
    at: datetime
    to: str
    mail: Mail
    message_id: str


def write_sent(left: Sequence[Sent]) -> None:
    """Write down all that left, in one statement."""
    if not left:
        return
    columns = [list(column) for column in zip(*map(_row, left), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(SENT, columns)


def _row(one: Sent) -> tuple[object, ...]:
    words = (one.mail.subject[:250], one.mail.text, one.mail.html)
    return (one.claim.pk, one.claim.attempts, one.at, one.to, *words, one.message_id[:250])


def write_cancelled(claimed: Claim, why: str) -> str:
    """It should not leave any more."""
    mine(claimed).update(status=Message.Status.CANCELLED, error=why)
    return Message.Status.CANCELLED


def write_failed(message: Message, claimed: Claim, error: Exception, failure: Failure, *, at: datetime) -> str:
    """It did not leave, or perhaps: tried again later, given up, or left to a person. Returns its new status."""
    fields = _after(message, claimed, failure, at)
    mine(claimed).update(error=f"{type(error).__name__}: {error}"[:500].replace("\0", ""), **fields)
    return str(fields["status"])


def _after(message: Message, claimed: Claim, failure: Failure, at: datetime) -> dict[str, Any]:
    if failure.is_final:
        return {"status": Message.Status.FAILED}
    if message.solemn and failure.may_have_left:
        return {"status": Message.Status.UNCERTAIN}
    data = message.data if isinstance(message.data, dict) else {"": message.data}  # what is mad is kept
    since = data.get(TRIED_SINCE) or at.isoformat()
    if at - datetime.fromisoformat(since) > GIVE_UP_AFTER:
        return {"status": Message.Status.FAILED}
    pause = {"status": Message.Status.QUEUED, "next_try_at": at + next_pause(claimed.attempts)}
    return pause | {"data": data | {TRIED_SINCE: since}}
