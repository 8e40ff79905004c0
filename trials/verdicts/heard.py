"""What was said at the check-ins of a trial, laid out for whoever decides on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from candidates.judging import firewall
from candidates.judging.models import Rating
from candidates.post.models import Ask
from trials.check_ins.models import CheckInCard, OwnView
from trials.offering.models import Trial


@dataclass(frozen=True)
class Said:
    """One score with its words, out of one answer."""

    card: CheckInCard
    score: int | None
    words: str


@dataclass(frozen=True)
class Heard:
    """All answers, in order; what was said of each competency, by its key; how the new colleague is."""

    is_open: bool
    owed: list[Ask] = field(default_factory=list)
    cards: list[CheckInCard] = field(default_factory=list)
    by_competency: dict[int, list[Said]] = field(default_factory=dict)
    own_views: list[OwnView] = field(default_factory=list)


def at_check_ins(trial: Trial, *, at: datetime, reader: Any) -> Heard:
    """What `reader` may know of it; while the firewall is closed for them, what they still owe themselves."""
    application = trial.application
    if not firewall.is_open(application, at=at, reader=reader):
        owed = firewall.owed_by(reader, at=at).filter(application=application).select_related("application__candidate")
        return Heard(False, owed=list(owed))
    cards = _cards(trial)
    said: defaultdict[int, list[Said]] = defaultdict(list)
    for card in cards:
        for rating in card.scorecard.ratings.all():
            said[rating.competency_id or 0].append(Said(card, rating.score, rating.evidence))
    views = [card.own_view for card in cards if hasattr(card, "own_view")]
    return Heard(True, cards=cards, by_competency=dict(said), own_views=views)


def _cards(trial: Trial) -> list[CheckInCard]:
    """The locked answers with their ratings, in two queries."""
    told = Rating.objects.exclude(score=None, evidence="")
    answered = CheckInCard.objects.filter(check_in__trial=trial, scorecard__locked_at__isnull=False)
    related = answered.select_related("check_in", "scorecard", "own_view")
    return list(related.prefetch_related(Prefetch("scorecard__ratings", told)).order_by("check_in__number", "pk"))
