"""The composite: locked ratings combined by the plan's weights, never by feeling (Kuncel et al. 2013).

Per competency the mean of all locked ratings, of interviews as of written work; over the competencies their mean by
weight. The rule says go on when the composite reaches the plan's line, no must-have has a mean below 3, and every
competency was rated by as many people as the plan asks for. A revision that was made blind counts in place of what it
revises; later ones are shown beside it. What candidates say of themselves in a trial is evidence to read, not a
rating to count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from candidates.jobs.models import Competency, HiringPlan, PlanCompetency
from candidates.judging.models import Rating, Revision
from candidates.people.models import Application
from candidates.post.models import Ask

MUST_HAVE_FLOOR = Decimal(3)
HUNDREDTH = Decimal("0.01")
Raters = dict[int, tuple[int, str]]  # by scorecard: of which application, and the rater's address
Said = dict[tuple[int, int], int | None]  # by scorecard and competency: the score


class Counted(NamedTuple):
    """A score that counts, and by whom: one person may rate a competency on several occasions."""

    score: int
    rater: str


@dataclass(frozen=True)
class Line:
    """One competency of the plan: its weight, mean and spread over `n` ratings; mean None when nobody rated it.

    `raters` is how many people they are from, `needed` how many the plan asks for.
    """

    competency: Competency
    weight: int
    must_have: bool
    mean: Decimal | None
    lowest: int | None
    highest: int | None
    n: int
    raters: int = 0
    needed: int = 1

    @property
    def is_missed(self) -> bool:
        """A must-have that was rated too low, or not at all."""
        return self.must_have and (self.mean is None or self.mean < MUST_HAVE_FLOOR)

    @property
    def is_short(self) -> bool:
        """Whether fewer people rated it than the plan asks for."""
        return self.raters < self.needed

    @property
    def range(self) -> int:
        """How far the ratings lie apart."""
        return (self.highest or 0) - (self.lowest or 0)


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
    def short(self) -> list[Line]:
        """The competencies with too few raters."""
        return [line for line in self.lines if line.is_short]

    @property
    def is_over_the_line(self) -> bool:
        """Whether the composite alone is high enough."""
        return self.score is not None and self.score >= self.plan.line

    @property
    def passes(self) -> bool:
        """Whether the plan's rule says go on."""
        return self.is_over_the_line and not self.missed and not self.short

    @property
    def by_disagreement(self) -> list[Line]:
        """The lines, those first where the ratings lie farthest apart; among equals the heavier ones."""
        return sorted(self.lines, key=lambda line: (-line.range, -line.weight))


def compute(application: Application) -> Composite:
    """The composite over all locked scorecards of `application`, by the weights of its own plan version.

    It does not ask the firewall: whoever shows the result must.
    """
    return computed([application])[application.pk]


def of_cards(application: Application, cards: Iterable[Any]) -> Composite:
    """The same out of its scorecards, where they are at hand with their asks, ratings and revisions; one query."""
    counted = [card for card in cards if card.is_locked and card.ask.role != Ask.Role.CANDIDATE]
    raters = {card.pk: (application.pk, card.ask.email.casefold()) for card in counted}
    said = {
        (card.pk, one.competency_id): one.score for card in counted for one in card.ratings.all() if one.competency_id
    }
    latest = {card.pk: one.scores for card in counted for one in card.revisions.all() if one.is_blind}
    weights = application.plan.weights.select_related("competency")
    return _combine(application.plan, list(weights), _counted(raters, said | _of(latest))[application.pk])


def computed(applications: Iterable[Application]) -> dict[int, Composite]:
    """The composites of many, by the application's key, in three queries however many they are.

    Args:
        applications: with their plans read.
    """
    wanted = list(applications)
    scores = _scores([one.pk for one in wanted])
    weights: defaultdict[int, list[PlanCompetency]] = defaultdict(list)
    for row in PlanCompetency.objects.filter(plan__in={one.plan_id for one in wanted}).select_related("competency"):
        weights[row.plan_id].append(row)
    return {one.pk: _combine(one.plan, weights[one.plan_id], scores[one.pk]) for one in wanted}


def _combine(plan: HiringPlan, weights: list[PlanCompetency], scores: Mapping[int, list[Counted]]) -> Composite:
    lines = tuple(_line(row, scores.get(row.competency_id, []), plan.raters) for row in weights)
    rated = [(line.weight, line.mean) for line in lines if line.mean is not None]
    total = sum(weight for weight, _mean in rated)
    score = sum((weight * mean for weight, mean in rated), Decimal(0)) / total if total else None
    return Composite(score=_round(score), lines=lines, plan=plan)


def _scores(applications: list[int]) -> defaultdict[int, defaultdict[int, list[Counted]]]:
    """Per application and competency what was rated on locked cards."""
    ratings = Rating.objects.exclude(scorecard__ask__role=Ask.Role.CANDIDATE).filter(
        scorecard__application__in=applications, scorecard__locked_at__isnull=False, competency__isnull=False
    )
    rows = ratings.values_list(
        "scorecard__application", "scorecard", "scorecard__ask__email", "competency", "score"
    ).order_by("pk")
    raters: Raters = {}
    said: Said = {}
    for application, card, email, competency, score in rows:
        raters[card] = application, email.casefold()
        said[card, competency] = score
    blind = Revision.objects.filter(is_blind=True, scorecard__application__in=applications).order_by("pk")
    return _counted(raters, said | _of(dict(blind.values_list("scorecard", "scores"))))


def _counted(raters: Raters, said: Said) -> defaultdict[int, defaultdict[int, list[Counted]]]:
    """What was said on cards of these raters, by application and competency."""
    found: defaultdict[int, defaultdict[int, list[Counted]]] = defaultdict(lambda: defaultdict(list))
    for (card, competency), score in said.items():
        if score is not None and card in raters:
            application, rater = raters[card]
            found[application][competency].append(Counted(score, rater))
    return found


def _of(revisions: Mapping[int, list[dict[str, Any]]]) -> Said:
    """What the latest blind revision of each card says; a competency that it does not name stays as it was."""
    rows = ((card, row) for card, scores in revisions.items() for row in scores)
    return {(card, row["competency"]): row.get("score") for card, row in rows if row.get("competency")}


def _line(row: PlanCompetency, counted: list[Counted], needed: int) -> Line:
    if not counted:
        return Line(row.competency, row.weight, row.must_have, None, None, None, 0, needed=needed)
    scores, raters = [one.score for one in counted], {one.rater for one in counted}
    mean = Decimal(sum(scores)) / len(scores)
    n, lowest, highest = len(scores), min(scores), max(scores)
    return Line(row.competency, row.weight, row.must_have, mean, lowest, highest, n, len(raters), needed)


def _round(score: Decimal | None) -> Decimal | None:
    return None if score is None else score.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
