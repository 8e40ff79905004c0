"""Where the lines of a small chart run: one figure of a trial, in units of an SVG, as text that no language changes.

What is drawn stands in the table beside it, too; the chart is for the eye. Lines differ in stroke, not in colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor, log10

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from trials.figures.metrics import PERCENT
from trials.figures.weeks import COUNTS, Point, Reached, Series

HEIGHT = 136  # of a width of 300
LEFT, RIGHT, TOP, BOTTOM = 34.0, 224.0, 10.0, 112.0
INSET = 10.0  # of the first and the last week
APART = 13.0  # between labels, so that none covers another
WEEK_LABEL = 50.0  # what the day of a week takes
WHOLE, SHORTEST = 100.0, 20.0  # per cent: the end of the scale, and its shortest stretch
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Dot:
    """One week: the value, and from where to where its interval reaches."""

    x: str
    y: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Label:
    """A word beside what it names; `kind` is own, team, target or empty."""

    x: str
    y: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Chart:
    """Everything that is drawn."""

    words: str
    dots: list[Dot]
    own: list[str]
    team: list[str]
    target: str
    ticks: list[Label]
    weeks: list[Label]
    labels: list[Label]


class Scale:
    """From values to heights: shares and scores over a round stretch of 0 to 100, all else from nothing."""

    def __init__(self, series: Series) -> None:
        values = list(_values(series)) or [0.0]
        if series.metric in PERCENT:
            self.low, self.high = _stretch(min(values), max(values))
        else:
            self.low, self.high = 0.0, _round_up(max(values))

    def y(self, value: float) -> float:
        """How far from the top; what lies outside is drawn at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return BOTTOM - (BOTTOM - TOP) * min(max(share, 0.0), 1.0)


def draw(series: Series) -> Chart:
    """The chart of one figure; weeks without a value leave a gap."""
    scale, places = Scale(series), _places(len(series.points))
    at = list(zip(series.points, places, strict=True))
    return Chart(
        words=_words(series),
        dots=[_dot(point.own, x, scale) for point, x in at if point.own],
        own=_lines((x, None if point.own is None else scale.y(point.own.value)) for point, x in at),
        team=_lines((x, None if point.team is None else scale.y(point.team)) for point, x in at),
        target="" if series.target is None else _text(scale.y(series.target)),
        ticks=_ticks(series, scale),
        weeks=_weeks(series.points, places),
        labels=_labels(series, scale),
    )


def shown(metric: str, value: float) -> str:
    """A value as it is written: counts whole, from a hundred on whole, below with one decimal."""
    places = 0 if metric in COUNTS or abs(value) >= WHOLE else 1
    return number_format(round(value, places), decimal_pos=places, use_l10n=True)


def rounded(value: float) -> str:
    """A round number without the decimal it does not need."""
    return number_format(value, decimal_pos=0 if value == round(value) else 1, use_l10n=True)


def day(moment: date) -> str:
    """A day without its year."""
    return date_format(moment, "j M")


def _values(series: Series) -> Iterable[float]:
    if series.target is not None:
        yield series.target
    for point in series.points:
        if point.team is not None:
            yield point.team
        if point.own:
            yield point.own.value
            if point.own.interval:
                yield from (point.own.interval.low, point.own.interval.high)


def _stretch(low: float, high: float) -> tuple[float, float]:
    """The tens around these shares, not so short that a chance looks like a fall."""
    first, last = 10.0 * floor(low / 10), min(10.0 * ceil(high / 10), WHOLE)
    if last - first < SHORTEST:
        first = max(last - SHORTEST, 0.0)
        last = max(last, first + SHORTEST)
    return first, last


def _round_up(value: float) -> float:
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in STEPS if step * power >= value)


def _places(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    step = (RIGHT - LEFT - 2 * INSET) / max(count - 1, 1)
    return [LEFT + INSET + number * step for number in range(count)]


def _dot(own: Reached, x: float, scale: Scale) -> Dot:
    if own.interval is None:
        return Dot(_text(x), _text(scale.y(own.value)))
    ends = (_text(scale.y(own.interval.low)), _text(scale.y(own.interval.high)))
    return Dot(_text(x), _text(scale.y(own.value)), *ends)


def _lines(places: Iterable[tuple[float, float | None]]) -> list[str]:
    """Each stretch of weeks without a gap, as the points of a line."""
    stretches = (list(run) for is_known, run in groupby(places, lambda place: place[1] is not None) if is_known)
    return [" ".join(f"{_text(x)},{_text(y)}" for x, y in run if y is not None) for run in stretches]


def _ticks(series: Series, scale: Scale) -> list[Label]:
    values = (scale.low, (scale.low + scale.high) / 2, scale.high)
    return [Label(_text(LEFT - 4), _text(scale.y(value)), rounded(value)) for value in values]


def _weeks(points: list[Point], places: list[float]) -> list[Label]:
    """The first days of as many weeks as have room, the first always."""
    labels, free_from = [], 0.0
    for point, x in zip(points, places, strict=True):
        if x >= free_from:
            labels.append(Label(_text(x), _text(HEIGHT - 8), day(point.week.starts_on)))
            free_from = x + WEEK_LABEL
    return labels


def _labels(series: Series, scale: Scale) -> list[Label]:
    """What the lines are, at their ends, pushed apart where they meet."""
    named = []
    if series.measured and (own := series.measured[-1].own):
        named.append((scale.y(own.value), shown(series.metric, own.value), "own"))
    if teams := [point.team for point in series.points if point.team is not None]:
        named.append((scale.y(teams[-1]), _("team %s") % shown(series.metric, teams[-1]), "team"))
    if series.target is not None:
        named.append((scale.y(series.target), _("target %s") % rounded(series.target), "target"))
    named.sort()
    heights = _apart([y for y, _said, _kind in named])
    return [Label(_text(RIGHT + 6), _text(y), said, kind) for y, (_y, said, kind) in zip(heights, named, strict=True)]


def _apart(heights: list[float]) -> list[float]:
    """The same heights, from top to bottom, each at least `APART` below the one before, none below the chart."""
    moved: list[float] = []
    for y in heights:
        moved.append(max(y, moved[-1] + APART) if moved else y)
    for number in range(len(moved) - 1, -1, -1):
        lowest = BOTTOM - APART * (len(moved) - 1 - number)
        moved[number] = min(moved[number], lowest)
    return moved


def _words(series: Series) -> str:
    """What the chart shows, for those who do not see it; the numbers stand in the table."""
    said = [_("Chart of %s week by week.") % series.metric.label]
    if series.measured and (own := series.measured[-1].own):
        told = {"day": day(series.measured[-1].week.starts_on), "value": shown(series.metric, own.value)}
        said.append(_("Last value %(value)s, in the week of %(day)s.") % told)
    said.append(_("The table has every number."))
    return " ".join(said)


def _text(place: float) -> str:
    return f"{place:.1f}"
