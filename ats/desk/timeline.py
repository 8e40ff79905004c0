"""Everything that happened to an application in one stream: events, mails, notes; newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import mail_state, words
from ats.rejections.actions import PLANNED
from candidates.judging.models import Scorecard
from candidates.people.actors import ActorKind
from candidates.people.models import Application, Event, Note
from candidates.post import rendering, texts
from candidates.post.holding import WAITING
from candidates.post.inbound import quoting, telling
from candidates.post.inbound.models import Reply
from candidates.post.models import GRADING, MailText, Message
from interviews.completion import COMPLETE

MOST = 200  # of each kind: a page, not an archive
APPROVALS = ("trial.approved", "trial.approval_refused")  # which of both is a judgement
SOLVED = {Message.Status.SENT: "done", Message.Status.FAILED: "overdue", Message.Status.UNCERTAIN: "overdue"}


class Kind(TextChoices):
    """What the stream can be narrowed to."""

    EVENTS = "events", gettext_lazy("What happened")
    MAILS = "mails", gettext_lazy("Mails")
    NOTES = "notes", gettext_lazy("Notes")
    REPLIES = "replies", gettext_lazy("Mails that came in")


@dataclass(frozen=True)
class Entry:
    """One line of the stream."""

    kind: Kind
    at: datetime
    title: str
    by: str
    text: str = ""
    state: str = ""
    state_name: str = ""
    more: str = ""
    url: str = ""


@dataclass(frozen=True)
class Mails:
    """The latest mails, newest first, and the company's own words for those that have not left."""

    latest: list[Message]
    own_words: list[MailText]

    @property
    def are_all(self) -> bool:
        """Whether there are no older ones."""
        return len(self.latest) < MOST


def mails(application: Application, *, gradings: bool) -> Mails:
    """Those of `application`; of graders only where `gradings` may be told. Two queries at most."""
    left = application.messages.select_related("ask").order_by("-created_at")
    latest = list((left if gradings else left.exclude(ask__page=GRADING))[:MOST])
    unworded = {one.template for one in latest if not one.subject or one.status in WAITING}
    return Mails(latest, texts.own_words_of(unworded))


def events(application: Application) -> list[Event]:
    """The latest events, newest first."""
    return list(application.events.order_by("-pk")[:MOST])


def last_move(events: Iterable[Event]) -> Event | None:
    """The latest move among `events`, which come newest first."""
    return next((event for event in events if event.name.startswith("stage.")), None)


def entries(
    application: Application,
    happened: Iterable[Event],
    *,
    only: str = "",
    remarks: bool = True,
    gradings: bool = False,
    written: Mails | None = None,
) -> list[Entry]:
    """The stream of `application`, newest first.

    Args:
        happened: its events.
        only: a `Kind`; anything else is all.
        remarks: whether to tell notes and reasons, which say what colleagues think.
        gradings: whether to tell who graded written work: a third one says that two differed.
        written: its mails, when they are read already.
    """
    wanted = [Kind(only)] if only in Kind.values else list(Kind)
    found: list[Entry] = []
    if Kind.EVENTS in wanted:
        told = happened if gradings else (event for event in happened if not _is_grading(event))
        found += _events(told, remarks, gradings)
    if Kind.MAILS in wanted:
        found += _mails(application, written or mails(application, gradings=gradings), remarks)
    if Kind.REPLIES in wanted and getattr(application, "has_replies", True):
        found += _replies(application, gradings)
    if Kind.NOTES in wanted and remarks:
        found += _notes(application)
    return sorted(found, key=attrgetter("at"), reverse=True)


def _events(happened: Iterable[Event], remarks: bool, gradings: bool) -> Iterator[Entry]:
    """`gradings` also says whether to tell by whom a stage became complete: it may be the third grader."""
    for event in happened:
        if event.name == telling.REPLIED:  # the mail itself stands there
            continue
        reason = str(event.data.get("reason") or "") if remarks else ""
        title = _title(event) if remarks or event.name not in APPROVALS else _("The manager has decided on the hire")
        by = event.by_name if gradings or event.name != COMPLETE else ""
        if event.by_kind == ActorKind.RULE and not remarks:
            by = _("A rule of the plan")  # its name may say that a score was reached
        yield Entry(Kind.EVENTS, event.at, title, by, words.reason(reason))


def _is_grading(event: Event) -> bool:
    is_locked = event.name in ("scorecard.locked", "scorecard.revised")
    return event.name == "grading.recused" or (is_locked and event.data.get("kind") == Scorecard.Kind.EXERCISE)


def _title(event: Event) -> str:
    """What happened; of a judgement its kind, of anything else no more: a verdict is not for everybody yet."""
    kind = str(event.data.get("kind") or "") if event.name == "scorecard.locked" else ""
    if event.name == PLANNED:
        when = date_format(localtime(datetime.fromisoformat(event.data["due_at"])), "D j M, H:i")
        return _("%(what)s for %(when)s") % {"what": words.event(event.name), "when": when}
    return words.event(event.name, kind)


def _mails(application: Application, written: Mails, remarks: bool) -> Iterator[Entry]:
    for message in written.latest:
        if not remarks and message.template in mail_state.TO_COLLEAGUES:
            continue
        yield Entry(
            kind=Kind.MAILS,
            at=message.sent_at or message.created_at,
            title=message.subject or _subject(message, application, written.own_words),
            by=_("to %(address)s") % {"address": message.to},
            text=message.text,
            state="overdue" if message.returned_at else SOLVED.get(Message.Status(message.status), "waiting"),
            state_name=_("came back") if message.returned_at else message.get_status_display(),
            url=reverse("desk:returned_mail", args=[message.pk]) if message.returned_at else "",
        )


def _replies(application: Application, gradings: bool) -> Iterator[Entry]:
    """What was written to us. Anybody else's words than the candidate's may be a judgement, and wait with those."""
    came = application.replies.filter(state=Reply.State.TAKEN).order_by("-received_at")
    for reply in (came if gradings else came.exclude(answers__ask__page=GRADING))[:MOST]:
        is_told = reply.of_candidate or gradings
        parts = quoting.split(reply.text) if is_told else quoting.Parts("", "")
        hidden = _("Somebody who was asked wrote it: it shows when all judgements are in.")
        yield Entry(
            kind=Kind.REPLIES,
            at=reply.received_at,
            title=reply.subject or _("A mail came in") if is_told else _("A mail came in"),
            by=_("from %(address)s") % {"address": reply.sender} if is_told and reply.sender else "",
            text=parts.said if is_told else hidden,
            state="waiting" if reply.why or not reply.seen_at else "",
            state_name=_("by its address alone") if reply.why else "" if reply.seen_at else _("not read yet"),
            more=parts.quoted,
            url=reverse("desk:reply", args=[reply.pk]),
        )


def _subject(message: Message, application: Application, own_words: Sequence[MailText]) -> str:
    """Of a mail that has not left."""
    message.application = application
    return rendering.subject(message, own_words)


def _notes(application: Application) -> Iterator[Entry]:
    notes: list[Note] = list(application.notes.order_by("-pk")[:MOST])
    for note in notes:
        yield Entry(Kind.NOTES, note.at, _("Note"), note.author_name, note.text)
