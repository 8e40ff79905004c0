"""The hiring plans that ship, with their rounds, and what they say of references and trials (`plan_parts.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import QuerySet

from ats.content import plan_parts
from ats.content.shipped import Shipped, read
from candidates.jobs.models import Competency, HiringPlan, PlanCompetency, PlanStage
from interviews.models import Exercise, Kit, Round

SETTINGS = (
    "interviewers",
    "referees",
    "trial_days",
    "check_in_days",
    "line",
    "undo_minutes",
    "raters",
)
UNDO_MINUTES = 10
SINCE_THEN: dict[str, Any] = {"raters": 1}  # settings that came later, with what older plans got for them

ASKED_BY_ITSELF = "E-mail and chat"  # the one plan that shipped with the switch on which is a rule now
CAME_LATER = ("rounds", *plan_parts.PARTS)  # parts that the plans of earlier releases lack


@dataclass(frozen=True)
class ShippedPlan(Shipped):
    """One ready plan: its own settings, weights with must-haves by competency, deadlines by stage, rounds in order.

    References, trial, weeks, check-ins and figures are as `plan_parts` has them: empty where a plan has no such part.
    """

    settings: dict[str, Any]
    weights: dict[str, tuple[int, bool]]
    deadlines: dict[str, tuple[int, int]]
    rounds: list[dict[str, Any]]
    references: dict[str, Any] = field(default_factory=dict)
    trial: dict[str, Any] = field(default_factory=dict)
    weeks: list[dict[str, Any]] = field(default_factory=list)
    check_ins: list[dict[str, Any]] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def shipped(cls) -> list[Self]:
        """The plans of `plans.toml`."""
        return [cls._read(row) for row in read("plans")]

    @classmethod
    def rows(cls) -> QuerySet[HiringPlan]:
        """Templates only, the highest version last: copies belong to their jobs."""
        templates = HiringPlan.objects.filter(copied_from=None).order_by("version", "pk")
        parts = ("weights__competency", "stages", "rounds__kit", "rounds__exercise", *plan_parts.READ_WITH)
        return templates.prefetch_related(*parts)

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a template of the database says."""
        return cls(
            name=row.name,
            settings={name: _plain(getattr(row, name)) for name in SETTINGS},
            weights={one.competency.name: (one.weight, one.must_have) for one in row.weights.all()},
            deadlines={one.stage: (one.days, one.remind_days) for one in row.stages.all()},
            rounds=[_round_of(one) for one in row.rounds.all()],
            **plan_parts.of(row),
        )

    def told(self) -> dict[str, Any]:
        """Without what plans of earlier releases could not say, where it says nothing new; with what they all said."""
        told = super().told()
        own = {name: value for name, value in self.settings.items() if SINCE_THEN.get(name) != value}
        told["settings"] = own | {"references_by_itself": self.name == ASKED_BY_ITSELF}
        return {name: value for name, value in told.items() if value or name not in CAME_LATER}

    def write(self, row: HiringPlan | None) -> None:
        """Make the row say this."""
        row = row or HiringPlan(name=self.name)
        for name, value in self.settings.items():
            setattr(row, name, value)
        row.save()
        for parts in (row.weights, row.stages, row.rounds):
            parts.all().delete()
        PlanStage.objects.bulk_create(
            PlanStage(plan=row, stage=stage, days=days, remind_days=remind)
            for stage, (days, remind) in self.deadlines.items()
        )
        self._write_weights(row)
        self._write_rounds(row)
        plan_parts.write(row, {name: getattr(self, name) for name in plan_parts.PARTS})

    def _write_weights(self, row: HiringPlan) -> None:
        competencies = Competency.objects.in_bulk(self.weights, field_name="name")
        PlanCompetency.objects.bulk_create(
            PlanCompetency(plan=row, competency=competencies[name], weight=weight, must_have=must_have)
            for name, (weight, must_have) in self.weights.items()
        )

    def _write_rounds(self, row: HiringPlan) -> None:
        kits = Kit.objects.in_bulk([one["kit"] for one in self.rounds], field_name="name")
        exercises = Exercise.objects.in_bulk([one["exercise"] for one in self.rounds], field_name="name")
        Round.objects.bulk_create(
            Round(
                plan=row,
                position=position,
                name=one["name"],
                kind=one["kind"],
                kit=kits.get(one["kit"]),
                exercise=exercises.get(one["exercise"]),
                raters=one["raters"],
            )
            for position, one in enumerate(self.rounds)
        )

    @classmethod
    def _read(cls, row: dict[str, Any]) -> Self:
        must_have = row["must_have"]["competencies"]
        return cls(
            name=row["name"],
            settings={"undo_minutes": UNDO_MINUTES} | {name: row[name] for name in SETTINGS if name in row},
            weights={name: (weight, name in must_have) for name, weight in row["weights"].items()},
            deadlines={stage: (time["days"], time["remind"]) for stage, time in row["stages"].items()},
            rounds=[{"kit": "", "exercise": ""} | one for one in row["rounds"]],
            **plan_parts.read(row),
        )


def _round_of(row: Round) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "kit": row.kit.name if row.kit else "",
        "exercise": row.exercise.name if row.exercise else "",
        "raters": row.raters,
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)
