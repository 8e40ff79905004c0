"""Ways to practise with a buddy, read from `suggestions.toml`: ready to take, made to be reworded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("suggestions.toml")


@dataclass(frozen=True)
class Suggestion:
    """What one can do about one thing; `honest` says what training alone will not change."""

    ways: tuple[str, ...]
    honest: str = ""

    @property
    def text(self) -> str:
        """As it stands in a plan, one way a line."""
        return "\n".join([*([self.honest] if self.honest else []), *(f"- {way}" for way in self.ways)])


def for_competency(name: str, trainable: str) -> Suggestion:
    """For a competency by its name, else, for one that a team has named itself, by how far it can be trained."""
    return _named().get(name.casefold()) or _by_trainable()[trainable]


def for_step(number: int) -> Suggestion:
    """For one of the thirteen steps with somebody upset."""
    return _steps().get(number) or _by_trainable()["technique"]


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _named() -> dict[str, Suggestion]:
    return {row["name"].casefold(): _suggestion(row) for row in _read()["competency"]}


@cache
def _by_trainable() -> dict[str, Suggestion]:
    return {row["trainable"]: _suggestion(row) for row in _read()["other"]}


@cache
def _steps() -> dict[int, Suggestion]:
    return {row["number"]: _suggestion(row) for row in _read()["step"]}


def _suggestion(row: dict[str, Any]) -> Suggestion:
    return Suggestion(tuple(row["ways"]), row.get("honest", ""))
