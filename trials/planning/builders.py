"""Builders for tests and the demo: what a plan says about its trials."""

from __future__ import annotations

from typing import Any

from candidates.models import HiringPlan
from trials.models import FigureTarget, PlannedCheckIn, TrialPlan, TrialWeek


def make_trial_plan(plan: HiringPlan, **fields: Any) -> TrialPlan:
    """Twenty hours a week at fifteen euros an hour, of an unlocked plan."""
    chosen: dict[str, Any] = {"hours_a_week": 20, "pay": "15.00", "pay_currency": "EUR"}
    return TrialPlan.objects.create(plan=plan, **chosen | fields)


def plan_weeks(plan: HiringPlan, *aims: str) -> list[TrialWeek]:
    """A week for each aim."""
    return [TrialWeek.objects.create(plan=plan, number=number, aim=aim) for number, aim in enumerate(aims, start=1)]


def plan_check_ins(plan: HiringPlan, *days: int, **fields: Any) -> list[PlannedCheckIn]:
    """Check-ins so many days after the first one, of everybody about everything unless `fields` say so."""
    return [PlannedCheckIn.objects.create(plan=plan, day=day, **fields) for day in days]


def want_figure(plan: HiringPlan, metric: str, target: Any) -> FigureTarget:
    """A figure that the trial should reach."""
    return FigureTarget.objects.create(plan=plan, metric=metric, target=target)
