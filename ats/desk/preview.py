"""What a verb would do, found out by doing it in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from ats import pipeline
from ats.desk import rewording
from ats.rejections import actions as rejections
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import holding, rendering
from candidates.post.models import Ask, Message
from candidates.post.texts import Words
from candidates.stages import Stage

LOOK = "desk.look"


@dataclass(frozen=True)
class Letter:
    """A mail that would leave: to whom, when if not at once, and its words."""

    name: str
    address: str
    leaves_at: datetime | None
    subject: str
    text: str
    html: str = ""
    handle: str = ""  # by which the next page knows the same mail again, where its words can be changed
    words: Words | None = None  # as they can be changed
    was: str = ""  # by what the words are known again that nobody changed
    error: str = ""  # why the changed words cannot be sent

    @property
    def has_link(self) -> bool:
        """Whether its reader needs the link that stands in it."""
        return _("[their personal link]") in self.text

    @property
    def look(self) -> str:
        """Its HTML for the page that shows it, signed, so that this page shows nothing but what we wrote."""
        return signing.dumps(self.html, salt=LOOK, compress=True)


@dataclass(frozen=True)
class Preview:
    """The move and all that comes with it."""

    came_from: Stage
    to: Stage
    cancelled: list[Ask]
    unsent: list[Message]
    asked: list[Ask]
    letters: list[Letter]
    happens_at: datetime | None = None  # when it is only planned now and can be undone until then


class _Undone(Exception):
    """Ends the trial run."""


def of_step(
    application: Application,
    to: Stage,
    *,
    at: datetime,
    by: Actor,
    arguments: dict[str, Any],
    typed: Mapping[str, str] | None = None,
) -> Preview:
    """What `pipeline.take` with these arguments would do; nothing stays written.

    Args:
        typed: of `of`.

    Raises:
        NotAllowed, MovedMeanwhile: as the verb does.
    """
    tried = copy(application)  # a verb also changes the object it is given
    if hours := arguments.get("hours", 0):
        return _of_planned(tried, reason=arguments["reason"], hours=hours, at=at, by=by)
    return of(tried, lambda: pipeline.take(tried, to, at=at, by=by, arguments=arguments), at=at, by=by, typed=typed)


def of(
    application: Application,
    act: Callable[[], object],
    *,
    at: datetime,
    seen_at: datetime | None = None,
    by: Actor | None = None,
    typed: Mapping[str, str] | None = None,
) -> Preview:
    """What `act`, a call of a verb on `application` with the clock `at`, would do. Raises what the verb raises.

    Args:
        seen_at: when somebody looks at the preview, if that is before the verb runs.
        by, typed: who looks, and what they sent, where they may change the words of each mail (`rewording.py`).
    """
    came_from = Stage(application.stage)
    try:
        with transaction.atomic():
            act()
            preview = _look(application, came_from, at, _Reader(seen_at or at, by, typed))
            raise _Undone
    except _Undone:
        return preview


def _of_planned(application: Application, *, reason: str, hours: int, at: datetime, by: Actor) -> Preview:
    """A rejection that is planned now, as it will be carried out when its time has come."""
    due_at = rejections.leaves_at(at, hours)

    def act() -> None:
        planned = rejections.plan(application, reason=reason, hours=hours, at=at, by=by)
        rejections.carry_out(planned.pk, at=due_at)
        application.refresh_from_db(fields=["stage", "stage_since"])

    return replace(of(application, act, at=due_at, seen_at=at), happens_at=due_at)


@dataclass(frozen=True)
class _Reader:
    """Who looks at a preview: when, and with which words for mails, if they may change them."""

    seen_at: datetime
    by: Actor | None
    typed: Mapping[str, str] | None


def _look(application: Application, came_from: Stage, at: datetime, reader: _Reader) -> Preview:
    """Read what was written in this transaction: every verb stamps its rows with the clock it was given."""
    cancelled = list(application.asks.filter(cancelled_at=at))
    waiting = application.messages.filter(status=Message.Status.QUEUED, ask__in=cancelled)
    return Preview(
        came_from=came_from,
        to=Stage(application.stage),
        cancelled=cancelled,
        unsent=list(waiting.select_related("ask").exclude(created_at=at)),
        asked=list(application.asks.filter(created_at=at)),
        letters=list(_letters(application, at, reader)),
    )


def _letters(application: Application, at: datetime, reader: _Reader) -> Iterator[Letter]:
    for handle, message in rewording.mails(application, at=at):
        leaves_at = message.next_try_at if message.next_try_at > reader.seen_at else None
        shown = letter(message, leaves_at=leaves_at)
        if reader.by and reader.typed is not None and shown.words:
            shown = replace(shown, handle=handle, was=rewording.digest(shown.words))
            shown = _reworded(shown, message, reader.typed, at, reader.by)
        yield shown


def _reworded(shown: Letter, message: Message, typed: Mapping[str, str], at: datetime, by: Actor) -> Letter:
    """The letter in the words that were written for it, if any were; if they cannot be sent, with what is wrong."""
    words = rewording.typed_words(shown.handle, typed)
    if words is None or rewording.digest(words) == shown.was:
        return shown
    if error := rewording.refusal(message, words, at=at, by=by):
        return replace(shown, words=words, error=error)
    again = letter(message, leaves_at=shown.leaves_at)
    return replace(again, handle=shown.handle, was=shown.was)


def letter(message: Message, *, leaves_at: datetime | None) -> Letter:
    """The mail in `message`, which may be one that is not queued yet, as its reader will get it."""
    written = rendering.render(message)
    return Letter(
        name=_name(message),
        address=rendering.address(message),
        leaves_at=leaves_at,
        subject=written.subject,
        text=written.text.replace(rendering.LINK, _("[their personal link]")),
        html=written.html,
        words=holding.as_words(written),
    )


def _name(message: Message) -> str:
    """Of whom the mail goes to: mails to colleagues say it themselves."""
    if message.ask:
        return message.ask.name
    reader = message.data.get("reader", "")
    return str(reader) or (message.application.candidate.name if message.application else "")
