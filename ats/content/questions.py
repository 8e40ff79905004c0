"""The questions that ship, the routes to an answer and the steps with an irate customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.db.models import QuerySet

from ats.content.shipped import UNTOLD, Shipped, read
from candidates.jobs.models import Competency
from interviews.models import DeescalationStep, LadderRoute, Question


@dataclass(frozen=True)
class ShippedQuestion(Shipped):
    """One question with its competencies by name, in alphabetical order."""

    text: str
    family: str
    competencies: list[str]
    anchors: list[str]
    follow_ups: list[str]
    red_flags: list[str]
    is_scored: bool
    position: int = field(default=0, metadata=UNTOLD)

    @classmethod
    def shipped(cls) -> list[Self]:
        """The questions of `questions.toml`, in their order."""
        return [cls._read(row, position) for position, row in enumerate(read("questions"), start=1)]

    @classmethod
    def rows(cls) -> QuerySet[Question]:
        """All of them, with what they tell about."""
        return Question.objects.prefetch_related("competencies")

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""
        return cls(
            name=row.name,
            text=row.text,
            family=row.family,
            competencies=sorted(one.name for one in row.competencies.all()),
            anchors=list(row.anchors),
            follow_ups=list(row.follow_ups),
            red_flags=list(row.red_flags),
            is_scored=row.is_scored,
        )

    def write(self, row: Question | None) -> None:
        """Make the row say this."""
        row = row or Question(name=self.name)
        if row.pk:
            row.competencies.clear()
        for name in ("text", "family", "anchors", "follow_ups", "red_flags", "is_scored", "position"):
            setattr(row, name, getattr(self, name))
        row.save()
        told = Question.competencies.through
        about = Competency.objects.filter(name__in=self.competencies)
        told.objects.bulk_create(told(question=row, competency=one) for one in about)

    @classmethod
    def _read(cls, row: dict[str, Any], position: int) -> Self:
        unsaid: dict[str, Any] = {"competencies": [], "anchors": [], "is_scored": True}
        told = unsaid | row
        return cls(**told | {"competencies": sorted(told["competencies"])}, position=position)


@dataclass(frozen=True)
class ShippedRoute(Shipped):
    """A legitimate way to answer a behavioural question."""

    KEY: ClassVar[str] = "key"
    key: str
    anchors: list[str]
    position: int = field(default=0, metadata=UNTOLD)

    @classmethod
    def shipped(cls) -> list[Self]:
        """The routes of `routes.toml`, in their order."""
        return [cls(**row, position=position) for position, row in enumerate(read("routes"), start=1)]

    @classmethod
    def rows(cls) -> QuerySet[LadderRoute]:
        """All of them."""
        return LadderRoute.objects.all()

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""
        return cls(row.name, row.key, list(row.anchors))

    def write(self, row: LadderRoute | None) -> None:
        """Make the row say this."""
        row = row or LadderRoute(key=self.key)
        row.name, row.anchors, row.position = self.name, self.anchors, self.position
        row.save()


@dataclass(frozen=True)
class ShippedStep(Shipped):
    """One of the thirteen steps, by its number."""

    KEY: ClassVar[str] = "number"
    number: int
    meaning: str
    in_writing: bool

    @classmethod
    def shipped(cls) -> list[Self]:
        """The steps of `steps.toml`, numbered in their order."""
        return [cls(**{"in_writing": True} | row, number=number) for number, row in enumerate(read("steps"), start=1)]

    @classmethod
    def rows(cls) -> QuerySet[DeescalationStep]:
        """All of them."""
        return DeescalationStep.objects.all()

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""
        return cls(row.name, row.number, row.meaning, row.in_writing)

    def write(self, row: DeescalationStep | None) -> None:
        """Make the row say this."""
        row = row or DeescalationStep(number=self.number)
        row.name, row.meaning, row.in_writing = self.name, self.meaning, self.in_writing
        row.save()
