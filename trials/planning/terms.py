"""What a plan says about its trials, also where it says nothing."""

from __future__ import annotations

from candidates.models import HiringPlan
from trials.planning.models import TrialPlan


def of(plan: HiringPlan) -> TrialPlan:
    """The plan's terms; one without any has neither hours nor pay, one approver, and our usual days."""
    return TrialPlan.objects.filter(plan=plan).first() or TrialPlan(plan=plan)
