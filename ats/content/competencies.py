"""The competencies that ship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from ats.content.shipped import Shipped, read
from candidates.jobs.models import Competency


@dataclass(frozen=True)
class ShippedCompetency(Shipped):
    """One competency, as its row holds it."""

    meaning: str
    trainable: str
    anchors: list[str]
    position: int

    @classmethod
    def shipped(cls) -> list[Self]:
        """The competencies of `competencies.toml`, in their order."""
        return [cls(**row, position=position) for position, row in enumerate(read("competencies"), start=1)]

    @classmethod
    def rows(cls) -> QuerySet[Competency]:
        """All of them."""
        return Competency.objects.all()

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""
        return cls(row.name, row.meaning, row.trainable, list(row.anchors), row.position)

    def write(self, row: Competency | None) -> None:
        """Make the row say this."""
        row = row or Competency(name=self.name)
        row.meaning, row.trainable, row.anchors, row.position = (
            self.meaning,
            self.trainable,
            self.anchors,
            self.position,
        )
        row.save()
