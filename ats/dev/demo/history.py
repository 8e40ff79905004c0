"""What the post did while the stories happened: reminders at their time, mails sent at theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from candidates.post import rendering
from candidates.post.models import Ask, Message
from candidates.post.reminding import actions as reminding
from interviews.models import Interview

ON_ITS_WAY = timedelta(seconds=4)


def remind(*, now: datetime) -> None:
    """Queue the reminders that fell due before the present, each at its time."""
    Interview.objects.filter(starts_at__lte=now).update(remind_at=None)  # both sides came
    while due := Ask.objects.reminders_due(now).order_by("remind_at").values_list("remind_at", flat=True).first():
        reminding.remind_due(at=due)


def settle(*, now: datetime) -> None:
    """Mark the mails of the past as sent at their time, with the words they had, so that none of them leaves now.

    Call it in the transaction that queued them: a worker never sees them waiting. What is to leave later stays.
    """
    waiting = Message.objects.filter(status=Message.Status.QUEUED, next_try_at__lt=now)
    messages = list(waiting.select_related("application__candidate", "application__job", "ask"))
    for message in messages:
        _settle(message)
    Message.objects.bulk_update(messages, ["status", "sent_at", "attempts", "subject", "text", "error"], batch_size=200)


def _settle(message: Message) -> None:
    ended = message.ask and (message.ask.answered_at or message.ask.cancelled_at)
    if ended and ended <= message.next_try_at:
        message.status, message.error = Message.Status.CANCELLED, "Answered or cancelled meanwhile."
        return
    rendered = rendering.render(message)
    message.status, message.sent_at, message.attempts = Message.Status.SENT, message.next_try_at + ON_ITS_WAY, 1
    message.subject, message.text = rendered.subject[:250], rendered.text
