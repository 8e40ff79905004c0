"""Where referees, interviews and the candidate's own view differ: competency by competency, the widest gap first.

It is made of what `evidence.gather` has read, so it shows only what the firewall shows. No number here decides: a gap
says what to ask next. What candidates say of themselves is beside the others and counts nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk.evidence import CRITERION_NAMES, Card, Evidence, Rated
from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.stages import Stage
from references.models import SelfView

Kind = Scorecard.Kind
BEFORE = frozenset({Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEWS})  # nobody was asked for references there
TALKS = frozenset({Kind.PHONE, Kind.INTERVIEW, Kind.EXERCISE})
REFEREES, INTERVIEWS, OWN = "referees", "interviews", "own"
NAMES: dict[str, str | Promise] = {
    REFEREES: gettext_lazy("Referees"),
    INTERVIEWS: gettext_lazy("Interviews"),
    OWN: gettext_lazy("Candidate"),
}
CHARTS = 3  # so many gaps are drawn; the table has all
LEFT, STEP, TOP, LANE = 92, 36, 12, 18  # of a chart, in its own units: where 1 stands, from score to score, lanes


@dataclass(frozen=True)
class Mean:
    """What one side says on average, from 1 to 5: so many referees, ratings or statements."""

    source: str
    mean: Decimal
    n: int

    @property
    def name(self) -> str:
        """Whose it is, in words."""
        return str(NAMES[self.source])

    @property
    def told(self) -> str:
        """The mean to a tenth."""
        return f"{self.mean:.1f}"


@dataclass(frozen=True)
class Lane:
    """One side on a chart: where its mark stands, and its words beside it."""

    mean: Mean
    x: float
    y: int

    @property
    def label_y(self) -> int:
        """The base line of its words."""
        return self.y + 4

    @property
    def value_x(self) -> float:
        """Where its number begins."""
        return round(self.x + 10, 1)


@dataclass(frozen=True)
class Line:
    """One competency (or a criterion that tells about none of the plan's) with what each side says of it.

    Args:
        asked: the names of the criteria under which referees were asked.
    """

    name: str
    sides: tuple[Mean, ...]
    asked: tuple[str, ...] = ()

    @property
    def cells(self) -> list[tuple[str, Mean | None]]:
        """For the table: each side in its column, None where it says nothing."""
        found = {side.source: side for side in self.sides}
        return [(str(name), found.get(source)) for source, name in NAMES.items()]

    @property
    def farthest(self) -> tuple[Mean, Mean] | None:
        """The two sides that are farthest apart, the lower one first."""
        pairs = combinations(sorted(self.sides, key=lambda side: side.mean), 2)
        return max(pairs, key=lambda pair: pair[1].mean - pair[0].mean, default=None)

    @property
    def apart(self) -> Decimal:
        """How far; nothing where there are no two sides."""
        return self.farthest[1].mean - self.farthest[0].mean if self.farthest else Decimal(0)

    @property
    def told(self) -> str:
        """The gap in words."""
        if not self.farthest:
            return _("nothing to compare")
        low, high = self.farthest
        words = {"apart": f"{self.apart:.1f}", "high": high.name, "low": low.name}
        return _("%(apart)s apart: %(high)s above %(low)s") % words if self.apart else _("they agree")

    @property
    def words(self) -> str:
        """The chart for those who do not see it."""
        return ", ".join(f"{side.name} {side.told} ({side.n})" for side in self.sides)

    @property
    def lanes(self) -> list[Lane]:
        """The chart: a lane for each side that says something."""
        return [
            Lane(side, round(LEFT + STEP * (float(side.mean) - 1), 1), TOP + LANE * place)
            for place, side in enumerate(self.sides)
        ]

    @property
    def height(self) -> int:
        """Of the chart."""
        return TOP + LANE * len(self.sides)

    @property
    def ticks(self) -> list[int]:
        """Where the scores from 1 to 5 stand."""
        return [LEFT + STEP * place for place in range(5)]


@dataclass(frozen=True)
class Discrepancy:
    """All lines, the widest gap first; lines with nothing to compare last."""

    lines: tuple[Line, ...]

    @property
    def widest(self) -> list[Line]:
        """The gaps that are drawn."""
        return [line for line in self.lines if line.apart][:CHARTS]

    @property
    def names(self) -> list[str]:
        """The columns of the table."""
        return [str(name) for name in NAMES.values()]


@dataclass
class _Said:
    """Scores by side while they are gathered; of referees one number each."""

    scores: defaultdict[str, list[Decimal]]
    asked: dict[str, str]  # the names of criteria by their keys, each in the words of who was asked first

    @classmethod
    def nothing(cls) -> _Said:
        return cls(defaultdict(list), {})

    def line(self, name: str) -> Line:
        sides = [Mean(source, _mean(told), len(told)) for source in NAMES if (told := self.scores[source])]
        return Line(name, tuple(sides), tuple(one for one in self.asked.values() if one != name))


def of(application: Application, evidence: Evidence) -> Discrepancy | None:
    """What the sides say, one query; None before the references, while the firewall is closed, or with nothing said.

    Args:
        evidence: of this application, as `evidence.gather` shows it to the reader.
    """
    if not evidence.is_open or evidence.composite is None or application.stage in BEFORE:
        return None
    views = list(application.self_views.all()) if getattr(application, "has_self_views", True) else []
    references = [card for card in evidence.cards if card.source == Kind.REFERENCE and card.ratings]
    if not (views or references):
        return None
    weighed = {line.competency.pk: line.competency.name for line in evidence.composite.lines}
    said = {key: _Said.nothing() for key in weighed}
    _hear_talks(said, evidence.cards)
    apart = _hear_referees(said, references)
    _hear_candidate(said, apart, evidence.cards, views)
    lines = [said[key].line(name) for key, name in weighed.items()]
    lines += [one.line(one.asked.get(key) or str(CRITERION_NAMES.get(key, key))) for key, one in apart.items()]
    told = [line for line in lines if line.sides]
    return Discrepancy(tuple(sorted(told, key=lambda line: (len(line.sides) < 2, -line.apart))))


def _hear_talks(said: dict[int, _Said], cards: Iterable[Card]) -> None:
    """Phone screens, interviews, written work, as the composite counts them."""
    for card in cards:
        if card.source in TALKS:
            _add(said, INTERVIEWS, card.counted)


def _hear_referees(said: dict[int, _Said], cards: Iterable[Card]) -> dict[str, _Said]:
    """Each referee once a competency; by criterion what tells about no competency of the plan."""
    apart: dict[str, _Said] = {}
    for card in cards:
        of_one: defaultdict[int, list[Decimal]] = defaultdict(list)
        for rated in card.ratings:
            if rated.score is None:
                continue
            about = [key for key in rated.about if key in said]
            for key in about:
                of_one[key].append(Decimal(rated.score))
                said[key].asked.setdefault(rated.criterion, str(rated.name))
            if not about:
                _own_line(apart, rated.criterion, str(rated.name)).scores[REFEREES].append(Decimal(rated.score))
        for key, scores in of_one.items():
            said[key].scores[REFEREES].append(_mean(scores))
    return apart


def _hear_candidate(
    said: dict[int, _Said], apart: dict[str, _Said], cards: Iterable[Card], views: Iterable[SelfView]
) -> None:
    """What they said when they named referees, and at the check-ins of the trial."""
    for view in views:
        about = [key for key in view.competencies if key in said]
        for key in about:
            said[key].scores[OWN].append(Decimal(view.score))
        if not about:
            _own_line(apart, view.criterion).scores[OWN].append(Decimal(view.score))
    for card in cards:
        if card.is_own_view:
            _add(said, OWN, card.counted)


def _own_line(apart: dict[str, _Said], criterion: str, name: str = "") -> _Said:
    found = apart.setdefault(criterion, _Said.nothing())
    if name:
        found.asked.setdefault(criterion, name)
    return found


def _add(said: dict[int, _Said], source: str, ratings: Iterable[Rated]) -> None:
    for rated in ratings:
        if rated.score is not None and rated.competency in said:
            said[rated.competency].scores[source].append(Decimal(rated.score))


def _mean(scores: list[Decimal]) -> Decimal:
    return sum(scores, Decimal(0)) / len(scores)
