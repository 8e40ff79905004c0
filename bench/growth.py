"""How each page's time grows with the number of people, fitted over the sizes measured.

The sizes are measured minutes apart, in which the machine may drift by a factor of two; so what is fitted is our time
over that of the yardstick in the same turns.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import exponent

FLAT = 0.05
MOST = {"list": FLAT, "board": FLAT, "detail": FLAT, "home": FLAT, "apply": FLAT, "move": FLAT, "search": 0.3}


@dataclass(frozen=True)
class Size:
    """What one measurement reported, with how many people it was."""

    people: int
    lines: list[dict[str, Any]]

    def yards(self, line: str) -> float | None:
        """Our median for `line` in yardsticks, if it was measured."""
        told = next((told for told in self.lines if told["line"] == line), {})
        return told["ours_ms"] / told["yard_ms"] if told.get("yard_ms") else None


def growth(sizes: Sequence[Size]) -> list[dict[str, Any]]:
    """A line for each page that was measured at every size."""
    return [_line(name, most, sizes) for name, most in MOST.items() if all(size.yards(name) for size in sizes)]


def _line(name: str, most: float, sizes: Sequence[Size]) -> dict[str, Any]:
    times = {size.people: size.yards(name) or 0.0 for size in sizes}
    found = exponent(list(times), list(times.values()))
    verdict = "holds" if found <= most else "short"
    goal = f"exponent <= {most:g}"
    return {"line": f"growth-{name}", "exponent": round(found, 3), "goal": goal, "yards": times, "verdict": verdict}


def report_growth(sizes: Sequence[Size], file: Path) -> None:
    """Write the lines of the largest size and the growth to `file`, and print the growth."""
    lines = growth(sizes)
    largest = max(sizes, key=lambda size: size.people)
    file.write_text(json.dumps([*largest.lines, *lines], indent=1) + "\n", encoding="utf-8")
    for line in lines:
        times = ", ".join(f"{people:,}: {took:.1f} yards" for people, took in line["yards"].items())
        sys.stdout.write(f"{line['line']:<16} {line['exponent']:>6} ({line['goal']}) {line['verdict']}   {times}\n")
