"""The interview kits that ship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from ats.content.shipped import Shipped, read
from interviews.models import Exercise, Kit, KitPart, Question

NOTHING = {"question": "", "exercise": "", "case": "", "title": "", "text": ""}


@dataclass(frozen=True)
class ShippedKit(Shipped):
    """One kit: its parts in order, each with minutes and the name of a question or an exercise, or a title."""

    purpose: str
    parts: list[dict[str, Any]]

    @classmethod
    def shipped(cls) -> list[Self]:
        """The kits of `kits.toml`."""
        return [cls(**row | {"parts": [NOTHING | part for part in row["parts"]]}) for row in read("kits")]

    @classmethod
    def rows(cls) -> QuerySet[Kit]:
        """All of them, with their parts."""
        return Kit.objects.prefetch_related("parts__question", "parts__exercise", "parts__case")

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""
        return cls(row.name, row.purpose, [_part_of(part) for part in row.parts.all()])

    def write(self, row: Kit | None) -> None:
        """Make the row say this."""
        row = row or Kit(name=self.name)
        row.purpose = self.purpose
        row.save()
        row.parts.all().delete()
        found = _Found(self.parts)
        parts = [part for part in self.parts if found.has(part)]
        KitPart.objects.bulk_create(
            KitPart(kit=row, position=position, minutes=part["minutes"], **found.what(part))
            for position, part in enumerate(parts)
        )


class _Found:
    """The questions and exercises that the parts of a kit name, as far as they exist."""

    def __init__(self, parts: list[dict[str, Any]]) -> None:
        self.questions = Question.objects.in_bulk([part["question"] for part in parts], field_name="name")
        exercises = Exercise.objects.prefetch_related("cases")
        self.exercises = exercises.in_bulk([part["exercise"] for part in parts], field_name="name")

    def has(self, part: dict[str, Any]) -> bool:
        """Whether there is something to ask or say."""
        return bool(part["title"] or part["question"] in self.questions or part["exercise"] in self.exercises)

    def what(self, part: dict[str, Any]) -> dict[str, Any]:
        """The fields of one part. For a case that a team did away with the first one they have stands in."""
        exercise = self.exercises.get(part["exercise"])
        cases = [case for case in exercise.cases.all() if not case.is_retired] if exercise and part["case"] else []
        return {
            "question": self.questions.get(part["question"]),
            "exercise": exercise,
            "case": next((case for case in cases if case.name == part["case"]), cases[0] if cases else None),
            "title": part["title"],
            "text": part["text"],
        }


def _part_of(part: KitPart) -> dict[str, Any]:
    names = {name: str(one.name) if (one := getattr(part, name)) else "" for name in ("question", "exercise", "case")}
    return names | {"title": part.title, "text": part.text, "minutes": part.minutes}
