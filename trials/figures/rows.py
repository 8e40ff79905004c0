"""What a row of an export says, read by what each column means: whose figures, for when, which; and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from trials.figures import numbers, periods
from trials.figures.agents import LONGEST, Person
from trials.figures.columns import TICKETS
from trials.figures.metrics import Metric
from trials.figures.numbers import Unreadable
from trials.figures.periods import Period
from trials.figures.tables import Line

SUMS = {"total", "totals", "grand total", "sum", "average", "avg", "overall", "all agents", "team average", "summary"}
NEUTRALISED = re.compile(r"'[=+\-@]")  # as spreadsheets, and our own download, write what must not be a formula
IN_STORED_UNIT = {Metric.FIRST_REPLY: 60, Metric.RESOLUTION: 3600}  # seconds: minutes and hours are kept
N_ELSEWHERE = {Metric.RESOLUTION: "solved:number", Metric.REOPENED: "solved:number"}
OF_TICKETS = {Metric.FIRST_REPLY, Metric.RESOLUTION, Metric.REOPENED}
TIME_UNITS = ("minutes", "hours", "seconds", "days", "clock")


@dataclass(frozen=True)
class Found:
    """A figure in a row."""

    metric: Metric
    value: Decimal
    n: int | None


@dataclass
class Row:
    """A row as it was read. `wrongs` say why it, or some of it, cannot be taken."""

    line: Line
    person: Person = field(default_factory=Person)
    period: Period | None = None
    figures: list[Found] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Why it was not taken as a whole, for people; nothing when it was."""
        if not self.wrongs:
            return ""
        told = " ".join(self.wrongs)
        return (_("Taken but for this: %s") % told if self.figures else told)[:300]


@dataclass(frozen=True)
class Reading:
    """How rows are read.

    `meanings` has one for each column. `period` is that of all rows, where no column tells it. `decimal` is the sign
    before decimals where a number can be read in two ways.
    """

    meanings: Sequence[str]
    today: date
    period: Period | None = None
    is_month_first: bool = False
    decimal: str = "."

    def row(self, line: Line) -> Row:
        """What `line` says."""
        row = Row(line)
        if line.wrong or any(line.cells[len(self.meanings) :]):
            row.wrongs.append(line.wrong or _too_many(line, len(self.meanings)))
            return row
        cells = _Cells(line.cells, self.meanings, self.decimal)
        try:
            row.person, row.period = _person(cells), self._period(cells)
        except Unreadable as error:
            row.wrongs.append(str(error))
            return row
        _read_figures(row, cells)
        return row

    def _period(self, cells: _Cells) -> Period:
        """For when the row is.

        Raises:
            Unreadable: it does not say so, or nobody can have figures for it.
        """
        found = self._told(cells) or self.period
        if found is None:
            raise Unreadable(_("It does not say for when it is."))
        periods.refuse_unlikely(found, self.today)
        return found

    def _told(self, cells: _Cells) -> Period | None:
        order, year = self.is_month_first, cells.get("year")
        if cell := cells.get("day"):
            only = periods.day(cell, is_month_first=order)
            return Period(only, only)
        if cell := cells.get("week"):
            return periods.week(cell, year, is_month_first=order)
        if cell := cells.get("month"):
            return periods.month(cell, year)
        if (first := cells.get("from")) and (last := cells.get("to")):
            return periods.between(first, last, is_month_first=order)
        return None


class _Cells:
    """The cells of a row by what they mean; what tells nothing is empty."""

    def __init__(self, cells: Sequence[str], meanings: Sequence[str], decimal: str) -> None:
        self.decimal = decimal
        self.by_meaning: dict[str, list[str]] = {}
        for meaning, cell in zip(meanings, cells, strict=False):
            if meaning:
                bare = cell[1:] if NEUTRALISED.match(cell) else cell
                self.by_meaning.setdefault(meaning, []).append("" if numbers.is_empty(bare) else bare)

    def get(self, meaning: str) -> str:
        """The cell with this meaning; nothing when there is none."""
        return next(iter(self.by_meaning.get(meaning, [])), "")

    def count(self, meaning: str) -> int | None:
        """How many stand there, in all columns with this meaning; None when nothing does."""
        found = [numbers.count(cell, self.decimal) for cell in self.by_meaning.get(meaning, []) if cell]
        return sum(found) if found else None

    def value(self, metric: Metric, forms: Sequence[str]) -> tuple[str, str]:
        """The cell of a figure, and the form in which it stands there."""
        return next(((cell, form) for form in forms if (cell := self.get(f"{metric}:{form}"))), ("", ""))

    def n(self, metric: Metric) -> int | None:
        """Of how many the figure is: its own n, else what comes to the same."""
        found = self.count(f"{metric}:n")
        if found is None and metric in N_ELSEWHERE:
            found = self.count(N_ELSEWHERE[metric])
        if found is None and metric in OF_TICKETS:
            found = self.count(TICKETS)
        return found


def _too_many(line: Line, columns: int) -> str:
    told = {"cells": len(line.cells), "columns": columns}
    return _("It has %(cells)d cells, but there are %(columns)d columns; perhaps a comma stands in one.") % told


def _person(cells: _Cells) -> Person:
    """Whose figures they are.

    Raises:
        Unreadable: it does not say so, or sums up others.
    """
    number, name, email = (cells.get(key)[:LONGEST] for key in ("agent_id", "agent_name", "agent_email"))
    if {number.casefold(), name.casefold()} & SUMS:
        raise Unreadable(_("It sums up other rows."))
    try:
        validate_email(email)
        email = email.lower()
    except ValidationError:
        name, email = name or email, ""
    if not (number or name or email):
        raise Unreadable(_("It does not say whose figures these are."))
    return Person(number, email, name)


def _read_figures(row: Row, cells: _Cells) -> None:
    """Each figure for itself: what cannot be read spoils no other."""
    for metric, read in READERS.items():
        try:
            if found := read(cells, metric):
                row.figures.append(found)
        except Unreadable as error:
            row.wrongs.append(f"{metric.label.partition(',')[0].capitalize()}: {error}")
    if not row.figures and not row.wrongs:
        row.wrongs.append(_("There is no figure in it."))


def _satisfaction(cells: _Cells, metric: Metric) -> Found | None:
    """Out of the ratings where they are told, because they tell n too; else as a share."""
    good, other = cells.count(f"{metric}:good"), cells.count(f"{metric}:other")
    n = None if good is None else cells.n(metric) if other is None else good + other
    return _percentage(cells, metric) if good is None or n is None else _share(metric, good, n)


def _percentage(cells: _Cells, metric: Metric) -> Found | None:
    cell, form = cells.value(metric, ("percent", "fraction"))
    if not cell or (n := cells.n(metric)) == 0:
        return None
    return Found(metric, numbers.percentage(cell, cells.decimal, is_fraction=form == "fraction"), n)


def _reopened(cells: _Cells, metric: Metric) -> Found | None:
    """Out of how many were reopened and how many solved; else as a share."""
    many = cells.count(f"{metric}:number")
    if many is None:
        return _percentage(cells, metric)
    if (n := cells.n(metric)) is None:
        raise Unreadable(_("nobody tells of how many tickets."))
    return _share(metric, many, n)


def _share(metric: Metric, part: int, n: int | None) -> Found | None:
    if not n:
        return None
    if part > n:
        raise Unreadable(_("%(part)d of %(n)d cannot be.") % {"part": part, "n": n})
    return Found(metric, (Decimal(part) * 100 / n).quantize(numbers.FOUR_PLACES), n)


def _time(cells: _Cells, metric: Metric) -> Found | None:
    cell, form = cells.value(metric, TIME_UNITS)
    if not cell or (n := cells.n(metric)) == 0:
        return None
    found = numbers.seconds(cell, cells.decimal, unit=form)
    return Found(metric, (found / IN_STORED_UNIT[metric]).quantize(numbers.FOUR_PLACES), n)


def _solved(cells: _Cells, metric: Metric) -> Found | None:
    many = cells.count(f"{metric}:number")
    return None if many is None else Found(metric, Decimal(many), many)


READERS: dict[Metric, Callable[[_Cells, Metric], Found | None]] = {
    Metric.SATISFACTION: _satisfaction,
    Metric.FIRST_REPLY: _time,
    Metric.RESOLUTION: _time,
    Metric.REOPENED: _reopened,
    Metric.SOLVED: _solved,
    Metric.QUALITY: _percentage,
    Metric.ADHERENCE: _percentage,
}
