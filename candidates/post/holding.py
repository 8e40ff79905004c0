"""What a person decides about mails that wait: their words, their time, and whether they leave at all.

Each is one conditional update, so that of a person and the outbox one is first: a mail that is being sent, or has
left, is changed by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import rendering, texts
from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Ask, Message

Status = Message.Status
WAITING = (Status.QUEUED, Status.HELD)
LINK_MARK = "{link}"
LONGEST_SUBJECT, LONGEST_TEXT = 200, 10_000
# What tells of something that has happened: without it, somebody is rejected or hired and does not know.
TELLS = ("candidates/rejected", "candidates/hired", "candidates/withdrawn", "trials/ended", "trials/offer_taken_back")


def undo_time() -> timedelta:
    """How long solemn mails that a person causes wait, so that they can be taken back."""
    return timedelta(minutes=settings.SOLEMN_MINUTES)


def waiting(application: Any) -> QuerySet[Message]:
    """The mails about `application` that a person can still change, the next one to leave first."""
    return Message.objects.filter(application=application, status__in=WAITING).order_by("next_try_at", "pk")


def words_of(message: Message) -> texts.Words:
    """The words of a mail that waits, as a person may change them: all filled in but the personal link."""
    return as_words(rendering.render(message))


def as_words(mail: rendering.Mail) -> texts.Words:
    """The words of a rendered mail with `{link}` in the place of the personal link."""
    return texts.Words(mail.subject, mail.text.replace(rendering.LINK, LINK_MARK).strip())


def lost_link(message: Message, text: str) -> bool:
    """Whether `text` lacks the link that the words of `message` had, without which its reader can do nothing."""
    return LINK_MARK in words_of(message).text and LINK_MARK not in text


@transaction.atomic
def reword(message: Message, *, subject: str, text: str, at: datetime, by: Actor) -> None:
    """Send this mail, and no other, in these words.

    Args:
        subject: a line of at most 200 characters.
        text: at most 10,000 characters, in which `{link}` stands for the personal link.

    Raises:
        NotAllowed: it is being sent or does not wait any more, or the words cannot be sent.
    """
    subject, text = texts.one_line(subject), texts.plain(text).strip()
    if not subject or not text or len(subject) > LONGEST_SUBJECT or len(text) > LONGEST_TEXT:
        raise NotAllowed(_("A mail has a subject and a text, and neither without end."))
    if lost_link(message, text):
        raise NotAllowed(_("Write {link} somewhere: it stands for their personal link, which they need."))
    message.own_words = {"subject": subject, "text": text}
    _change(message, WAITING, {"own_words": message.own_words})
    _record(message, "mail.reworded", at, by)


@transaction.atomic
def hold(message: Message, *, reason: str = "", at: datetime, by: Actor) -> None:
    """Keep a mail back until somebody releases or cancels it; it does not leave by itself.

    Raises:
        NotAllowed: it is being sent or does not wait any more.
    """
    told = _("Held back by %(name)s.") % {"name": by.name}
    _change(message, (Status.QUEUED,), {"status": Status.HELD, "error": " ".join([told, reason.strip()]).strip()})
    _record(message, "mail.held", at, by, reason=reason.strip())


@transaction.atomic
def release(message: Message, *, at: datetime, by: Actor) -> None:
    """Let a mail go that was held: at its time, or at once when that is past.

    Raises:
        NotAllowed: nobody holds it any more.
    """
    _change(message, (Status.HELD,), {"status": Status.QUEUED, "error": "", "attempts": 0, "claimed_at": None})
    _record(message, "mail.released", at, by)
    if message.next_try_at <= at:
        ring_on_commit("candidates.post.tasks.send", str(message.pk))


@transaction.atomic
def send_now(message: Message, *, at: datetime, by: Actor) -> None:
    """Let a mail leave at once that would wait; what it asks for is asked from now on.

    Raises:
        NotAllowed: it is being sent or does not wait any more.
    """
    fields = {"status": Status.QUEUED, "next_try_at": at, "error": "", "attempts": 0, "claimed_at": None}
    _change(message, WAITING, fields)
    if message.ask_id and message.key == f"ask:{message.ask_id}":
        Ask.objects.filter(pk=message.ask_id, opens_at__gt=at).update(opens_at=at)
    _record(message, "mail.hurried", at, by)
    ring_on_commit("candidates.post.tasks.send", str(message.pk))


@transaction.atomic
def cancel(message: Message, *, reason: str, at: datetime, by: Actor, is_untold: bool = False) -> None:
    """Do not send a mail that waits.

    Args:
        reason: in words, for colleagues.
        is_untold: of a mail that tells what has happened, that somebody knows that its reader is then not told.

    Raises:
        NotAllowed: it is being sent or does not wait any more; there is no reason; or nobody said `is_untold`.
    """
    if not reason.strip():
        raise NotAllowed(_("Say why, for your colleagues."))
    if tells(message) and not is_untold:
        raise NotAllowed(_("Without this mail they are not told what was decided. Say that you know that."))
    told = _("Cancelled by %(name)s: %(reason)s") % {"name": by.name, "reason": reason.strip()}
    _change(message, WAITING, {"status": Status.CANCELLED, "error": told[:500]})
    _record(message, "mail.cancelled", at, by, reason=reason.strip())


def tells(message: Message) -> bool:
    """Whether its reader learns by this mail alone what has happened."""
    return message.template in TELLS


def _change(message: Message, come_from: Iterable[str], fields: dict[str, Any]) -> None:
    if not Message.objects.filter(pk=message.pk, status__in=list(come_from)).update(**fields):
        raise NotAllowed(_("This mail does not wait any more: it is being sent, has left or was settled."))


def _record(message: Message, name: str, at: datetime, by: Actor, **data: Any) -> None:
    if message.application:
        pipeline.record(message.application, name, at=at, by=by, message=str(message.pk), **data)
