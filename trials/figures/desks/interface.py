"""What every help desk gives, however it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from trials.figures.agents import Person


@dataclass(frozen=True)
class Row:
    """One figure of one agent for one day: shares and scores in per cent, first replies in minutes, else in hours."""

    person: Person
    metric: str
    day: date
    value: Decimal
    n: int
    spread: Decimal | None = None


class HelpDesk(Protocol):
    """One account of a help desk. `missing` tells, after `figures`, which metrics it would not give, and why."""

    missing: dict[str, str]

    def figures(self, since: date, until: date) -> Iterator[Row]:
        """The figures of all agents, day by day, both days included.

        Raises:
            NotFetched: it cannot be asked, or does not answer as documented; `str()` is a sentence for people.
        """


class NotFetched(Exception):
    """No figures are to be had; `str()` says why, not yet translated."""


class Forbidden(NotFetched):
    """It answers, but does not let these credentials read this."""
