"""What may happen by itself, as data: an event, a plan's switch, a condition, a verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import HiringPlan
from candidates.judging import composite
from candidates.people.models import Application
from references import actions as references


@dataclass(frozen=True)
class Rule:
    """When `event` happens, the plan's switch `allowed` is on and `holds` is true, call `verb`.

    The verb takes the application, `at`, `by` and `wait` (how long its mails wait for an undo).
    """

    name: str
    label: str | Promise
    event: str
    allowed: Callable[[HiringPlan], bool]
    holds: Callable[[Application], bool]
    verb: Callable[..., object]


def reaches_the_line(application: Application) -> bool:
    """Every scorecard is locked (the event says so) and the composite passes the plan's rule."""
    return composite.compute(application).passes


RULES = (
    Rule(
        name="references_by_itself",
        label=_("Rule: every scorecard locked and the composite over the line"),
        event="interviews.complete",
        allowed=lambda plan: plan.references_by_itself,
        holds=reaches_the_line,
        verb=references.request_referees,
    ),
)


def undo_time(plan: HiringPlan) -> timedelta:
    """How long the mails of an automatic move may still be taken back."""
    return timedelta(minutes=plan.undo_minutes)
