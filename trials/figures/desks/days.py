"""What happened to single tickets, put together day by day for each agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite, sqrt
from zoneinfo import ZoneInfo

from trials.figures.agents import Person
from trials.figures.desks.interface import Row
from trials.figures.metrics import PROPORTIONS, Metric

HIGHEST = 1e9
FOUR_PLACES = Decimal("0.0001")
MINUTE, HOUR = 60.0, 3600.0


@dataclass
class Cases:
    """Mean and spread of cases that come one by one (Welford, Technometrics 4 (1962), 419-420)."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """One more."""
        self.n += 1
        off = value - self.mean
        self.mean += off / self.n
        self.squares += off * (value - self.mean)

    @property
    def spread(self) -> float | None:
        """The standard deviation, from two cases on."""
        return sqrt(self.squares / (self.n - 1)) if self.n > 1 else None


class Days:
    """Everything that was noted between two days, both included, by the clock in `zone`."""

    def __init__(self, since: date, until: date, zone: ZoneInfo) -> None:
        self._since, self._until, self._zone = since, until, zone
        self._cases: dict[tuple[str, str, date], Cases] = {}

    def note(self, agent: str, metric: str, at: datetime | None, value: float | None) -> None:
        """One case of one agent; what lies outside these days, or is no sensible number, is left out."""
        if not agent or at is None or value is None or not isfinite(value) or not 0 <= value < HIGHEST:
            return
        try:
            day = at.astimezone(self._zone).date()
        except OverflowError:  # the year 1 or 9999
            return
        if self._since <= day <= self._until:
            self._cases.setdefault((agent, metric, day), Cases()).add(value)

    def note_ticket(
        self, agent: str, *, created: datetime | None, solved: datetime | None, hours: float | None, is_reopened: bool
    ) -> None:
        """A ticket that was solved; `hours` where the help desk counts them itself."""
        if solved is None:
            return
        if hours is None and created is not None:
            hours = (solved - created).total_seconds() / HOUR
        self.note(agent, Metric.SOLVED, solved, 1.0)
        self.note(agent, Metric.RESOLUTION, solved, hours)
        self.note(agent, Metric.REOPENED, solved, 100.0 if is_reopened else 0.0)

    def note_reply(self, agent: str, *, created: datetime | None, replied: datetime | None) -> None:
        """The first reply to a ticket, on the day on which it was given."""
        if created is not None and replied is not None:
            self.note(agent, Metric.FIRST_REPLY, replied, (replied - created).total_seconds() / MINUTE)

    def rows(self, people: Mapping[str, Person]) -> Iterator[Row]:
        """One row for each agent, figure and day.

        Args:
            people: by the numbers that were noted; whoever is not among them is known by number alone.
        """
        for (agent, metric, day), cases in sorted(self._cases.items()):
            person = people.get(agent) or Person(number=agent)
            if metric == Metric.SOLVED:
                yield Row(person, metric, day, Decimal(cases.n), cases.n)
                continue
            spread = None if metric in PROPORTIONS else cases.spread
            yield Row(person, metric, day, _decimal(cases.mean), cases.n, None if spread is None else _decimal(spread))


def _decimal(value: float) -> Decimal:
    return Decimal(value).quantize(FOUR_PLACES)
