"""The report about raters as its page and its files show it: lines in words, bars in per cent of their scale.

Thresholds: Krippendorff, Content Analysis, 4th ed. 2018, ch. 12: rely on what reaches .800, draw tentative
conclusions from .667 up. They are conventions for an instrument, not marks for people.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.spreadsheets import BOM, harmless
from candidates.models import Scorecard
from interviews.agreement.models import AgreementReport

RELIABLE, TENTATIVE = 0.8, 0.667
LOWEST = -0.2  # where the scale of alpha begins; what is lower is drawn there, and told in figures
FARTHEST = 2.0  # points of leniency to either side
FEWEST = 10
COMPETENCY, EXERCISE, STEP = "competency", "exercise", "step"
WHY: dict[str, str | Promise] = {
    "few": gettext_lazy("too few"),
    "same": gettext_lazy("everybody gave the same score"),
}


@dataclass(frozen=True)
class Row:
    """One line of the report; the places are per cent of the scale's width, ready for SVG."""

    group: str
    name: str
    units: int
    ratings: int
    alpha: float | None
    low: float | None
    high: float | None
    why: str

    @property
    def meaning(self) -> str:
        """What the number says, in words."""
        if self.alpha is None:
            return str(WHY.get(self.why, self.why))
        if self.alpha >= RELIABLE:
            return _("reliable")
        return _("for tentative conclusions") if self.alpha >= TENTATIVE else _("too weak to rely on")

    @property
    def grade(self) -> str:
        """The chip's class that goes with the meaning."""
        if self.alpha is None:
            return ""
        return "is-done" if self.alpha >= RELIABLE else "is-waiting" if self.alpha >= TENTATIVE else "is-overdue"

    @property
    def bar(self) -> dict[str, str]:
        """Where bar and whisker begin and end."""
        if self.alpha is None or self.low is None or self.high is None:
            return {}
        start, end = sorted((_place(0), _place(self.alpha)))
        return {
            "x": _percent(start),
            "width": _percent(end - start),
            "low": _percent(_place(self.low)),
            "high": _percent(_place(self.high)),
        }


@dataclass(frozen=True)
class Section:
    """Lines of one sort, of one occasion or exercise."""

    sort: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Rater:
    """One interviewer. Leniency is absent below ten pairs, hours while nothing is locked."""

    name: str
    email: str
    pairs: int
    leniency: float | None
    cards: int
    late: int
    hours: float | None

    @property
    def share(self) -> int:
        """Per cent of the scorecards that came after their deadline."""
        return round(100 * self.late / self.cards) if self.cards else 0

    @property
    def bar(self) -> dict[str, str]:
        """Where the bar begins and ends, from the middle."""
        if self.leniency is None:
            return {}
        middle, end = 50.0, 50 + 50 * max(-1.0, min(1.0, self.leniency / FARTHEST))
        return {"x": _percent(min(middle, end)), "width": _percent(abs(end - middle))}


def guides() -> list[dict[str, str]]:
    """The lines across every bar, with what is written above them."""
    marks = ((0.0, "0"), (TENTATIVE, ".667"), (RELIABLE, ".800"), (1.0, "1"))
    return [{"x": _percent(_place(value)), "label": label} for value, label in marks]


def sections(report: AgreementReport) -> list[Section]:
    """All lines, in the order in which they are shown."""
    found: dict[tuple[str, str], Section] = {}
    for line in report.results["lines"]:
        key = (line["sort"], line["group"])
        found.setdefault(key, Section(line["sort"], _title(line), [])).rows.append(_row(line))
    order = [COMPETENCY, EXERCISE, STEP]
    return sorted(found.values(), key=lambda section: order.index(section.sort))


def raters(report: AgreementReport) -> list[Rater]:
    """All interviewers and graders."""
    return [Rater(**row) for row in report.results["raters"]]


def lines_as_csv(report: AgreementReport) -> Iterator[str]:
    """The lines for a spreadsheet."""
    yield BOM + _cells(
        [_("What"), _("Occasion or exercise"), _("Line"), _("Units"), _("Ratings"), _("Alpha"), _("From"), _("To"),
         _("Meaning")]
    )  # fmt: skip
    for section in sections(report):
        for row in section.rows:
            numbers = [row.units, row.ratings, row.alpha, row.low, row.high]
            yield _cells([section.sort, row.group, row.name, *numbers, row.meaning])


def raters_as_csv(report: AgreementReport) -> Iterator[str]:
    """The interviewers for a spreadsheet."""
    yield BOM + _cells(
        [_("Name"), _("E-mail"), _("Pairs"), _("Leniency"), _("Scorecards"), _("Late"), _("Median hours")]
    )  # fmt: skip
    for one in raters(report):
        yield _cells([one.name, one.email, one.pairs, one.leniency, one.cards, one.late, one.hours])


def _row(line: dict[str, Any]) -> Row:
    group = _occasion(line["group"]) if line["sort"] == COMPETENCY else line["group"]
    name = line["name"] or _("the whole exercise")
    figures = {key: line[key] for key in ("units", "ratings", "alpha", "low", "high", "why")}
    return Row(group=group, name=name, **figures)


def _title(line: dict[str, Any]) -> str:
    if line["sort"] == COMPETENCY:
        return _("Competencies: %(occasion)s") % {"occasion": _occasion(line["group"])}
    if line["sort"] == EXERCISE:
        return _("Exercise: %(name)s") % {"name": line["group"]}
    return _("Steps with an irate customer")


def _occasion(kind: str) -> str:
    return str(Scorecard.Kind(kind).label) if kind in Scorecard.Kind.values else kind


def _place(alpha: float) -> float:
    """Per cent of the scale's width, from `LOWEST` to 1."""
    return 100 * (max(alpha, LOWEST) - LOWEST) / (1 - LOWEST)


def _percent(place: float) -> str:
    return f"{place:.2f}%"


def _cells(cells: list[Any]) -> str:
    """Numbers as they are, so that a minus stays a number; words that would begin a formula made harmless."""
    written = io.StringIO()
    told = ["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in cells]
    csv.writer(written).writerow(told)
    return written.getvalue()
