"""What a person decides about mails that the outbox could not finish by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post.doorbell import ring_on_commit
from candidates.post.mail import TRIED_SINCE
from candidates.post.models import Message

Status = Message.Status


@transaction.atomic
def send_again(message: Message, *, at: datetime, by: Actor) -> None:
    """Queue a mail once more that failed or perhaps did not leave, with the same Message-ID.

    Raises:
        NotAllowed: it is neither failed nor in doubt (any more).
    """
    unsettled = Message.objects.filter(pk=message.pk, status__in=[Status.FAILED, Status.UNCERTAIN])
    fields = {"status": Status.QUEUED, "next_try_at": at, "error": "", "attempts": 0, "claimed_at": None}
    anew = {name: value for name, value in message.data.items() if name != TRIED_SINCE}
    if not unsettled.update(**fields, data=anew):
        raise NotAllowed(_("Only a mail that failed or was perhaps sent can be sent again."))
    if message.application:
        pipeline.record(message.application, "mail.sent_again", at=at, by=by, message=str(message.pk))
    ring_on_commit("candidates.post.tasks.send", str(message.pk))


@transaction.atomic
def was_sent(message: Message, *, at: datetime, by: Actor) -> None:
    """Settle a mail in doubt: somebody knows that it arrived.

    Raises:
        NotAllowed: it is not in doubt (any more).
    """
    doubtful = Message.objects.filter(pk=message.pk, status=Status.UNCERTAIN)
    if not doubtful.update(status=Status.SENT, sent_at=at, error=""):
        raise NotAllowed(_("Only a mail that was perhaps sent can be marked as sent."))
    if message.application:
        pipeline.record(message.application, "mail.was_sent", at=at, by=by, message=str(message.pk))
