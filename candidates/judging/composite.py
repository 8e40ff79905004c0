"""The composite: locked ratings combined by the plan's weights, never by feeling (Kuncel et al. 2013).

Per competency the mean of all locked ratings; over the competencies their mean by weight. A must-have whose mean is
below 3 is missed, whatever the composite. Competencies that nobody rated do not count, and are named. What candidates
say of themselves in a trial is evidence to read, not a rating to count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from candidates.jobs.models import Competency, HiringPlan
from candidates.judging.models import Rating
from candidates.people.models import Application
from candidates.post.models import Ask

MUST_HAVE_FLOOR = Decimal(3)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One competency of the plan: its weight, mean and spread over `n` ratings; mean None when nobody rated it."""

    competency: Competency
    weight: int
    must_have: bool
    mean: Decimal | None
    lowest: int | None
    highest: int | None
    n: int

    @property
    def is_missed(self) -> bool:
        """A must-have that was rated too low, or not at all."""
        return self.must_have and (self.mean is None or self.mean < MUST_HAVE_FLOOR)


@dataclass(frozen=True)
class Composite:
    """The composite on the scale 1 to 5 (None before the first rating), and the lines it is made of."""

    score: Decimal | None
    lines: tuple[Line, ...]
    plan: HiringPlan

    @property
    def missed(self) -> list[Line]:
        """The must-haves that are missed."""
        return [line for line in self.lines if line.is_missed]

    @property
    def passes(self) -> bool:
        """Whether the plan's rule says go on."""
        return self.score is not None and self.score >= self.plan.line and not self.missed


def compute(application: Application) -> Composite:
    """The composite over all locked scorecards of `application`, by the weights of its own plan version.

    It does not ask the firewall: whoever shows the result must.
    """
    scores = _scores(application)
    weights = application.plan.weights.select_related("competency")
    lines = tuple(_line(row.competency, row.weight, row.must_have, scores[row.competency_id]) for row in weights)
    rated = [(line.weight, line.mean) for line in lines if line.mean is not None]
    total = sum(weight for weight, _mean in rated)
    score = sum((weight * mean for weight, mean in rated), Decimal(0)) / total if total else None
    return Composite(score=_round(score), lines=lines, plan=application.plan)


def _scores(application: Application) -> defaultdict[int, list[int]]:
    ratings = Rating.objects.exclude(scorecard__ask__role=Ask.Role.CANDIDATE).filter(
        scorecard__application=application,
        scorecard__locked_at__isnull=False,
    )
    scores: defaultdict[int, list[int]] = defaultdict(list)
    for competency, score in ratings.values_list("competency_id", "score"):
        if competency is not None and score is not None:
            scores[competency].append(score)
    return scores


def _line(competency: Competency, weight: int, must_have: bool, scores: list[int]) -> Line:
    if not scores:
        return Line(competency, weight, must_have, None, None, None, 0)
    mean = Decimal(sum(scores)) / len(scores)
    return Line(competency, weight, must_have, mean, min(scores), max(scores), len(scores))


def _round(score: Decimal | None) -> Decimal | None:
    return None if score is None else score.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
