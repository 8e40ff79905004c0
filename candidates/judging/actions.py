"""Asking for a judgement, keeping its draft, locking it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from candidates import pipeline
from candidates.judging import wording
from candidates.judging.models import Rating, Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import asks
from candidates.post.models import Ask


@dataclass(frozen=True)
class Score:
    """What a rater said on one competency (its key) or one criterion (its name)."""

    competency: int | None = None
    criterion: str = ""
    score: int | None = None
    evidence: str = ""
    not_seen: bool = False  # said so, which is not the same as not rated yet


@dataclass(frozen=True)
class Answers:
    """A whole scorecard as typed; drafts may lack anything."""

    scores: list[Score] = field(default_factory=list)
    recommendation: str = ""
    summary: str = ""


def request_scorecard(
    application: Application, kind: Scorecard.Kind, *, words: dict[str, Any] | None = None, **asked: Any
) -> Scorecard:
    """Ask somebody for a judgement: an ask with its mail, and the empty card.

    Args:
        words: what it is rated against, kept with the card; the plan's competencies when nothing is said.
        asked: as of `asks.ask`.
    """
    new = asks.ask(application, **asked)
    return Scorecard.objects.create(
        application=application,
        wording=wording.keep(words or wording.of_plan(application.plan)),
        ask=new,
        kind=kind,
        stage=application.stage,
        rater=new.user,
        rater_name=new.name,
    )


@transaction.atomic
def save_draft(card: Scorecard, answers: Answers, *, at: datetime) -> None:
    """Keep what was typed so far.

    Raises:
        asks.NotOpen: the card is locked or no longer wanted.
    """
    keep_draft(card, answers, at=at)


def keep_draft(card: Scorecard, answers: Answers, *, at: datetime) -> None:
    """The same, for verbs that keep more than a scorecard: call it inside their transaction, before what they add.

    Raises:
        asks.NotOpen: the card is locked or no longer wanted.
    """
    locked = Scorecard.objects.select_for_update(of=("self",)).select_related("ask").get(pk=card.pk)
    if locked.is_locked or not locked.ask.is_open:
        raise asks.NotOpen
    _write(card, answers, at=at)


@transaction.atomic
def lock(card: Scorecard, answers: Answers, *, at: datetime, by: Actor) -> bool:
    """Lock the card with these answers; it counts from now on and cannot be changed.

    Returns:
        Whether it was the last one owed for its stage: then everybody's may be seen. The application's row is
        locked, so that of two raters who finish at once one is the last.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    application = pipeline.lock(card.application)
    asks.close(card.ask, at=at)
    _write(card, answers, at=at)
    Scorecard.objects.filter(pk=card.pk).update(locked_at=at)
    card.locked_at = at
    pipeline.record(application, "scorecard.locked", at=at, by=by, kind=card.kind, scorecard=card.pk)
    return not Ask.objects.open().filter(application=application, scorecard__stage=card.stage).exists()


def _write(card: Scorecard, answers: Answers, *, at: datetime) -> None:
    card.recommendation, card.summary, card.saved_at = answers.recommendation, answers.summary, at
    card.save(update_fields=["recommendation", "summary", "saved_at"])
    kept = {(one.competency_id, one.criterion): one for one in card.ratings.all()}
    given = {(score.competency, score.criterion): score for score in answers.scores}
    changed = [_rating(card, score) for key, score in given.items() if _is_new(kept.get(key), score)]
    Rating.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["scorecard", "competency", "criterion"],
        update_fields=["score", "evidence", "not_seen"],
    )


def _rating(card: Scorecard, score: Score) -> Rating:
    return Rating(
        scorecard=card,
        competency_id=score.competency,
        criterion=score.criterion,
        score=score.score,
        evidence=score.evidence,
        not_seen=score.not_seen,
    )


def _is_new(kept: Rating | None, score: Score) -> bool:
    """Whether there is something to write: most saves change one row of many."""
    return kept is None or (kept.score, kept.evidence, kept.not_seen) != (score.score, score.evidence, score.not_seen)
