"""The questionnaires for referees that ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from ats.content.shipped import Shipped, read
from candidates.jobs.models import Competency
from references.models import Criterion, CriterionWords, Questionnaire

WORDS = ("name", "meaning", "anchors", "example")


@dataclass(frozen=True)
class ShippedQuestionnaire(Shipped):
    """One questionnaire: its criteria in order, each with competencies by name and its words by language."""

    minutes: int
    criteria: list[dict[str, Any]]

    @classmethod
    def shipped(cls) -> list[Self]:
        """The questionnaires of `questionnaires.toml`."""
        return [
            cls(row["name"], row["minutes"], [_in_order(one) for one in row["criteria"]])
            for row in read("questionnaires")
        ]

    @classmethod
    def rows(cls) -> QuerySet[Questionnaire]:
        """All of them, with criteria, what these tell about, and their words."""
        return Questionnaire.objects.prefetch_related("criteria__competencies", "criteria__words")

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""
        return cls(row.name, row.minutes, [_criterion_of(one) for one in row.criteria.all()])

    def write(self, row: Questionnaire | None) -> None:
        """Make the row say this. Criteria keep their rows by their short names."""
        row = row or Questionnaire(name=self.name)
        row.minutes = self.minutes
        row.save()
        rows = {one.key: one for one in Criterion.objects.filter(questionnaire=row)}
        names = {name for one in self.criteria for name in one["competencies"]}
        competencies = Competency.objects.in_bulk(names, field_name="name")
        for position, told in enumerate(self.criteria):
            criterion = rows.pop(told["key"], None) or Criterion(questionnaire=row, key=told["key"])
            _write_criterion(criterion, told, position, competencies)
        Criterion.objects.filter(pk__in=[one.pk for one in rows.values()]).delete()


def _in_order(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"competencies": sorted(told["competencies"])}


def _criterion_of(row: Criterion) -> dict[str, Any]:
    words = {one.language: {name: getattr(one, name) for name in WORDS} for one in row.words.all()}
    return {"key": row.key, "competencies": sorted(one.name for one in row.competencies.all()), "words": words}


def _write_criterion(
    row: Criterion, told: dict[str, Any], position: int, competencies: Mapping[str, Competency]
) -> None:
    """Competencies that a team did away with are left out."""
    row.position = position
    row.save()
    row.competencies.set(competencies[name] for name in told["competencies"] if name in competencies)
    row.words.all().delete()
    CriterionWords.objects.bulk_create(
        CriterionWords(criterion=row, language=language, **words) for language, words in told["words"].items()
    )
