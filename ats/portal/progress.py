"""Where an application stands, in the candidate's words: never a score, never a name of somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from candidates.careers import process
from candidates.people.models import Application
from candidates.post import links
from candidates.post.models import Ask
from candidates.stages import OPEN, Stage


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


def marks(application: Application) -> list[Mark]:
    """The steps in their order, the present one marked; after a hire all are done."""
    return [Mark(step.title, step.text, _state(step.stage, application)) for step in process.steps(application.plan)]


def turns(application: Application, *, at: datetime) -> list[Turn]:
    """What the candidate owes an answer to, the first due first."""
    asked = application.asks.begun(at).filter(role=Ask.Role.CANDIDATE, expires_at__gt=at)
    return [Turn(ask.title, ask.due_at, links.ask_url(ask)) for ask in asked]


def answer_by(application: Application) -> datetime:
    """When the present stage should be over by the plan."""
    return application.stage_since + timedelta(days=process.days(application.plan, Stage(application.stage)))


def _state(stage: Stage, application: Application) -> str:
    if stage == application.stage:
        return "now"
    is_past = application.stage == Stage.HIRED or _place(stage) < _place(Stage(application.stage))
    return "done" if is_past else "next"


def _place(stage: Stage) -> int:
    return OPEN.index(stage)
