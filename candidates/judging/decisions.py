"""Deciding on an application when all judgements are in: what was decided and why, and what the rule said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import composite, firewall
from candidates.judging.composite import Composite, Line
from candidates.judging.models import Decision
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed


@transaction.atomic
def decide(application: Application, *, choice: str, reason: str, at: datetime, by: Actor) -> Decision:
    """Record a decision with its reason; one that contradicts the plan's rule is kept as such. Nothing is moved.

    Of two who decide at once both are kept, one after the other; the later one counts.

    Args:
        choice: a `Decision.Choice`.
        reason: in words, for those who look back at it.

    Raises:
        NotAllowed: without a reason, an unknown choice, the way has ended, or not all judgements that must be in are.
    """
    if choice not in Decision.Choice.values:
        raise NotAllowed(_("Choose what to do."))
    if not reason.strip():
        raise NotAllowed(_("Say why: those who look back at this decision read it."))
    locked = pipeline.lock(application)
    if not locked.is_open:
        raise NotAllowed(_("Its way has ended: there is nothing to decide any more."))
    if not firewall.is_open(locked, at=at, reader=by.user):
        raise NotAllowed(_("Not all judgements are in: decide when everybody who was asked has rated."))
    made = Decision.objects.create(
        application=locked, stage=locked.stage, choice=choice, reason=reason.strip(), at=at, by=by.user,
        by_name=by.name, **_as_it_stood(composite.compute(locked), choice),
    )  # fmt: skip
    pipeline.record(locked, "decision.made", at=at, by=by, decision=made.pk)
    return made


def latest(application: Application) -> Decision | None:
    """The decision that counts."""
    return application.decisions.order_by("-at", "-pk").first()


def contradicts(choice: str, rule_says: bool | None) -> bool:
    """Whether a choice is against the rule; gathering more evidence never is, and before a rating there is no rule."""
    if rule_says is None or choice == Decision.Choice.WAIT:
        return False
    return (choice == Decision.Choice.GO_ON) is not rule_says


def rule_of(computed: Composite) -> bool | None:
    """What the rule says; None as long as nobody has rated anything."""
    return None if computed.score is None else computed.passes


def _as_it_stood(computed: Composite, choice: str) -> dict[str, Any]:
    rule_says = rule_of(computed)
    return {
        "rule_says": rule_says,
        "score": computed.score,
        "is_override": contradicts(choice, rule_says),
        "data": {"line": str(computed.plan.line), "lines": [_kept(line) for line in computed.lines]},
    }


def _kept(line: Line) -> dict[str, Any]:
    return {
        "competency": line.competency.pk,
        "name": line.competency.name,
        "weight": line.weight,
        "must_have": line.must_have,
        "mean": None if line.mean is None else f"{line.mean:.2f}",
        "lowest": line.lowest,
        "highest": line.highest,
        "n": line.n,
        "raters": line.raters,
        "is_missed": line.is_missed,
        "is_short": line.is_short,
    }
