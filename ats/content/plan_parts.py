"""What a plan that ships says about its references and its trial: rules, terms, weeks, check-ins, figures.

Plans of earlier releases have none of it; what is not there is not told, so that their fingerprints hold.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from candidates.jobs.models import Competency, HiringPlan
from references.models import Questionnaire, ReferencePlan
from trials.models import FigureTarget, PlannedCheckIn, TrialPlan, TrialWeek

PARTS = ("references", "trial", "weeks", "check_ins", "figures")  # as plans.toml and the fingerprints call them
READ_WITH = ("reference_plan__questionnaire", "trial_plan", "trial_weeks", "planned_check_ins", "figure_targets")
RULES = ("needed", "managers", "reminders", "expire_days", "replacements")
TERMS = (
    "hours_a_week",
    "pay",
    "pay_currency",
    "pay_period",
    "note",
    "answer_days",
    "verdict_days",
    "approvers",
    "pulse_days",
)


def read(row: dict[str, Any]) -> dict[str, Any]:
    """The parts of an entry of `plans.toml`, with our usual numbers where it says nothing."""
    everybody = PlannedCheckIn().roles
    return {
        "references": _rules_of(ReferencePlan()) | row["references"],
        "trial": _terms_of(TrialPlan()) | row["trial"],
        "weeks": [{"number": number} | one for number, one in enumerate(row["weeks"], start=1)],
        "check_ins": [_check_in(**{"roles": everybody, "competencies": []} | one) for one in row["check_ins"]],
        "figures": {metric: _amount(target) for metric, target in row["figures"].items()},
    }


def of(row: HiringPlan) -> dict[str, Any]:
    """The parts of a plan, read with `READ_WITH`. What it lacks is empty."""
    rules, terms = getattr(row, "reference_plan", None), getattr(row, "trial_plan", None)
    names = {one.competency_id: one.competency.name for one in row.weights.all()}
    return {
        "references": _rules_of(rules) if rules else {},
        "trial": _terms_of(terms) if terms else {},
        "weeks": [{"number": one.number, "work": one.work, "aim": one.aim} for one in row.trial_weeks.all()],
        "check_ins": [_check_in_of(one, names) for one in row.planned_check_ins.all()],
        "figures": {one.metric: _amount(one.target) for one in row.figure_targets.all()},
    }


def write(row: HiringPlan, parts: dict[str, Any]) -> None:
    """Make the plan say this, instead of what it said."""
    for model in (ReferencePlan, TrialPlan, TrialWeek, PlannedCheckIn, FigureTarget):
        model._default_manager.filter(plan=row).delete()
    _write_rules(row, parts["references"])
    if terms := parts["trial"]:
        TrialPlan.objects.create(plan=row, **terms | {"pay": terms["pay"] or None})
    TrialWeek.objects.bulk_create(TrialWeek(plan=row, **week) for week in parts["weeks"])
    _write_check_ins(row, parts["check_ins"])
    FigureTarget.objects.bulk_create(
        FigureTarget(plan=row, metric=metric, target=target) for metric, target in parts["figures"].items()
    )


def _rules_of(rules: ReferencePlan) -> dict[str, Any]:
    told = {name: getattr(rules, name) for name in RULES}
    return told | {"questionnaire": rules.questionnaire.name if rules.questionnaire else ""}


def _terms_of(terms: TrialPlan) -> dict[str, Any]:
    told = {name: getattr(terms, name) for name in TERMS}
    return told | {"pay": "" if terms.pay is None else _amount(terms.pay), "pay_period": str(terms.pay_period)}


def _check_in_of(row: PlannedCheckIn, names: dict[int, str]) -> dict[str, Any]:
    """By name; of a competency that the plan does not weigh only its key is known."""
    return _check_in(row.day, row.roles, [names.get(key, str(key)) for key in row.competencies])


def _check_in(day: int, roles: list[str], competencies: list[str]) -> dict[str, Any]:
    """In one order: neither who is asked nor what about is a list of ranks."""
    return {"day": day, "roles": sorted(str(role) for role in roles), "competencies": sorted(competencies)}


def _amount(number: Any) -> str:
    return f"{Decimal(number):.2f}"


def _write_rules(row: HiringPlan, rules: dict[str, Any]) -> None:
    if rules:
        questionnaire = Questionnaire.objects.filter(name=rules["questionnaire"]).first()
        ReferencePlan.objects.create(plan=row, **rules | {"questionnaire": questionnaire})


def _write_check_ins(row: HiringPlan, check_ins: list[dict[str, Any]]) -> None:
    names = {name for one in check_ins for name in one["competencies"]}
    keys = dict(Competency.objects.filter(name__in=names).values_list("name", "pk"))
    PlannedCheckIn.objects.bulk_create(
        PlannedCheckIn(plan=row, **one | {"competencies": [keys[name] for name in one["competencies"]]})
        for one in check_ins
    )
