"""The six minutes in steps, one thing on a screen: the facts, each criterion, two last questions, a look at it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

FACTS, LAST, LOOK = "facts", "last", "look"


@dataclass(frozen=True)
class Step:
    """One screen: its number from 1, its heading, and the fields that stand on it."""

    number: int
    key: str
    title: str
    fields: tuple[str, ...] = ()
    criterion: dict[str, Any] | None = None

    @property
    def is_look(self) -> bool:
        """Whether it shows everything before it is sent."""
        return self.key == LOOK


def of(criteria: Sequence[dict[str, Any]]) -> list[Step]:
    """The steps of a reference that is judged by `criteria`."""
    ends = len(criteria) + 2
    return [
        Step(1, FACTS, _("How you know each other"), ("role", "worked_from", "worked_until")),
        *(_asking(number, one) for number, one in enumerate(criteria, start=2)),
        Step(ends, LAST, _("Two last questions"), ("would_hire_again", "summary")),
        Step(ends + 1, LOOK, _("Look at it once, then send it")),
    ]


def chosen(steps: Sequence[Step], number: str | None) -> Step | None:
    """The step of that number as an address says it; None for anything that is none."""
    return next((step for step in steps if str(step.number) == number), None)


def _asking(number: int, criterion: dict[str, Any]) -> Step:
    key = criterion["key"]
    return Step(number, key, criterion["name"], (f"score_{key}", f"evidence_{key}"), criterion)
