"""What candidates do on their own page, besides withdrawing and asking for their data."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people import documents, family
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate, Document
from candidates.pipeline import NotAllowed
from candidates.post import mail
from candidates.post.models import Ask, Message

MOST_DOCUMENTS = 10
MOST_LINKS = 5
PAUSE = timedelta(minutes=10)


class SameAgain(Exception):
    """The file is there already, so nothing more is kept."""


def add_document(application: Application, upload: UploadedFile, *, at: datetime, by: Actor) -> Document:
    """Keep one more document of the candidate, for the recruiters.

    Args:
        application: theirs, while it is open.
        upload: a file that `documents.DocumentField` has let pass.

    Raises:
        NotAllowed: the application has ended, or holds as many documents as it may.
        SameAgain: the very same file came before.
        documents.NotStored: it could not be written; nothing is kept.
    """
    with documents.atomic():
        locked = pipeline.lock(application)
        if not locked.is_open:
            raise NotAllowed(_("Your application has ended, so we keep no more documents with it."))
        if locked.documents.filter(kind=Document.Kind.OTHER).count() >= MOST_DOCUMENTS:
            raise NotAllowed(
                _("You have added %d documents, and more we cannot keep. Reply to our mail if something is missing.")
                % MOST_DOCUMENTS
            )
        added = documents.store(locked, upload, kind=Document.Kind.OTHER, at=at)
        if locked.documents.filter(sha256=added.sha256, size=added.size).exclude(pk=added.pk).exists():
            raise SameAgain
        pipeline.record(locked, "document.added", at=at, by=by, document=added.pk)
    return added


@transaction.atomic
def choose(application: Application, *, language: str, zone: str) -> None:
    """Speak with the candidate in `language` and show times of `zone`; what they are still asked for follows."""
    spoken = {"language": language, "zone": zone}
    Candidate.objects.filter(pk=application.candidate_id).update(**spoken)
    theirs = Ask.objects.open().filter(application__candidate=application.candidate_id, role=Ask.Role.CANDIDATE)
    theirs.update(**spoken)


@transaction.atomic
def send_links(email: str, *, at: datetime) -> int:
    """Mail the links of their pages to somebody who lost them; returns how many mails that were.

    Nothing tells the asker whether the address is known. Pressed again within ten minutes it sends nothing.
    """
    theirs = Candidate.objects.alias(address=Lower("email")).filter(address=Lower(Value(email))).first()
    if theirs is None:
        return 0
    own = Application.objects.filter(candidate=family.head(theirs), duplicate_of=None)
    latest = own.select_related("candidate").defer("letter").order_by("-applied_at", "-pk")[:MOST_LINKS]
    return sum(send_link(one, at=at) for one in latest)


def send_link(application: Application, *, at: datetime) -> bool:
    """Mail the link of one application's page to its candidate; False when that was done minutes ago."""
    recent = application.messages.filter(template="portal/link", created_at__gt=at - PAUSE)
    if recent.exists():
        return False
    key = f"link:{application.pk}:{int(at.timestamp() // PAUSE.total_seconds())}"
    mail.queue(application, "portal/link", key=key, at=at, priority=Message.Priority.URGENT)
    return True
