"""What a person decides about rows that the engine could not finish by itself, beside sending them again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import DocumentText
from candidates.pipeline import NotAllowed
from candidates.post import holding
from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Message

Status = Message.Status
LET_GO = "mail.let_go"
UNSETTLED = (Status.FAILED, Status.UNCERTAIN, Status.HELD)


@transaction.atomic
def let_go(message: Message, *, at: datetime, by: Actor) -> None:
    """Give up a mail that failed, perhaps left, or is held: it is not sent any more. Why it was so stays with it.

    Raises:
        NotAllowed: somebody settled it meanwhile; or it is held and tells what was decided, so that whoever cancels it
            has to say that its reader is then not told.
    """
    if message.status == Status.HELD and holding.tells(message):
        raise NotAllowed(
            _("Without this mail they are not told what was decided. Release it, or cancel it on its own page.")
        )
    if not Message.objects.filter(pk=message.pk, status__in=UNSETTLED).update(status=Status.CANCELLED):
        raise NotAllowed(_("Somebody settled this mail meanwhile."))
    if message.application:
        pipeline.record(message.application, LET_GO, at=at, by=by, message=str(message.pk))


@transaction.atomic
def read_again(words: DocumentText, *, at: datetime) -> None:
    """Have a document read once more whose words could not be read.

    Raises:
        NotAllowed: it is being read, or was read meanwhile.
    """
    unread = DocumentText.objects.filter(pk=words.pk, state=DocumentText.State.FAILED)
    if not unread.update(state=DocumentText.State.WAITING, attempts=0, next_try_at=at, error=""):
        raise NotAllowed(_("This document is being read already."))
    ring_on_commit("candidates.people.tasks.read", words.document_id)
