"""What a verb would do, found out by doing it in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ats import pipeline
from ats.rejections import actions as rejections
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import rendering
from candidates.post.models import Ask, Message
from candidates.stages import Stage


@dataclass(frozen=True)
class Letter:
    """A mail that would leave: to whom, when if not at once, and its words."""

    name: str
    address: str
    leaves_at: datetime | None
    subject: str
    text: str


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


def of_step(application: Application, to: Stage, *, at: datetime, by: Actor, arguments: dict[str, Any]) -> Preview:
    """What `pipeline.take` with these arguments would do; nothing stays written.

    Raises:
        NotAllowed, MovedMeanwhile: as the verb does.
    """
    tried = copy(application)  # a verb also changes the object it is given
    if hours := arguments.get("hours", 0):
        return _of_planned(tried, reason=arguments["reason"], hours=hours, at=at, by=by)
    return of(tried, lambda: pipeline.take(tried, to, at=at, by=by, arguments=arguments), at=at)


def of(
    application: Application, act: Callable[[], object], *, at: datetime, seen_at: datetime | None = None
) -> Preview:
    """What `act`, a call of a verb on `application` with the clock `at`, would do. Raises what the verb raises.

    Args:
        seen_at: when somebody looks at the preview, if that is before the verb runs.
    """
    came_from = Stage(application.stage)
    try:
        with transaction.atomic():
            act()
            preview = _look(application, came_from, at, seen_at or at)
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


def _look(application: Application, came_from: Stage, at: datetime, seen_at: datetime) -> Preview:
    """Read what was written in this transaction: every verb stamps its rows with the clock it was given."""
    cancelled = list(application.asks.filter(cancelled_at=at))
    waiting = application.messages.filter(status=Message.Status.QUEUED, ask__in=cancelled)
    return Preview(
        came_from=came_from,
        to=Stage(application.stage),
        cancelled=cancelled,
        unsent=list(waiting.select_related("ask").exclude(created_at=at)),
        asked=list(application.asks.filter(created_at=at)),
        letters=list(_letters(application, at, seen_at)),
    )


def _letters(application: Application, at: datetime, seen_at: datetime) -> Iterator[Letter]:
    for message in application.messages.filter(created_at=at).select_related("ask").order_by("next_try_at", "to"):
        message.application = application
        yield letter(message, leaves_at=message.next_try_at if message.next_try_at > seen_at else None)


def letter(message: Message, *, leaves_at: datetime | None) -> Letter:
    """The mail in `message`, which may be one that is not queued yet, as its reader will get it."""
    written = rendering.render(message)
    return Letter(
        name=_name(message),
        address=rendering.address(message),
        leaves_at=leaves_at,
        subject=written.subject,
        text=written.text.replace(rendering.LINK, _("[their personal link]")),
    )


def _name(message: Message) -> str:
    """Of whom the mail goes to: mails to colleagues say it themselves."""
    if message.ask:
        return message.ask.name
    reader = message.data.get("reader", "")
    return str(reader) or (message.application.candidate.name if message.application else "")
