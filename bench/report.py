"""What a measurement says: each line with its ratio, its goal and the verdict, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Timings, Turns

HOLDS, SHORT, NOT_BUILT, NOT_MEASURED = (
    "holds",
    "short",
    "not built yet",
    "not measured",
)


@dataclass(frozen=True)
class Goal:
    """What a line should keep to; a line holds when it keeps to all that is set.

    `ratio` is ours over the limit's time; `rate` is our speed over the limit's; `mb` is memory of one worker.
    """

    ratio: float | None = None
    rate: float | None = None
    queries: int | None = None
    mb: float | None = None

    def __str__(self) -> str:
        parts = [
            ("<= {:g}x", self.ratio),
            (">= {:g}x", self.rate),
            ("<= {} queries", self.queries),
            ("<= {:g} MB", self.mb),
        ]
        return ", ".join(words.format(number) for words, number in parts if number is not None)


@dataclass(frozen=True)
class Measured:
    """What was seen. `ours` and `limit` are milliseconds, unless `unit` says MB, or per_s.

    `rows` is how many things the work was about, `kb` the size of our page, `note` what a reader should know, `yard`
    what the yardstick took meanwhile (see `bench.measure.Turns`).
    """

    ours: Timings
    limit: Timings
    queries: int | None = None
    rows: int | None = None
    kb: float | None = None
    note: str = ""
    unit: str = "ms"
    yard: Timings | None = None

    @property
    def ratio(self) -> float:
        """Our time over the limit's."""
        return self.ours.median / self.limit.median


@dataclass(frozen=True)
class Result:
    """A line of the report: measured, not built, or failed with a reason."""

    line: str
    goal: Goal
    measured: Measured | None = None
    failure: str = ""

    @property
    def ratio(self) -> float | None:
        """Our time over the limit's; for a goal that is a rate, our speed over the limit's."""
        if self.measured is None:
            return None
        return 1 / self.measured.ratio if self.goal.rate else self.measured.ratio

    @property
    def verdict(self) -> str:
        """Whether the goal is kept."""
        if self.measured is None:
            return NOT_MEASURED if self.failure else NOT_BUILT
        return HOLDS if _keeps(self.goal, self.measured) else SHORT

    def as_json(self) -> dict[str, Any]:
        """The line for `build/bench.json`."""
        told: dict[str, Any] = {
            "line": self.line,
            "ours_ms": None,
            "limit_ms": None,
            "ratio": _rounded(self.ratio, 3),
        }
        told |= {
            "goal": str(self.goal),
            "queries": None,
            "rows": None,
            "kb": None,
            "verdict": self.verdict,
        }
        if self.measured:
            told |= _figures(self.measured)
        return told | ({"failure": self.failure} if self.failure else {})


def measured(turns: Turns, **more: Any) -> Measured:
    """What was seen in `turns`, with what else `Measured` tells."""
    return Measured(turns.ours, turns.limit, yard=turns.yard, **more)


def _keeps(goal: Goal, seen: Measured) -> bool:
    return all(
        [
            goal.ratio is None or seen.ratio <= goal.ratio,
            goal.rate is None or 1 / seen.ratio >= goal.rate,
            goal.queries is None or (seen.queries is not None and seen.queries <= goal.queries),
            goal.mb is None or seen.ours.median <= goal.mb,
        ]
    )


def _figures(seen: Measured) -> dict[str, Any]:
    unit = seen.unit.lower()
    return {
        f"ours_{unit}": _rounded(seen.ours.median, 3),
        f"limit_{unit}": _rounded(seen.limit.median, 3),
        f"ours_p95_{unit}": _rounded(seen.ours.p95, 3),
        f"limit_p95_{unit}": _rounded(seen.limit.p95, 3),
        "yard_ms": _rounded(seen.yard.median, 3) if seen.yard else None,
        "turns": len(seen.ours.values),
        "queries": seen.queries,
        "rows": seen.rows,
        "kb": _rounded(seen.kb, 1),
        "note": seen.note,
    }


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)


def write(results: Sequence[Result], file: Path) -> None:
    """Write the lines as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        json.dumps([result.as_json() for result in results], indent=1) + "\n",
        encoding="utf-8",
    )


HEAD = (
    "line",
    "ours",
    "p95",
    "limit",
    "p95",
    "ratio",
    "goal",
    "queries",
    "rows",
    "kB",
    "verdict",
)


def table(results: Sequence[Result]) -> str:
    """The lines as text, numbers to the right; notes and failures beneath."""
    rows = [HEAD, *map(_row, results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], *_remarks(results)])


def _row(result: Result) -> tuple[str, ...]:
    seen = result.measured
    if seen is None:
        return (result.line, *[""] * 5, str(result.goal), "", "", "", result.verdict)
    numbers = (seen.ours.median, seen.ours.p95, seen.limit.median, seen.limit.p95)
    unit = "" if seen.unit == "ms" else f" {seen.unit.replace('per_', '/')}"
    times = [f"{number:.{2 if number < 10 else 1}f}{unit}" for number in numbers]
    rest = (_told(seen.queries), _told(seen.rows), _told(_rounded(seen.kb, 1)))
    return (
        result.line,
        *times,
        f"{result.ratio:.2f}x",
        str(result.goal),
        *rest,
        result.verdict,
    )


def _told(number: float | None) -> str:
    return "" if number is None else f"{number:,}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = {0, 6, 10}
    cells = [
        cell.ljust(width) if n in left else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _remarks(results: Sequence[Result]) -> list[str]:
    notes = [(result.line, result.measured.note) for result in results if result.measured and result.measured.note]
    failures = [(result.line, result.failure) for result in results if result.failure]
    return ["", *(f"{line}: {words}" for line, words in notes + failures)] if notes or failures else []
