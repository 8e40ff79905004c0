"""What a plan wants of references."""

from __future__ import annotations

from candidates.models import HiringPlan
from references.questionnaires.models import ReferencePlan


def of(plan: HiringPlan) -> ReferencePlan:
    """The plan's rules; one that says nothing needs an answer of every referee it wants, of whatever kind."""
    found = ReferencePlan.objects.filter(plan=plan).select_related("questionnaire").first()
    return found or ReferencePlan(plan=plan, needed=plan.referees, managers=0)
