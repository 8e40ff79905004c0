"""What is reported of our mails: kept once each, in whatever order it comes. A mail that came back is somebody's task.

A report only ever adds: "delivered" after "came back" takes nothing away, as servers deliver to one address and give
up on another, or tell late. The flag and the tasks hang on one conditional update, so that they happen once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import NotAllowed
from candidates.post.doorbell import ring_on_commit
from candidates.post.inbound import addresses, placing
from candidates.post.inbound.models import DeliveryReport
from candidates.post.models import GRADING, Message
from candidates.post.rendering import LONG, address
from candidates.post.to_dos import actions as to_dos
from candidates.post.to_dos.models import ToDo
from candidates.sourcing import actions as sourcing
from candidates.sourcing.models import PoolMember

Kind = DeliveryReport.Kind
CORRECTED_WITHIN = timedelta(days=1)
LONGEST_KEY, LONGEST_WHY = 200, 200
TO_WHOM_IT_IS_TOLD = ("candidates/to_do", "candidates/replied")  # a task about the mail of a task would never end


@dataclass(frozen=True)
class News:
    """One thing that was told of one mail. `key` is what makes it the same when it is told twice."""

    key: str
    provider: str
    kind: Kind
    happened_at: datetime
    address: str = ""
    words: str = ""


@transaction.atomic
def report(news: News, *, message: Message | None, at: datetime) -> DeliveryReport:
    """Keep what was told, once; when the mail came back, flag it and give its recruiters a task.

    Args:
        message: which mail; None when it is none that we know, which is kept and shown.
    """
    told = {"provider": news.provider[:40], "kind": news.kind, "at": news.happened_at, "received_at": at}
    told |= {"address": news.address[:254], "told": news.words, "message": message}
    row, is_new = DeliveryReport.objects.get_or_create(key=news.key[:LONGEST_KEY], defaults=told)
    if is_new and news.kind == Kind.COMPLAINED:
        _leave_the_pool(news.address or (message.to if message else ""), at)
    if is_new and message and news.kind in (Kind.BOUNCED, Kind.COMPLAINED):
        _flag(message, news, at)
    return row


def find(message_ids: Iterable[str], keys: Iterable[object] = ()) -> Message | None:
    """Our mail that a report is about: by our own key that a provider gives back, or by its Message-ID."""
    ids = [one.strip("<> ") for one in message_ids if one]
    known = [UUID(key) for key in map(str, keys) if addresses.UUID_FORM.fullmatch(key)]
    found = placing.find_all(ids, [*known, *addresses.own_keys(ids)])
    return found[0] if found else None


@transaction.atomic
def send_again(message: Message, *, at: datetime, by: Actor) -> None:
    """Send a mail that came back once more, now that the address was corrected.

    Raises:
        NotAllowed: it did not come back, still goes to the same address, or is not wanted any more.
    """
    fresh = Message.objects.select_related("application__candidate", "ask").defer(*LONG).get(pk=message.pk)
    if address(fresh).lower() == fresh.to.lower():
        raise NotAllowed(_("It would go to the same address again. Correct that first."))
    if fresh.ask and not fresh.ask.is_open and not fresh.outlives_ask:
        raise NotAllowed(_("What it asks for is answered or not wanted any more."))
    back = Message.objects.filter(pk=fresh.pk, status=Message.Status.SENT, returned_at__isnull=False)
    fields = {"status": Message.Status.QUEUED, "next_try_at": at, "error": "", "attempts": 0, "claimed_at": None}
    if not back.update(**fields, returned_at=None, returned=""):
        raise NotAllowed(_("Only a mail that came back can be sent to another address."))
    if fresh.application:
        pipeline.record(fresh.application, "mail.sent_again", at=at, by=by, message=str(fresh.pk))
    ring_on_commit("candidates.post.tasks.send", str(fresh.pk))


def _flag(message: Message, news: News, at: datetime) -> None:
    """Once for each mail, whoever tells it and however often."""
    why = " ".join(news.words.split())[:LONGEST_WHY] or str(news.kind.label)
    if not Message.objects.filter(pk=message.pk, returned_at=None).update(returned_at=at, returned=why):
        return
    if message.application:
        by = Actor(ActorKind.OUTSIDER, news.provider[:200])
        pipeline.record(message.application, "mail.returned", at=at, by=by, message=str(message.pk), kind=news.kind)
        if message.template not in TO_WHOM_IT_IS_TOLD:
            _give_tasks(message, news, at=at, by=by)


def _give_tasks(message: Message, news: News, *, at: datetime, by: Actor) -> None:
    application = message.application
    assert application is not None
    is_complaint = news.kind == Kind.COMPLAINED
    for recruiter in application.job.recruiters.filter(is_active=True).exclude(email__iexact=message.to):
        if to_dos.is_blind(recruiter, application):
            continue
        to_dos.give(
            application,
            colleague=recruiter,
            kind=ToDo.Kind.COMPLAINT if is_complaint else ToDo.Kind.BOUNCE,
            title=_("A mail was called spam") if is_complaint else _("A mail came back: correct the address"),
            words=_words(message, news),
            due_at=at + CORRECTED_WITHIN,
            at=at,
            by=by,
            message=message,
        )


def _words(message: Message, news: News) -> str:
    """What to do. Who grades written work is told to nobody before the judgements open."""
    if message.ask and message.ask.page == GRADING:
        return _("A mail to somebody who was asked to grade written work came back. Look at who was asked.")
    told = {"address": news.address or message.to, "subject": message.subject or message.template}
    if news.kind == Kind.COMPLAINED:
        return _("%(address)s called the mail “%(subject)s” spam. Write to them only if they expect it.") % told
    asked = _("The mail “%(subject)s” to %(address)s came back. Correct the address, then send it again.") % told
    return f"{asked}\n\n{_('Their server says: %s') % news.words[:500]}" if news.words else asked


def _leave_the_pool(email: str, at: datetime) -> None:
    """Whoever calls our mails spam gets none about jobs any more."""
    for member in PoolMember.objects.filter(candidate__email__iexact=email, left_at=None) if email else ():
        sourcing.leave(member, at=at)
