"""The figures of one trial, week by week, beside the team's median and the target.

Weeks begin on Monday. A figure of several days belongs to the week in which its middle day lies, so that a help desk
whose weeks begin on Sunday fits too. The days of one week become one figure: shares and means weighted by n, counts
added up; n added up, and unknown where one of them is. Where a figure of a week and figures of its days are both
known, the days are left out: they tell the same cases once more. What covers more than a week is told apart.

The team's median: per agent of the same help desk who is matched as in the team, one value a week as above; the
median of these, each agent counting once. Fewer than `FEWEST` agents give none: it would tell of persons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from statistics import median
from typing import Any

from django.db.models import Count, DateField, DecimalField, Exists, F, Func, OuterRef, Q, QuerySet, Sum

from trials.figures import intervals
from trials.figures.intervals import Interval
from trials.figures.metrics import LOWER_IS_BETTER, Metric, Tool
from trials.figures.models import Agent, Figure
from trials.offering.models import Trial
from trials.planning.models import FigureTarget

FEWEST = 3  # agents, for a median
LONGEST = timedelta(days=6)  # from the first to the last day of what counts as one week's figure
ONE_WEEK = timedelta(days=7)
COUNTS = frozenset({Metric.SOLVED})
Key = tuple[str, str]  # metric and help desk


@dataclass(frozen=True)
class Week:
    """A week of the trial; the first and the last may hold fewer of its days."""

    number: int
    starts_on: date
    ends_on: date
    is_over: bool


@dataclass(frozen=True)
class Reached:
    """What was reached: the value, n where it is known, how sure it is."""

    value: float
    n: int | None
    interval: Interval | None


@dataclass(frozen=True)
class Point:
    """What is known of one week. `team` is the median of `agents` colleagues, None below `FEWEST`."""

    week: Week
    own: Reached | None = None
    team: float | None = None
    agents: int = 0


@dataclass(frozen=True)
class Longer:
    """A figure that covers more than a week."""

    starts_on: date
    ends_on: date
    own: Reached


@dataclass(frozen=True)
class Series:
    """One figure of one help desk over the weeks of a trial. Without figures yet `tool` is empty."""

    metric: Metric
    tool: str
    target: float | None
    points: list[Point]
    longer: list[Longer] = field(default_factory=list)

    @property
    def is_lower_better(self) -> bool:
        """Which way is better."""
        return self.metric in LOWER_IS_BETTER

    @property
    def tool_name(self) -> str:
        """The help desk, as people call it."""
        return str(Tool(self.tool).label) if self.tool else ""

    @property
    def measured(self) -> list[Point]:
        """The weeks with a figure of their own."""
        return [point for point in self.points if point.own]


class MiddleMonday(Func):
    """The Monday of the week in which the middle of some days lies."""

    arity = 2
    output_field = DateField()

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        """Plain arithmetic of PostgreSQL: a date and half the days between."""
        (first, of_first), (last, of_last) = (compiler.compile(one) for one in self.source_expressions)
        middle = f"({first} + ({last} - {first}) / 2)"
        return f"date_trunc('week', {middle}::timestamp)::date", (*of_first, *of_last, *of_first)


def of(trial: Trial, *, today: date) -> list[Series]:
    """What is known of a trial, for each figure that has a value or a target. At most four queries.

    Args:
        trial: agreed or not; before its first day there are no weeks.
        today: in the zone of the job; later weeks are not told.
    """
    targets = _targets(trial)
    agents = _agents(trial)
    own = {agent.pk: agent.tool for agent in agents if agent.application_id == trial.application_id}
    team = {agent.pk: agent.tool for agent in agents if agent.pk not in own and agent.tool in own.values()}
    sums = _sums(trial, [*own, *team]) if own else []
    mine, theirs = _mine(sums, own), _theirs(sums, team)
    longer = _longer(trial, own) if own else {}
    keys = {key for key, _monday in mine} | set(longer)
    keys |= {(metric, "") for metric in targets if metric not in {known for known, _tool in keys}}
    weeks = weeks_of(trial, today)
    return [
        Series(Metric(key[0]), key[1], targets.get(key[0]), _points(key, weeks, mine, theirs), longer.get(key, []))
        for key in sorted(keys, key=_order)
    ]


def weeks_of(trial: Trial, today: date) -> list[Week]:
    """The weeks of the trial that have begun."""
    monday, last = _monday(trial.starts_on), min(trial.ends_on, today)
    if today < trial.starts_on:
        return []
    count = (last - monday).days // 7 + 1
    mondays = [monday + ONE_WEEK * number for number in range(count)]
    return [Week(number, day, day + LONGEST, day + LONGEST < today) for number, day in enumerate(mondays, start=1)]


def _order(key: Key) -> tuple[int, str]:
    return Metric.values.index(key[0]), key[1]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _targets(trial: Trial) -> dict[str, float]:
    found = FigureTarget.objects.filter(plan__applications=trial.application_id)
    return {metric: float(target) for metric, target in found.values_list("metric", "target")}


def _agents(trial: Trial) -> list[Agent]:
    """Who the candidate is in a help desk, and the team; of other help desks, too, as nobody knows yet which it is."""
    here = Q(part=Agent.Part.TRIAL, application=trial.application_id)
    return list(Agent.objects.filter(here | Q(part=Agent.Part.TEAM)).only("tool", "application_id"))


def _in_trial(trial: Trial, agents: Iterable[int]) -> QuerySet[Figure]:
    """The figures of these agents that tell about days of the trial; nothing was measured where n is 0."""
    days = {"starts_on__lte": trial.ends_on, "ends_on__gte": trial.starts_on}
    return Figure.objects.filter(Q(metric__in=COUNTS) | ~Q(n=0), agent__in=agents, **days)


def _sums(trial: Trial, agents: list[int]) -> list[dict[str, Any]]:
    """One row for each agent, figure and week, with all that value, n and spread of the week follow from."""
    number = DecimalField(max_digits=40, decimal_places=8)
    several = Figure.objects.filter(
        agent=OuterRef("agent"),
        metric=OuterRef("metric"),
        starts_on__lte=OuterRef("starts_on"),
        starts_on__gte=OuterRef("starts_on") - LONGEST,
        ends_on__gte=OuterRef("ends_on"),
        ends_on__lte=F("starts_on") + LONGEST,
    ).exclude(starts_on=OuterRef("starts_on"), ends_on=OuterRef("ends_on"))
    figures = _in_trial(trial, agents).filter(~Exists(several), ends_on__lte=F("starts_on") + LONGEST)
    by_week = figures.order_by().values("agent", "metric", monday=MiddleMonday("starts_on", "ends_on"))
    rows: Any = by_week.annotate(
        rows=Count("pk"),
        known=Count("n"),
        cases=Sum("n"),
        plain=Sum("value"),
        weighted=Sum(F("value") * F("n"), output_field=number),
        squares=Sum(F("value") * F("value") * F("n"), output_field=number),
        within=Sum(F("spread") * F("spread") * (F("n") - 1), output_field=number),
        loose=Count("pk", filter=Q(n__gt=1, spread=None)),
    )
    return list(rows)


def _mine(sums: list[dict[str, Any]], own: dict[int, str]) -> dict[tuple[Key, date], Reached]:
    """The candidate's weeks; somebody known twice in one help desk is one person."""
    found: dict[tuple[Key, date], list[dict[str, Any]]] = defaultdict(list)
    for row in sums:
        if row["agent"] in own:
            found[(row["metric"], own[row["agent"]]), row["monday"]].append(row)
    return {place: _reached(place[0][0], rows) for place, rows in found.items()}


def _theirs(sums: list[dict[str, Any]], team: dict[int, str]) -> dict[tuple[Key, date], list[float]]:
    """What the team's agents reached in each week, one value each."""
    found: dict[tuple[Key, date], list[float]] = defaultdict(list)
    for row in sums:
        if row["agent"] in team:
            found[(row["metric"], team[row["agent"]]), row["monday"]].append(_reached(row["metric"], [row]).value)
    return found


def _reached(metric: str, rows: list[dict[str, Any]]) -> Reached:
    """One figure out of the sums of a week."""
    total = {name: sum(row[name] or 0 for row in rows) for name in rows[0] if name not in ("agent", "metric", "monday")}
    if metric in COUNTS:  # a count is its own n
        return Reached(float(total["plain"]), round(total["plain"]), None)
    if total["known"] < total["rows"]:
        return Reached(float(total["plain"] / total["rows"]), None, None)
    value, n = total["weighted"] / total["cases"], int(total["cases"])
    spread = None if total["loose"] or n < 2 else _spread(total, float(value), n)
    return Reached(float(value), n, intervals.of(metric, float(value), n, spread))


def _spread(total: dict[str, Any], mean: float, n: int) -> float:
    """The standard deviation of all cases: that within the days, and that between them."""
    between = float(total["squares"]) - n * mean * mean
    return sqrt(max(float(total["within"]) + between, 0.0) / (n - 1))


def _longer(trial: Trial, own: dict[int, str]) -> dict[Key, list[Longer]]:
    found: dict[Key, list[Longer]] = defaultdict(list)
    for figure in _in_trial(trial, own).filter(ends_on__gt=F("starts_on") + LONGEST).order_by("starts_on", "ends_on"):
        spread = None if figure.spread is None else float(figure.spread)
        interval = intervals.of(figure.metric, float(figure.value), figure.n, spread)
        measured = Reached(float(figure.value), figure.n, interval)
        found[figure.metric, own[figure.agent_id]].append(Longer(figure.starts_on, figure.ends_on, measured))
    return found


def _points(
    key: Key,
    weeks: list[Week],
    mine: dict[tuple[Key, date], Reached],
    theirs: dict[tuple[Key, date], list[float]],
) -> list[Point]:
    return [_point(week, mine.get((key, week.starts_on)), theirs.get((key, week.starts_on), [])) for week in weeks]


def _point(week: Week, own: Reached | None, team: list[float]) -> Point:
    return Point(week, own, median(team) if len(team) >= FEWEST else None, len(team))
