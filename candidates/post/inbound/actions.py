"""Taking a mail in: placed, set aside or ignored, but never lost, and once however often it comes.

Each mail is one transaction. What goes wrong in it is put in quarantine with its bytes; what goes wrong around it
(the database away, the disk full) is raised, so that whoever brought the mail brings it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import Message as Parsed

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, DataError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates import pipeline
from candidates.people import documents
from candidates.people.actors import Actor
from candidates.people.documents import NotStored
from candidates.people.filetypes import FileType
from candidates.people.models import Application, Document
from candidates.pipeline import NotAllowed
from candidates.post.inbound import addresses, placing, reading, reports, returning, telling
from candidates.post.inbound.models import Reply
from candidates.post.inbound.placing import Place
from candidates.post.inbound.reading import File, Letter, Unreadable
from candidates.post.inbound.returning import News

State = Reply.State
RAW_LIVES = timedelta(days=30)
EML = FileType("mail", "message/rfc822", ".eml")
NO_PAPERS = {  # what mail programs attach by themselves
    *("text/calendar", "text/vcard", "text/x-vcard", "text/html", "application/ics"),
    *("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"),
}
LOOP, LOOP_WITHIN = 100, timedelta(hours=1)
OUR_OWN = gettext_noop("We sent it ourselves.")
LOOPING = gettext_noop("Its sender wrote a hundred times within an hour: two machines that answer each other.")
SPAM = gettext_noop("The mail provider takes it for spam.")
ODD = gettext_noop("Something in it is so odd that we could not read it.")
TOO_LARGE = gettext_noop("It is larger than 25 MB and was not fetched.")


def take(
    raw: bytes, *, way: Reply.Way, at: datetime, recipients: Sequence[str] = (), is_spam: bool = False
) -> Reply | None:
    """Take one mail in. None when it was a report on mails of ours, which is kept as that.

    Args:
        raw: its bytes.
        way: how it came.
        at: now.
        recipients: to whom it was delivered, as far as whoever brings it knows.
        is_spam: whether the provider says so.

    Raises:
        NotStored, DatabaseError: it could not be kept just now; bring it again.
    """
    try:
        parsed = reading.parse(raw)
        if told := reports.read(parsed):
            _report(told, parsed, raw, at)
            return None
        return _keep(reading.read(parsed, raw, recipients=recipients), raw, way=way, at=at, is_spam=is_spam)
    except DataError:  # brought again it would be refused again, and the mails behind it with it
        return quarantine(raw, way=way, why=ODD, at=at)
    except (NotStored, DatabaseError):
        raise
    except Unreadable as error:
        return quarantine(raw, way=way, why=str(error), at=at)
    except Exception:  # what strangers write must not stop the mails behind it
        return quarantine(raw, way=way, why=ODD, at=at)


def quarantine(raw: bytes, *, way: Reply.Way, why: str, at: datetime, name: str = "", size: int | None = None) -> Reply:
    """Keep what cannot be read: its bytes for a while, and a row that says why.

    Args:
        name: what makes it the same when it comes twice, if its bytes do not.
        size: of the whole, when `raw` is not all of it.
    """
    key = name or reading.digest(raw)
    row = {"way": way, "received_at": at, "state": State.QUARANTINED, "why": why[:200]}
    with documents.atomic():
        reply, is_new = Reply.objects.get_or_create(message_id=key[:250], defaults=row | {"size": size or len(raw)})
        if is_new and raw:
            reply.raw = _hold(raw, at)
            reply.save(update_fields=["raw"])
    return reply


def place(reply: Reply, application: Application, *, of_candidate: bool, at: datetime, by: Actor) -> None:
    """A colleague says where a mail belongs that we could not place, or placed by its address alone.

    Args:
        of_candidate: whether the candidate wrote it: then its files are theirs, and nobody's judgement is in it.

    Raises:
        NotAllowed: somebody placed it before.
    """
    with documents.atomic():
        locked = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
        if locked.state == State.TAKEN and not locked.why:
            raise NotAllowed(_("Somebody has placed this mail by now."))
        locked.state, locked.why, locked.application = State.TAKEN, "", application
        locked.of_candidate, locked.seen_at = of_candidate, at
        locked.files = _files(_attached(locked), application if of_candidate else None, at)
        locked.save(update_fields=["state", "why", "application", "of_candidate", "seen_at", "files"])
        pipeline.record(application, "mail.placed", at=at, by=by, reply=locked.pk)


def set_aside(reply: Reply, *, at: datetime) -> None:
    """A colleague says that nobody need read it.

    Raises:
        NotAllowed: it belongs to an application by now.
    """
    unplaced = Reply.objects.filter(pk=reply.pk).exclude(state=State.TAKEN)
    if not unplaced.update(state=State.IGNORED, seen_at=at):
        raise NotAllowed(_("Somebody has placed this mail by now."))


def _keep(letter: Letter, raw: bytes, *, way: Reply.Way, at: datetime, is_spam: bool) -> Reply:
    """One transaction: the row, its bytes and files, the event, the mails to the recruiters."""
    with documents.atomic():
        found, place = _judged(letter, at, is_spam=is_spam)
        reply = found | {"way": way, "sender": letter.sender, "subject": letter.subject, "text": letter.text}
        reply |= {"received_at": at, "size": letter.size}
        row, is_new = Reply.objects.get_or_create(message_id=letter.message_id, defaults=reply)
        if not is_new:
            return row
        if row.why != LOOPING:
            row.raw = _hold(raw, at)
        owner = place.application if row.state == State.TAKEN and row.of_candidate and place.is_certain else None
        row.files = _files(letter.files, owner, at)
        row.save(update_fields=["raw", "files"])
        if row.state == State.TAKEN:
            telling.tell(row, at=at)
        return row


def _judged(letter: Letter, at: datetime, *, is_spam: bool) -> tuple[dict[str, object], Place]:
    """What is to become of it, as fields of the row, and where it belongs."""
    place = placing.find(letter)
    kept = {"application": place.application, "answers": place.answers}
    if why := _ignored(letter, at):
        return kept | {"state": State.IGNORED, "why": why}, place
    if is_spam:
        return kept | {"state": State.QUARANTINED, "why": SPAM}, place
    state = State.TAKEN if place.application else State.UNKNOWN
    of_candidate = placing.is_of_candidate(place, letter.sender)
    return kept | {"state": state, "why": place.why, "of_candidate": of_candidate}, place


def _ignored(letter: Letter, at: datetime) -> str:
    """Why nobody need read it, if so."""
    if addresses.is_own(letter.sender):
        return OUR_OWN
    if letter.machine:
        return letter.machine
    lately = Reply.objects.filter(sender__iexact=letter.sender, received_at__gt=at - LOOP_WITHIN)
    return LOOPING if letter.sender and lately[:LOOP].count() == LOOP else ""


def _report(told: list[reports.Told], parsed: Parsed, raw: bytes, at: datetime) -> None:
    """Keep what a server told us by mail; twice the same mail is told once."""
    name = hashlib.sha256(reading.message_id(parsed, raw).encode("utf-8", "replace")).hexdigest()[:40]
    with transaction.atomic():
        for number, one in enumerate(told):
            news = News(f"mail:{name}:{number}", "mail", one.kind, at, one.address, one.words)
            returning.report(news, message=returning.find(one.message_ids), at=at)


def _files(files: Sequence[File], owner: Application | None, at: datetime) -> list[dict[str, object]]:
    """What came with it, as the row keeps it; what we take from candidates becomes a document of `owner`."""
    return [{"name": file.name, "size": len(file.content), "document": _document(file, owner, at)} for file in files]


def _document(file: File, owner: Application | None, at: datetime) -> int | None:
    if owner is None or not file.content or file.kind in NO_PAPERS:
        return None
    upload = SimpleUploadedFile(file.name, file.content)
    if documents.what_is_wrong(upload):
        return None
    digest = hashlib.sha256(file.content).hexdigest()
    if known := owner.documents.filter(sha256=digest).first():
        return known.pk
    return documents.store(owner, upload, kind=Document.Kind.OTHER, at=at).pk


def _attached(reply: Reply) -> list[File]:
    """The files of a mail whose bytes are still there."""
    if reply.raw is None:
        return []
    try:
        with reply.raw.file.open("rb") as file:
            raw = file.read()
        return reading.read(reading.parse(raw), raw).files
    except (OSError, Unreadable):
        return []


def _hold(raw: bytes, at: datetime) -> Document:
    upload = SimpleUploadedFile("mail.eml", raw)
    return documents.hold(upload, kind=Document.Kind.MAIL, at=at, until=at + RAW_LIVES, found=EML)
