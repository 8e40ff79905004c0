"""What was found out about an application, as far as the firewall lets it be shown now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from candidates.judging import composite, firewall
from candidates.judging.composite import Composite
from candidates.judging.models import Rating, Scorecard
from candidates.people.models import Application
from interviews.models import Interview
from references.models import Reference
from references.questionnaire import CRITERIA

STATED = 3  # how many of the strongest and of the weakest ratings a short summary tells
OCCASIONS = ("ask", "check_in_card__check_in", "panelist__interview")  # of a scorecard, read with it
CRITERION_NAMES = {criterion.key: criterion.name for criterion in CRITERIA}


@dataclass(frozen=True)
class Rated:
    """A score on one competency or criterion, with the words behind it; score None where nothing was seen."""

    name: str | Promise
    score: int | None
    evidence: str
    rater: str


@dataclass(frozen=True)
class Card:
    """A scorecard on the page. Before the firewall opens it tells who was asked and whether they are done, no more."""

    kind: str
    rater: str
    state: str
    due_at: datetime
    is_overdue: bool
    locked_at: datetime | None
    check_in: date | None
    interview: Interview | None
    recommendation: str = ""
    summary: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    ratings: tuple[Rated, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether anything of the judgement itself is shown."""
        return bool(self.recommendation or self.summary or self.ratings)


@dataclass(frozen=True)
class Evidence:
    """All judgements of one application. While the firewall is closed `owing` names for whom it waits."""

    is_open: bool
    cards: list[Card]
    owing: list[str] = field(default_factory=list)
    composite: Composite | None = None

    @property
    def rated(self) -> list[Rated]:
        """Ratings with a score and words, weakest first."""
        ratings = [one for card in self.cards for one in card.ratings if one.score is not None and one.evidence]
        return sorted(ratings, key=attrgetter("score"))

    @property
    def interviews(self) -> list[Interview]:
        """Those that a scorecard was asked for, the earliest first."""
        found = {card.interview.pk: card.interview for card in self.cards if card.interview}
        return sorted(found.values(), key=attrgetter("starts_at"))

    @property
    def check_ins(self) -> list[Card]:
        """What was said at the check-ins of the trial."""
        return [card for card in self.cards if card.check_in and card.is_told]

    @property
    def weakest(self) -> list[Rated]:
        """The lowest ratings."""
        return self.rated[:STATED]

    @property
    def strongest(self) -> list[Rated]:
        """The highest ratings that are not already among the weakest."""
        return self.rated[STATED:][-STATED:][::-1]


def gather(application: Application, *, at: datetime) -> Evidence:
    """What may be shown of the judgements of `application`. What may not is not even read from the database."""
    if firewall.is_open(application, at=at):
        cards = [_shown(card, at) for card in _with_ratings(application)]
        return Evidence(True, cards, composite=composite.compute(application))
    owing = sorted(set(firewall.owed(application, at=at).values_list("name", flat=True)))
    return Evidence(False, [_hidden(card, at) for card in _without_ratings(application)], owing)


def _with_ratings(application: Application) -> list[Any]:
    ratings = Rating.objects.filter(scorecard__locked_at__isnull=False).select_related("competency")
    cards = application.scorecards.select_related("reference", *OCCASIONS)
    return list(cards.prefetch_related(Prefetch("ratings", ratings)))


def _without_ratings(application: Application) -> list[Any]:
    return list(application.scorecards.select_related(*OCCASIONS).defer("recommendation", "summary"))


def _shown(card: Any, at: datetime) -> Card:
    plain = _hidden(card, at)
    if not card.is_locked:  # a draft is its writer's own
        return plain
    return replace(
        plain,
        recommendation=card.get_recommendation_display(),
        summary=card.summary,
        facts=_facts(getattr(card, "reference", None)),
        ratings=tuple(_rated(rating, card) for rating in card.ratings.all()),
    )


def _rated(rating: Rating, card: Scorecard) -> Rated:
    name = rating.competency.name if rating.competency else CRITERION_NAMES.get(rating.criterion, rating.criterion)
    return Rated(name, rating.score, rating.evidence, card.rater_name)


def _facts(reference: Reference | None) -> tuple[tuple[str, str], ...]:
    """What a referee told besides the ratings."""
    if reference is None:
        return ()
    told = (
        (_("Would hire again"), reference.get_would_hire_again_display()),
        (_("Role"), reference.role),
        (_("From"), f"{reference.worked_from:%Y-%m}" if reference.worked_from else ""),
        (_("Until"), f"{reference.worked_until:%Y-%m}" if reference.worked_until else ""),
    )
    return tuple((label, value) for label, value in told if value)


def _hidden(card: Any, at: datetime) -> Card:
    of_check_in, panelist = getattr(card, "check_in_card", None), getattr(card, "panelist", None)
    return Card(
        kind=card.get_kind_display(),
        rater=card.rater_name,
        state=_state(card, at),
        due_at=card.ask.due_at,
        is_overdue=card.ask.is_overdue(at),
        locked_at=card.locked_at,
        check_in=of_check_in.check_in.due_on if of_check_in else None,
        interview=panelist.interview if panelist else None,
    )


def _state(card: Scorecard, at: datetime) -> str:
    """One of locked, cancelled, declined, later (its time has not come), waiting."""
    if card.is_locked:
        return "locked"
    if card.ask.answered_at:
        return "declined"
    if card.ask.cancelled_at:
        return "cancelled"
    return "later" if card.ask.opens_at > at else "waiting"
