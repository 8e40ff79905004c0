"""The report as one JSON value: a line for each competency, exercise and step, a row for each interviewer.

Only worker processes may import this module (see `alpha`).
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from candidates.models import Scorecard
from interviews.agreement import alpha
from interviews.agreement.units import CHUNK, Line, Raters, Units, counted, owed, read, who

FEWEST = 10  # pairs, below which no number is shown
INTERVIEWERS = (Scorecard.Kind.INTERVIEW, Scorecard.Kind.EXERCISE)


def results(*, at: datetime) -> dict[str, Any]:
    """All that the page shows, as of `at`.

    Returns:
        {"lines": [...], "raters": [...], "cards": locked cards compared or not, "left_out": applications whose
        judgements are not all in}. Numbers that rest on fewer than ten pairs are not in it.
    """
    units = read()
    lines = sorted(units.lines, key=lambda line: (line.sort, line.group, line.position, line.name))
    return {
        "lines": [told for line in lines if (told := _line(line, units.pairable(line)))],
        "raters": _raters(units, at),
        "cards": Scorecard.objects.locked().count(),
        "left_out": owed().distinct().count(),
    }


def _line(line: Line, units: list[Raters]) -> dict[str, Any]:
    """One row; nothing when no two people ever judged the same."""
    if not units:
        return {}
    told: dict[str, Any] = {"sort": line.sort, "group": line.group, "name": line.name, "units": len(units)}
    told |= {"ratings": sum(map(len, units)), "alpha": None, "low": None, "high": None, "why": ""}
    if len(units) < FEWEST:
        return told | {"why": "few"}
    found = alpha.agreement(counted(units, line.values), level="nominal" if line.sort == "step" else "ordinal")
    if found is None:
        return told | {"why": "same"}
    return told | {"alpha": round(found.alpha, 3), "low": round(found.low, 3), "high": round(found.high, 3)}


@dataclass
class _Rater:
    """What is gathered about one interviewer."""

    name: str = ""
    apart: list[float] = field(default_factory=list)  # own score minus the mean of the others', a unit each
    hours: list[float] = field(default_factory=list)
    cards: int = 0
    late: int = 0


def _raters(units: Units, at: datetime) -> list[dict[str, Any]]:
    found: dict[str, _Rater] = defaultdict(_Rater)
    for line in units.lines:
        if line.sort == "competency" and line.group in INTERVIEWERS:
            _compare(found, units.pairable(line))
    _time(found, at)
    rows = [_told(email, rater, units.names.get(email, "")) for email, rater in found.items()]
    return sorted(rows, key=lambda row: (row["name"].casefold(), row["email"]))


def _compare(found: dict[str, _Rater], units: Iterable[Raters]) -> None:
    """Leniency: against the others who judged the same, so that strong candidates make nobody look lenient."""
    for raters in units:
        total = sum(raters.values())
        for email, score in raters.items():
            found[email].apart.append(score - (total - score) / (len(raters) - 1))


def _time(found: dict[str, _Rater], at: datetime) -> None:
    """Lateness: from the end of the interview (or the request) to the lock; what is still owed counts when overdue."""
    due = Q(locked_at__isnull=False) | Q(
        ask__due_at__lt=at, ask__answered_at=None, ask__cancelled_at=None, ask__opens_at__lte=at
    )
    rows = Scorecard.objects.filter(due, kind__in=INTERVIEWERS, application__duplicate_of=None).values_list(
        "ask__email", "rater_name", "locked_at", "panelist__interview__ends_at", "ask__opens_at", "ask__due_at"
    )
    for email, name, locked_at, ended_at, opens_at, due_at in rows.order_by("pk").iterator(chunk_size=CHUNK):
        rater = found[who(email, name)]
        rater.name, rater.cards = name, rater.cards + 1
        rater.late += (locked_at or at) > due_at
        if locked_at:
            rater.hours.append(max((locked_at - (ended_at or opens_at)).total_seconds() / 3600, 0))


def _told(email: str, rater: _Rater, name: str) -> dict[str, Any]:
    pairs = len(rater.apart)
    return {
        "name": rater.name or name,
        "email": email,
        "pairs": pairs,
        "leniency": round(statistics.fmean(rater.apart), 2) if pairs >= FEWEST else None,
        "cards": rater.cards,
        "late": rater.late,
        "hours": round(statistics.median(rater.hours), 1) if rater.hours else None,
    }
