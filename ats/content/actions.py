"""Loading what ships: as often as one likes, and never over what a team has written."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from ats.content import shipped
from ats.content.shipped import ShippedCompetency, ShippedPlan
from candidates.jobs.models import Competency, HiringPlan, PlanCompetency, PlanStage


@dataclass
class Loaded:
    """Names by what became of them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.created)} created, {len(self.updated)} brought up to date, "
            f"{len(self.edited)} left as the team edited them"
        )


@transaction.atomic
def load() -> Loaded:
    """Create the competencies and plans that are missing and bring those up to date that nobody has edited."""
    loaded, known = Loaded(), shipped.fingerprints()
    for competency in shipped.competencies():
        _load_competency(competency, loaded, known)
    for plan in shipped.plans():
        _load_plan(plan, loaded, known)
    return loaded


def _load_competency(new: ShippedCompetency, loaded: Loaded, known: frozenset[str]) -> None:
    row = Competency.objects.select_for_update().filter(name=new.name).first()
    if row is None:
        _write_competency(Competency(name=new.name), new)
        loaded.created.append(new.name)
    elif _is_edited(old := ShippedCompetency.of(row), known):
        loaded.edited.append(new.name)
    elif old != new:
        _write_competency(row, new)
        loaded.updated.append(new.name)


def _load_plan(new: ShippedPlan, loaded: Loaded, known: frozenset[str]) -> None:
    """A template only: copies belong to their jobs, and a locked plan stays what it is."""
    row = HiringPlan.objects.select_for_update().filter(name=new.name, copied_from=None).order_by("-version").first()
    if row is None:
        _write_plan(HiringPlan(name=new.name), new)
        loaded.created.append(new.name)
    elif row.locked_at or _is_edited(old := ShippedPlan.of(row), known):
        loaded.edited.append(new.name)
    elif old != new:
        _write_plan(row, new)
        loaded.updated.append(new.name)


def _is_edited(old: ShippedCompetency | ShippedPlan, known: frozenset[str]) -> bool:
    return shipped.fingerprint(old) not in known


def _write_competency(row: Competency, new: ShippedCompetency) -> None:
    row.meaning, row.trainable, row.anchors, row.position = (
        new.meaning,
        new.trainable,
        new.anchors,
        new.position,
    )
    row.save()


def _write_plan(row: HiringPlan, new: ShippedPlan) -> None:
    for name, value in new.settings.items():
        setattr(row, name, value)
    row.save()
    row.weights.all().delete()
    row.stages.all().delete()
    PlanStage.objects.bulk_create(
        PlanStage(plan=row, stage=stage, days=days, remind_days=remind)
        for stage, (days, remind) in new.deadlines.items()
    )
    _write_weights(row, new)


def _write_weights(row: HiringPlan, new: ShippedPlan) -> None:
    competencies = Competency.objects.in_bulk(new.weights, field_name="name")
    PlanCompetency.objects.bulk_create(
        PlanCompetency(plan=row, competency=competencies[name], weight=weight, must_have=must_have)
        for name, (weight, must_have) in new.weights.items()
    )
