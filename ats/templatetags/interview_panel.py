"""The interviews of an application, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.db.models import Prefetch
from django.utils.timezone import now

from candidates.people.models import Application
from candidates.stages import Stage
from interviews.completion import rounds_to_come
from interviews.models import Interview, Panelist, Round

register = template.Library()


@dataclass(frozen=True)
class Seat:
    """One place on a panel: who, whether their scorecard is in (never what stands in it), who stands in."""

    panelist: Panelist
    state: str  # in, waiting, released
    stands_in: str

    @property
    def may_change(self) -> bool:
        """Whether somebody else could take the place."""
        return self.state == "waiting" or (self.state == "released" and not self.stands_in)


@dataclass(frozen=True)
class Row:
    """One interview: how it stands, and what can be done with it."""

    interview: Interview
    state: str  # cancelled, missed, over, agreed, waiting
    seats: list[Seat]
    lacks: int

    @property
    def is_to_come(self) -> bool:
        """Whether it can still be changed and called off."""
        return self.state in ("agreed", "waiting")

    @property
    def was_judged(self) -> bool:
        """Whether a scorecard is in: then it took place."""
        return any(seat.state == "in" for seat in self.seats)


@register.inclusion_tag("desk/interviews.html")
def interview_panel(application: Application, may_work: bool) -> dict[str, Any]:
    """Each interview with round, time, people and buttons; cancelled ones last. Three queries, however many."""
    at = now()
    rows = [_row(interview, application, at) for interview in _interviews(application)]
    stands = application.stage == Stage.INTERVIEWS
    return {
        "application": application,
        "rows": sorted(rows, key=lambda row: row.state == "cancelled"),
        "to_come": [one for one in rounds_to_come(application) if not one.is_written] if stands else [],
        "may_work": may_work,
        "may_arrange": may_work and stands,
    }


def _interviews(application: Application) -> list[Interview]:
    people = Panelist.objects.select_related("scorecard__ask", "replaced_by")
    interviews = application.interviews.select_related("round", "ask")
    return list(interviews.prefetch_related(Prefetch("panelists", people)))


def _row(interview: Interview, application: Application, at: datetime) -> Row:
    seats = [_seat(panelist) for panelist in interview.panelists.all()]
    sitting = sum(seat.state != "released" for seat in seats)
    state = _state(interview, at)
    lacks = max(0, _needed(interview.round, application) - sitting) if state in ("agreed", "waiting") else 0
    return Row(interview, state, seats, lacks)


def _needed(round: Round | None, application: Application) -> int:
    if round is None:
        return application.plan.interviewers
    return 1 if round.kind == Round.Kind.SEPARATE else round.raters


def _state(interview: Interview, at: datetime) -> str:
    if interview.cancelled_at:
        return "cancelled"
    if interview.missed:
        return "missed"
    if interview.starts_at is None:
        return "waiting"
    return "over" if interview.starts_at <= at else "agreed"


def _seat(panelist: Panelist) -> Seat:
    successor = getattr(panelist, "replaced_by", None)
    if panelist.scorecard.is_locked:
        state = "in"
    else:
        state = "released" if panelist.released_at else "waiting" if panelist.scorecard.ask.is_open else "ended"
    return Seat(panelist, state, successor.name if successor else "")
