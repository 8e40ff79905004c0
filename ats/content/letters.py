"""The templates of offer letters that ship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db.models import QuerySet

from ats.content.shipped import Shipped, read
from trials.models import LetterTemplate


@dataclass(frozen=True)
class ShippedLetter(Shipped):
    """A letter in one language; `key` tells it from the same letter in another."""

    KEY: ClassVar[str] = "key"
    language: str
    subject: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """Name and language."""
        return self.name, self.language

    @classmethod
    def shipped(cls) -> list[Self]:
        """The letters of `letters.toml`."""
        return [cls(**{**row, "text": row["text"].strip()}) for row in read("letters")]

    @classmethod
    def rows(cls) -> QuerySet[Any]:
        """All templates."""
        return LetterTemplate.objects.order_by("pk")

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row says."""
        return cls(name=row.name, language=row.language, subject=row.subject, text=row.text)

    def write(self, row: Any | None) -> None:
        """Make the row say this."""
        row = row or LetterTemplate(name=self.name, language=self.language)
        row.subject, row.text = self.subject, self.text
        row.save()
