"""A kit for paper: its words in the order in which they are needed, with room to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from interviews.kits.models import Question


@dataclass(frozen=True)
class Anchor:
    """What an answer of `level` sounds like."""

    level: int
    text: str


@dataclass(frozen=True)
class Rated:
    """One thing that is scored from 1 to 5, with its anchors."""

    name: str
    meaning: str
    anchors: list[Anchor]


@dataclass(frozen=True)
class Part:
    """One part: the words as the card keeps them, with what belongs beside them looked up."""

    words: dict[str, Any]
    begins: int  # minutes after the start
    family: str
    anchors: list[Anchor]
    rubric: list[Rated]
    competencies: list[str]

    @property
    def ends(self) -> int:
        """Minutes after the start."""
        return self.begins + int(self.words.get("minutes") or 0)


@dataclass(frozen=True)
class Sheet:
    """All of it. `routes` and `steps` are empty where no part needs them."""

    name: str
    purpose: str
    parts: list[Part]
    competencies: list[Rated]
    routes: list[Rated]
    steps: list[dict[str, Any]]

    @property
    def minutes(self) -> int:
        """All parts together."""
        return self.parts[-1].ends if self.parts else 0


def of(content: dict[str, Any]) -> Sheet:
    """The sheet of a wording, as `wording.of_kit` makes it; an older one, of competencies alone, has no parts."""
    rated = {row["key"]: _rated(row) for row in content["competencies"]}
    return Sheet(
        name=content.get("kit", ""),
        purpose=content.get("purpose", ""),
        parts=_parts(content.get("parts", []), rated),
        competencies=list(rated.values()),
        routes=[_rated(row) for row in content.get("routes", [])],
        steps=content.get("steps", []),
    )


def _parts(told: list[dict[str, Any]], rated: dict[int, Rated]) -> list[Part]:
    parts, minute = [], 0
    for words in told:
        parts.append(_part(words, minute, rated))
        minute = parts[-1].ends
    return parts


def _part(words: dict[str, Any], begins: int, rated: dict[int, Rated]) -> Part:
    family = words.get("family", "")
    rubric = [
        Rated(rated[line["competency"]].name, line["look_for"], _anchors(line["anchors"]))
        for line in words.get("rubric", [])
        if line["competency"] in rated
    ]
    return Part(
        words=words,
        begins=begins,
        family=str(Question.Family(family).label) if family in Question.Family.values else "",
        anchors=_anchors(words.get("anchors", [])),
        rubric=rubric,
        competencies=[rated[key].name for key in words.get("competencies", []) if key in rated],
    )


def _rated(row: dict[str, Any]) -> Rated:
    return Rated(row["name"], row.get("meaning", ""), _anchors(row["anchors"]))


def _anchors(texts: list[str]) -> list[Anchor]:
    return [Anchor(level, text) for level, text in enumerate(texts, start=1)]
