"""What a plan wants of references."""

from __future__ import annotations

from candidates.models import HiringPlan
from references.questionnaires.models import ReferencePlan


def of(plan: HiringPlan) -> ReferencePlan:
    """The plan's rules; one that says nothing needs an answer of every referee it wants, of whatever kind.

    Whoever read the plan together with its `reference_plan` asks the database nothing more.
    """
    try:
        return plan.reference_plan
    except ReferencePlan.DoesNotExist:
        return ReferencePlan(plan=plan, needed=plan.referees, managers=0)
