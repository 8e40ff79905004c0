"""What was found out about an application, as far as the firewall lets it be shown now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from candidates.judging import composite, firewall
from candidates.judging.composite import Composite
from candidates.judging.models import Rating, Revision, Scorecard
from candidates.people.models import Application
from candidates.post.models import GRADING, Ask
from interviews.models import Interview, LadderRoute, StepCoding
from references.models import Reference
from references.questionnaire import CRITERIA
from trials.check_ins import own_views

STATED = 3  # how many of the strongest and of the weakest ratings a short summary tells
OCCASIONS = ("ask", "check_in_card__check_in", "panelist__interview", "grading__submission")  # read with a scorecard
WRITTEN = {"parts": "kit_answers", "steps": "step_codings"}  # what is written on cards whose words have such a part
ROUTES = dict(LadderRoute.Key.choices)
CODES = dict(StepCoding.Answer.choices)
CRITERION_NAMES = {criterion.key: criterion.name for criterion in CRITERIA}


@dataclass(frozen=True)
class Rated:
    """A score on one competency or criterion, with the words behind it; score None where nothing was seen.

    What a referee says on a criterion tells `about` some competencies, by their keys.
    """

    name: str | Promise
    score: int | None
    evidence: str
    rater: str
    competency: int | None = None
    anchor: str = ""
    criterion: str = ""
    about: tuple[int, ...] = ()


@dataclass(frozen=True)
class Noted:
    """What was noted on one part of the kit, and the route that the answer took; the competencies it tells about."""

    title: str
    route: str | Promise
    notes: str
    competencies: tuple[int, ...]


@dataclass(frozen=True)
class Coded:
    """One of the thirteen steps: whether it was heard, and in which words."""

    name: str
    answer: str | Promise
    quote: str


@dataclass(frozen=True)
class Revised:
    """A later edit of a locked card. `counts` when its writer could not see what others thought."""

    at: datetime
    by: str
    reason: str
    counts: bool
    recommendation: str
    summary: str
    ratings: tuple[Rated, ...]


@dataclass(frozen=True)
class Card:
    """A scorecard on the page. Before the firewall opens it tells who was asked and whether they are done, no more."""

    pk: int
    kind: str
    rater: str
    state: str
    due_at: datetime
    is_overdue: bool
    locked_at: datetime | None
    check_in: date | None
    interview: Interview | None
    work: str = ""  # the code name of what is graded
    recommendation: str = ""
    summary: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    ratings: tuple[Rated, ...] = ()
    notes: tuple[Noted, ...] = ()
    steps: tuple[Coded, ...] = ()
    revisions: tuple[Revised, ...] = ()
    is_own_view: bool = False  # the candidate's own, which is read and not counted
    source: str = ""  # a value of Scorecard.Kind

    @property
    def is_told(self) -> bool:
        """Whether anything of the judgement itself is shown."""
        return bool(self.recommendation or self.summary or self.ratings)

    @property
    def occasion(self) -> str:
        """What it was about, in words: "interview", "written work Blue Heron"."""
        return f"{self.kind} {self.work}".strip()

    @property
    def counted(self) -> list[Rated]:
        """What the composite counts of it, by competency: the latest blind revision has the last word."""
        revised = next((one.ratings for one in reversed(self.revisions) if one.counts), ())
        return list({one.competency: one for one in (*self.ratings, *revised) if one.competency is not None}.values())

    def now(self, rated: Rated) -> Rated:
        """What counts of a rating today: what the latest blind revision says, where there is one."""
        for revision in reversed(self.revisions):
            if revision.counts:
                return next((one for one in revision.ratings if one.competency == rated.competency), rated)
        return rated


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
        agreed = [one for one in found.values() if one.starts_at and not one.cancelled_at]
        return sorted(agreed, key=attrgetter("starts_at"))

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


def gather(application: Application, *, at: datetime, reader: Any, is_open: bool | None = None) -> Evidence:
    """What may be shown to `reader` of the judgements of `application`. What may not is not even read.

    While it is closed nobody learns who grades written work, either: a third grader tells that two differ.

    Args:
        is_open: what the firewall says, where it was asked a moment ago.
    """
    if firewall.is_open(application, at=at, reader=reader) if is_open is None else is_open:
        cards = _with_ratings(application)
        told = composite.of_cards(application, cards)
        return Evidence(True, [_shown(card, at) for card in cards], composite=told)
    return Evidence(False, [_hidden(card, at) for card in _without_ratings(application)], _owing(application, at))


def _owing(application: Application, at: datetime) -> list[str]:
    """For whom it waits, by name; for graders as such."""
    owed = firewall.owed(application, at=at).values_list("page", "name")
    names = {name for page, name in owed if page != GRADING}
    return sorted(names) + ([_("who grades the written work")] if any(page == GRADING for page, _name in owed) else [])


def _with_ratings(application: Application) -> list[Any]:
    ratings = Rating.objects.filter(scorecard__locked_at__isnull=False).select_related("competency")
    related = ("reference", "wording", "check_in_card__own_view", *OCCASIONS)
    cards = application.scorecards.select_related(*related)
    found = list(cards.prefetch_related(Prefetch("ratings", ratings), "revisions"))
    for part, written in WRITTEN.items():
        if with_part := [card for card in found if _words(card, part)]:
            prefetch_related_objects(with_part, written)
    return found


def _without_ratings(application: Application) -> list[Any]:
    cards = application.scorecards.exclude(kind=Scorecard.Kind.EXERCISE).select_related(*OCCASIONS)
    return list(cards.defer("recommendation", "summary"))


def _shown(card: Any, at: datetime) -> Card:
    plain = _hidden(card, at)
    if not card.is_locked:  # a draft is its writer's own
        return plain
    return replace(
        plain,
        recommendation=card.get_recommendation_display(),
        summary=card.summary,
        facts=(*_facts(getattr(card, "reference", None)), *own_views.told(card)),
        ratings=tuple(_rated(rating, card) for rating in card.ratings.all()),
        notes=tuple(_noted(one, card) for one in _kept(card, "parts") if one.notes or one.route),
        steps=tuple(_coded(one, card) for one in _kept(card, "steps") if one.answer or one.quote),
        revisions=tuple(_revised(revision, card) for revision in card.revisions.all()),
    )


def _words(card: Scorecard, part: str) -> list[dict[str, Any]]:
    """A list out of the words that `card` was rated against."""
    return card.wording.content.get(part, []) if card.wording else []


def _kept(card: Scorecard, part: str) -> list[Any]:
    """What was written on `card` about a part of its words; nothing is asked for where there is no such part."""
    return list(getattr(card, WRITTEN[part]).all()) if _words(card, part) else []


def _named(card: Scorecard, key: int | None) -> dict[str, Any]:
    """A competency in the words that `card` was rated against."""
    return next((row for row in _words(card, "competencies") if row["key"] == key), {})


def _rated(rating: Rating, card: Scorecard) -> Rated:
    if not rating.competency:
        return _on_criterion(rating, card)
    return _on_competency(card, rating.competency_id, rating.competency.name, rating.score, rating.evidence)


def _on_criterion(rating: Rating, card: Scorecard) -> Rated:
    """In the words that the referee was asked with; a card from before words were kept has those that we ship."""
    key = rating.criterion
    asked: dict[str, Any] = next((row for row in _words(card, "criteria") if row["key"] == key), {})
    name = asked.get("name") or CRITERION_NAMES.get(key, key)
    anchor, about = _anchor(asked, rating.score), tuple(asked.get("competencies", ()))
    return Rated(name, rating.score, rating.evidence, card.rater_name, None, anchor, key, about)


def _anchor(words: dict[str, Any], score: int | None) -> str:
    anchors = words.get("anchors", [])
    return str(anchors[score - 1]) if score and len(anchors) >= score else ""


def _on_competency(card: Scorecard, key: int | None, name: str, score: int | None, evidence: str) -> Rated:
    kept = _named(card, key)
    return Rated(kept.get("name", name), score, evidence, card.rater_name, key, _anchor(kept, score))


def _noted(answer: Any, card: Scorecard) -> Noted:
    part = next((one for one in _words(card, "parts") if one["number"] == answer.part), {})
    title = part.get("title") or _("Part %d") % answer.part
    return Noted(title, ROUTES.get(answer.route, ""), answer.notes, tuple(part.get("competencies", ())))


def _coded(coding: StepCoding, card: Scorecard) -> Coded:
    step = next((one for one in _words(card, "steps") if one["number"] == coding.step), {})
    return Coded(f"{coding.step} {step.get('name', '')}".strip(), CODES.get(coding.answer, ""), coding.quote)


def _revised(revision: Revision, card: Scorecard) -> Revised:
    rated = partial(_on_competency, card)
    return Revised(
        at=revision.at,
        by=revision.by_name,
        reason=revision.reason,
        counts=revision.is_blind,
        recommendation=revision.get_recommendation_display(),
        summary=revision.summary,
        ratings=tuple(
            rated(row["competency"], _named(card, row["competency"]).get("name", ""), row.get("score"),
                  row.get("evidence", ""))
            for row in revision.scores
            if row.get("competency")
        ),
    )  # fmt: skip


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
    grading = getattr(card, "grading", None)
    return Card(
        pk=card.pk,
        kind=card.get_kind_display(),
        rater=card.rater_name,
        state=_state(card, at),
        due_at=card.ask.due_at,
        is_overdue=card.ask.is_overdue(at),
        locked_at=card.locked_at,
        check_in=of_check_in.check_in.due_on if of_check_in else None,
        interview=panelist.interview if panelist else None,
        work=grading.submission.code_name if grading else "",
        is_own_view=card.ask.role == Ask.Role.CANDIDATE,
        source=card.kind,
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
