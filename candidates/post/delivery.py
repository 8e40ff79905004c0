"""The outbox: a worker claims what is due after the commit, sends it, and writes down what became of it."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from candidates.post import threads
from candidates.post.mail import LEAVES_BY
from candidates.post.mime import email
from candidates.post.models import Message
from candidates.post.rendering import LONG, address, render

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)
FAILURES_IN_A_ROW = 3


def deliver(pk: str, *, at: datetime, connection: BaseEmailBackend | None = None) -> str | None:
    """Send one due message and return its new status; None when another worker has it.

    Between the claim and the end a worker may die: after the lease another one sends it again with the same
    Message-ID, except solemn mails, which a person decides on (`settle_uncertain`).
    """
    if not claim(pk, at=at):
        return None
    related = ("application__candidate", "application__job", "ask")
    message = Message.objects.select_related(*related).defer(*LONG).get(pk=pk)
    if obstacle := _obstacle(message, at):
        return _finish(message, status=Message.Status.CANCELLED, error=obstacle)
    try:
        mail = render(message)
        thread = threads.of([message]).get(message.pk, threads.NEW)
        email(message, mail, thread=thread, connection=connection).send()
    except Exception as error:  # a broken template or a mad server must not stop the mails behind it
        if connection:
            connection.close()  # what failed once may be broken for the next mail
        return _finish(message, **_after_failure(message, error, at))
    return _finish(
        message,
        status=Message.Status.SENT,
        sent_at=at,
        error="",
        subject=mail.subject[:250],
        text=mail.text,
        html=mail.html,
        message_id=threads.message_id(message),
        to=address(message),
    )


def claim(pk: str, *, at: datetime) -> bool:
    """Take the message for this worker; False when it is not due or another has it."""
    due = Message.objects.due(at, stale_before=at - LEASE).filter(pk=pk)
    return due.update(status=Message.Status.SENDING, claimed_at=at, attempts=F("attempts") + 1) == 1


def sweep(*, clock: Callable[[], datetime], most: int = 1000) -> int:
    """Deliver up to `most` due messages over one connection and return how many left.

    The clock is read for every message, because its lease counts from then. Failures in a row mean that the server
    is away: the rest keeps its turn for the next sweep.
    """
    settle_uncertain(at=clock())
    connection, left, failures = get_connection(), 0, 0
    try:
        for pk in _due_keys(clock(), most):
            _open(connection)
            status = deliver(pk, at=clock(), connection=connection)
            left += status == Message.Status.SENT
            failures = failures + 1 if status == Message.Status.QUEUED else 0
            if failures == FAILURES_IN_A_ROW:
                break
    finally:
        connection.close()
    return left


def settle_uncertain(*, at: datetime) -> int:
    """Hand solemn mails whose worker died in mid sending to a person: they may have left or not."""
    lost = Message.objects.filter(status=Message.Status.SENDING, solemn=True, claimed_at__lt=at - LEASE)
    return lost.update(status=Message.Status.UNCERTAIN, error="The worker ended while sending.")


def _open(connection: BaseEmailBackend) -> None:
    """Connect unless connected; a server that is away is the next mail's failure, which is kept with it."""
    with suppress(OSError, smtplib.SMTPException):
        connection.open()


def _due_keys(at: datetime, most: int) -> list[str]:
    due = Message.objects.due(at, stale_before=at - LEASE).order_by("next_try_at")
    return [str(pk) for pk in due.values_list("pk", flat=True)[:most]]


def _obstacle(message: Message, at: datetime) -> str:
    """Why the message should not leave any more, as of now."""
    if message.ask and not message.ask.is_open and not message.outlives_ask:
        return "Answered or cancelled meanwhile."
    stale_at = message.data.get(LEAVES_BY)
    return "Its time is past." if stale_at and at >= datetime.fromisoformat(stale_at) else ""


def _after_failure(message: Message, error: Exception, at: datetime) -> dict[str, Any]:
    """What becomes of a message that did not leave: tried again later, given up, or left to a person."""
    told = f"{type(error).__name__}: {error}"[:500]
    if _refused_for_good(error):
        return {"status": Message.Status.FAILED, "error": told}
    if message.solemn and not _never_left(error):
        return {"status": Message.Status.UNCERTAIN, "error": told}
    if at - message.created_at > GIVE_UP_AFTER:
        return {"status": Message.Status.FAILED, "error": told}
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), LONGEST_PAUSE)
    return {"status": Message.Status.QUEUED, "next_try_at": at + pause, "error": told}


def _refused_for_good(error: Exception) -> bool:
    """A 5xx for the recipient will not change by itself."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return False


def _never_left(error: Exception) -> bool:
    """Whether the server certainly did not take the mail: it refused, or we never reached it."""
    return isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ConnectionRefusedError)


def _finish(message: Message, **fields: Any) -> str:
    """Write the outcome, unless the lease ran out and another worker has the message by now."""
    mine = Message.objects.filter(pk=message.pk, status=Message.Status.SENDING, attempts=message.attempts)
    mine.update(**fields)
    return str(fields["status"])
