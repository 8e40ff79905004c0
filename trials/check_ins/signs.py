"""What in a trial should be looked at before its end: found in what was said, not said, and measured.

Each sign has an occurrence, what it is about, so that the same is told once however often it is found. None of them
decides anything, and what the new colleague scores themself is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.db.models import Prefetch

from candidates.judging.models import Rating
from candidates.post.models import Ask
from trials.check_ins.models import CheckInCard, EarlyWarning
from trials.check_ins.own_views import OFTEN, UNWILLING
from trials.figures import weeks
from trials.figures.weeks import Point, Series
from trials.offering.models import Trial
from trials.planning import schedule
from trials.planning.models import FigureTarget

Kind = EarlyWarning.Kind
PATIENCE = timedelta(days=2)  # over the deadline of a check-in
LOW = 2
IN_A_ROW = 2
ENOUGH = 5  # cases, before a week's figure says something


@dataclass(frozen=True)
class Sign:
    """One thing to look at: what kind, what it is about, and what it stands on, as JSON values."""

    kind: str
    occurrence: str
    data: dict[str, Any] = field(default_factory=dict)


def of(trial: Trial, *, at: datetime) -> list[Sign]:
    """All signs in a trial as it stands at `at`. The number of queries does not grow with its check-ins."""
    cards = _cards(trial)
    said = [card for card in cards if card.scorecard.is_locked]
    return [*_late(cards, at), *_low(said), *_exhausted(said), *_falling(trial, at)]


def _cards(trial: Trial) -> list[CheckInCard]:
    low = Rating.objects.filter(score__lte=LOW, competency__isnull=False).select_related("competency")
    cards = CheckInCard.objects.filter(check_in__trial=trial, check_in__called_off_at=None)
    related = cards.select_related("check_in", "scorecard__ask", "own_view").defer("scorecard__summary")
    return list(related.prefetch_related(Prefetch("scorecard__ratings", low)).order_by("check_in__number", "pk"))


def _late(cards: Sequence[CheckInCard], at: datetime) -> Iterator[Sign]:
    """Nothing from one person at two check-ins in a row; or somebody two days over a deadline."""
    told: set[int] = set()
    for role, streak in _streaks(cards, at):
        told |= {card.pk for card in streak}
        numbers = [card.check_in.number for card in streak]
        yield Sign(Kind.LATE, f"row:{role}:{numbers[0]}", {"roles": [role], "check_ins": numbers})
    over = [card for card in cards if card.pk not in told and _is_missing(card, at - PATIENCE)]
    for number, late in groupby(over, key=lambda card: card.check_in.number):
        yield Sign(Kind.LATE, f"over:{number}", {"roles": [card.role for card in late], "check_ins": [number]})


def _streaks(cards: Sequence[CheckInCard], at: datetime) -> Iterator[tuple[str, list[CheckInCard]]]:
    for role in sorted({card.role for card in cards}):
        due = [card for card in cards if card.role == role and card.scorecard.ask.due_at <= at]
        for is_missing, streak in groupby(due, key=lambda card: _is_missing(card, at)):
            found = list(streak)
            if is_missing and len(found) >= IN_A_ROW:
                yield role, found


def _is_missing(card: CheckInCard, at: datetime) -> bool:
    return card.scorecard.ask.is_overdue(at)


def _low(said: Sequence[CheckInCard]) -> Iterator[Sign]:
    """The same competency rated 1 or 2 by two people, or by one at two check-ins in a row."""
    lows: dict[int, list[tuple[CheckInCard, Rating]]] = defaultdict(list)
    for card in (one for one in said if one.role != Ask.Role.CANDIDATE):
        for rating in card.scorecard.ratings.all():
            lows[rating.competency_id or 0].append((card, rating))
    for competency, found in lows.items():
        repeated = [
            card.check_in.number for card, _rating in found if _is_repeated(card, [one for one, _ in found], said)
        ]
        if repeated:  # what came before the last was found when it came
            yield Sign(Kind.RATINGS, f"{competency}:{max(repeated)}", _rated(found))


def _is_repeated(card: CheckInCard, low: Sequence[CheckInCard], said: Sequence[CheckInCard]) -> bool:
    """Whether another rater was as low by then, or the same one the last time."""
    if any(_person(one) != _person(card) and one.check_in.number <= card.check_in.number for one in low):
        return True
    before = [one for one in said if _person(one) == _person(card) and _is_before(one, card)]
    return bool(before) and before[-1] in low


def _is_before(one: CheckInCard, other: CheckInCard) -> bool:
    return one.check_in.number < other.check_in.number


def _person(card: CheckInCard) -> str:
    return card.scorecard.ask.email.lower()


def _rated(low: Iterable[tuple[CheckInCard, Rating]]) -> dict[str, Any]:
    rows = list(low)
    said = [{"check_in": card.check_in.number, "role": card.role, "score": rating.score} for card, rating in rows]
    return {"competency": str(rows[0][1].competency), "said": said}


def _exhausted(said: Sequence[CheckInCard]) -> Iterator[Sign]:
    """Drained and worn out on most days, or no wish to stay, at one check-in."""
    for card in said:
        view = getattr(card, "own_view", None)
        if view is None:
            continue
        tired = (view.drained or 0) >= OFTEN and (view.worn_out or 0) >= OFTEN
        leaving = view.stays is not None and view.stays <= UNWILLING
        if tired or leaving:
            number = card.check_in.number
            yield Sign(Kind.EXHAUSTED, f"{number}", {"check_in": number, "tired": tired, "leaving": leaving})


def _falling(trial: Trial, at: datetime) -> Iterator[Sign]:
    """A wanted figure worse than its target in two full weeks running, each of enough cases."""
    if not FigureTarget.objects.filter(plan=trial.application.plan_id).exists():
        return
    for series in weeks.of(trial, today=schedule.local_day(at, trial.application.job.zone)):
        for is_worse, streak in groupby(series.points, key=partial(_is_worse, series)):
            found = list(streak)
            if is_worse and len(found) >= IN_A_ROW:
                first = found[0].week.starts_on
                yield Sign(Kind.FIGURES, f"{series.metric}:{series.tool}:{first}", _measured(series, found))


def _is_worse(series: Series, point: Point) -> bool:
    if series.target is None or point.own is None or not point.week.is_over:
        return False
    if point.own.n is None or point.own.n < ENOUGH:
        return False
    return point.own.value > series.target if series.is_lower_better else point.own.value < series.target


def _measured(series: Series, points: Iterable[Point]) -> dict[str, Any]:
    found = [(point.week.starts_on, point.own) for point in points if point.own]
    told = [{"from": day.isoformat(), "value": round(own.value, 1), "n": own.n} for day, own in found]
    return {"metric": series.metric.value, "tool": series.tool, "target": series.target, "weeks": told}
