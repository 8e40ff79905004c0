"""What a verb would do, found out by doing it in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ats import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import mail
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


class _Undone(Exception):
    """Ends the trial run."""


def of_step(application: Application, to: Stage, *, at: datetime, by: Actor, arguments: dict[str, Any]) -> Preview:
    """What `pipeline.take` with these arguments would do; nothing stays written.

    Raises:
        NotAllowed, MovedMeanwhile: as the verb does.
    """
    tried = copy(application)  # a verb also changes the object it is given
    return of(tried, lambda: pipeline.take(tried, to, at=at, by=by, arguments=arguments), at=at)


def of(application: Application, act: Callable[[], object], *, at: datetime) -> Preview:
    """What `act`, a call of a verb on `application` with the clock `at`, would do. Raises what the verb raises."""
    came_from = Stage(application.stage)
    try:
        with transaction.atomic():
            act()
            preview = _look(application, came_from, at)
            raise _Undone
    except _Undone:
        return preview


def _look(application: Application, came_from: Stage, at: datetime) -> Preview:
    """Read what was written in this transaction: every verb stamps its rows with the clock it was given."""
    cancelled = list(application.asks.filter(cancelled_at=at))
    waiting = application.messages.filter(status=Message.Status.QUEUED, ask__in=cancelled)
    return Preview(
        came_from=came_from,
        to=Stage(application.stage),
        cancelled=cancelled,
        unsent=list(waiting.select_related("ask").exclude(created_at=at)),
        asked=list(application.asks.filter(created_at=at)),
        letters=list(_letters(application, at)),
    )


def _letters(application: Application, at: datetime) -> Iterator[Letter]:
    for message in application.messages.filter(created_at=at).select_related("ask").order_by("next_try_at", "to"):
        message.application = application
        written = mail.render(message)
        yield Letter(
            name=message.ask.name if message.ask else application.candidate.name,
            address=mail.address(message),
            leaves_at=message.next_try_at if message.next_try_at > at else None,
            subject=written.subject,
            text=written.text.replace(mail.LINK, _("[their personal link]")),
        )
