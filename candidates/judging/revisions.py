"""Later edits of a locked scorecard: each says why. The first lock stays as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import firewall
from candidates.judging.actions import Answers, Score
from candidates.judging.models import Revision, Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask

LONGEST_REASON = 1000


@transaction.atomic
def revise(card: Scorecard, answers: Answers, *, reason: str, at: datetime, by: Actor) -> Revision:
    """Keep what the rater thinks now beside what they locked. The timeline tells that, and no score.

    Args:
        answers: the whole card as it shall read now, not only what is different.
        reason: why; it is shown with the revision.

    Raises:
        NotAllowed: not locked, no reason, nothing is different, or the application is closed.
    """
    application = pipeline.lock(card.application)
    if not Scorecard.objects.locked().filter(pk=card.pk).exists() or not application.is_open:
        raise NotAllowed(_("Only a locked scorecard of an open application can be revised."))
    if not reason.strip():
        raise NotAllowed(_("Say why you change it."))
    if _plain(answers) == _plain(current(card)):
        raise NotAllowed(_("Nothing is different from what you said before."))
    revision = Revision.objects.create(
        scorecard=card,
        at=at,
        by_name=by.name,
        reason=reason.strip()[:LONGEST_REASON],
        recommendation=answers.recommendation,
        summary=answers.summary,
        scores=[_row(score) for score in answers.scores],
        is_blind=not may_have_seen_others(card, at=at),
    )
    pipeline.record(application, "scorecard.revised", at=at, by=by, kind=card.kind, scorecard=card.pk)
    return revision


def of(cards: Iterable[Scorecard]) -> dict[int, list[Revision]]:
    """The revisions of each card by its key, oldest first; one query for any number of cards."""
    found: dict[int, list[Revision]] = {card.pk: [] for card in cards}
    for revision in Revision.objects.filter(scorecard__in=found).order_by("pk"):
        found[revision.scorecard_id].append(revision)
    return found


def current(card: Scorecard) -> Answers:
    """What the rater says now: the latest revision, else what was locked."""
    if last := card.revisions.order_by("pk").last():
        return Answers([_score(row) for row in last.scores], last.recommendation, last.summary)
    locked = Scorecard.objects.get(pk=card.pk)
    ratings = card.ratings.exclude(competency=None)
    scores = [Score(one.competency_id, "", one.score, one.evidence, one.not_seen) for one in ratings]
    return Answers(scores, locked.recommendation, locked.summary)


def may_have_seen_others(card: Scorecard, *, at: datetime) -> bool:
    """Whether the firewall stood open at any moment since `card` was locked, even if it is closed again now.

    It was open when nobody owed a rating, or by an override. Whoever locks last could read the others at once. Its
    rater may also have heard a referee on the phone.
    """
    application: Application = card.application
    heard = Q(name=firewall.HEARD) & (Q(by__scorecards=card.pk) | Q(by__email__iexact=card.ask.email, by__email__gt=""))
    if application.events.filter(Q(name=firewall.OPENED) | heard, at__lte=at).exists():
        return True
    owed = Ask.objects.filter(application=application, scorecard__isnull=False, opens_at__lte=at)
    spans = [(ask.opens_at, ask.answered_at or ask.cancelled_at) for ask in owed]
    since = card.locked_at or at
    moments = [since, *(end for _begin, end in spans if end and since < end <= at)]
    return any(not _is_owed(spans, moment) for moment in moments)


def _is_owed(spans: list[tuple[datetime, datetime | None]], moment: datetime) -> bool:
    return any(begin <= moment and (end is None or end > moment) for begin, end in spans)


def _row(score: Score) -> dict[str, Any]:
    return {name: value for name, value in asdict(score).items() if name != "criterion"}


def _score(row: dict[str, Any]) -> Score:
    return Score(row["competency"], "", row["score"], row["evidence"], row.get("not_seen", False))


def _plain(answers: Answers) -> tuple[object, ...]:
    """For comparing: without the order, and without what says nothing."""
    scores = sorted(str(_row(one)) for one in answers.scores if one.score or one.evidence or one.not_seen)
    return scores, answers.recommendation, answers.summary
