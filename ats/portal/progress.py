"""Where an application stands, in the candidate's words: never a score, never a name of somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ats.automation.rules import undo_time
from candidates.careers import process
from candidates.people.actors import ActorKind
from candidates.people.models import Application, DataRequest
from candidates.post import links
from candidates.post.models import Ask
from candidates.stages import CLOSED, OPEN, Stage

PROMISES: dict[str, Any] = {
    DataRequest.Kind.COPY: _("You asked for a copy of your data. A person sends it to you by %(date)s."),
    DataRequest.Kind.ERASE: _("You asked us to delete your data. A person does it by %(date)s and tells you."),
}


@dataclass(frozen=True)
class Standing:
    """Where the candidate is told that the application stands, and since when."""

    stage: Stage
    since: datetime

    @property
    def is_open(self) -> bool:
        """Whether the way goes on, as far as the candidate is told."""
        return self.stage not in CLOSED


@dataclass(frozen=True)
class Mark:
    """One step of the way; `state` is done, now or next."""

    title: str | Promise
    text: str | Promise
    state: str


@dataclass(frozen=True)
class Turn:
    """Something that the candidate is asked to do, with the link that opens it."""

    title: str
    due_at: datetime
    url: str


@dataclass(frozen=True)
class Paper:
    """A document that the candidate gave us."""

    pk: int
    name: str
    size: int
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """A copy of the data, or its deletion, that a person still has to see to."""

    kind: str
    due_at: datetime

    @property
    def words(self) -> str:
        """What was asked for, and by when a person sees to it."""
        return PROMISES[self.kind] % {"date": date_format(localtime(self.due_at), gettext("j F Y"))}


def standing(application: Any, *, at: datetime) -> Standing:
    """Where `application` (from `gate.find`) stands for the candidate.

    A rule's move that a recruiter can still undo is not told yet: it may not have happened.
    """
    moves = application.last_moves
    if len(moves) > 1 and moves[0]["kind"] == ActorKind.RULE and at < _told_at(application):
        return Standing(Stage(moves[0]["came_from"]), _time(moves[1]["at"]))
    return Standing(Stage(application.stage), application.stage_since)


def marks(application: Application, stage: Stage) -> list[Mark]:
    """The steps in their order, `stage` marked."""
    return [Mark(step.title, step.text, _state(step.stage, stage)) for step in process.steps(application.plan)]


def turns(application: Application, *, at: datetime) -> list[Turn]:
    """What the candidate owes an answer to, the first due first; titles were kept as the recruiter read them."""
    asked = application.asks.begun(at).filter(role=Ask.Role.CANDIDATE, expires_at__gt=at)
    return [Turn(ask.spoken_title, ask.due_at, links.ask_url(ask)) for ask in asked]


def answer_by(application: Application, stands: Standing) -> datetime:
    """When the present stage should be over by the plan."""
    return stands.since + timedelta(days=process.days(application.plan, stands.stage))


def papers(application: Any) -> list[Paper]:
    """The candidate's own documents, the first given first."""
    return [Paper(one["pk"], one["name"], one["size"], _time(one["at"])) for one in application.own_documents]


def wanted(application: Any) -> list[Wanted]:
    """What the candidate asked for that is not done yet, with the words that say by when it is."""
    return [Wanted(one["kind"], _time(one["due_at"])) for one in application.asked_for]


def _told_at(application: Application) -> datetime:
    return application.stage_since + undo_time(application.plan)


def _time(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _state(stage: Stage, present: Stage) -> str:
    if stage == present:
        return "now"
    return "done" if OPEN.index(stage) < OPEN.index(present) else "next"
