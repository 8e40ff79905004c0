"""A referee answers, keeps a draft, or would rather not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import asks
from candidates.post.models import Ask
from references import completion
from references.models import Reference


@dataclass(frozen=True)
class Facts:
    """What a referee knows of the shared time; drafts may lack anything. The dates are first days of months."""

    would_hire_again: str = ""
    role: str = ""
    worked_from: date | None = None
    worked_until: date | None = None


@transaction.atomic
def answer(reference: Reference, facts: Facts, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Take a referee's answers, for good.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
    """
    application = _lock_open(reference)
    _keep(reference, facts)
    judging.lock(reference.scorecard, answers, at=at, by=by)
    completion.finish_after_the_last(application, at=at, by=by)


@transaction.atomic
def save_draft(reference: Reference, facts: Facts, answers: Answers, *, at: datetime) -> None:
    """Keep what a referee typed so far.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
    """
    _lock_open(reference)
    _keep(reference, facts)
    judging.save_draft(reference.scorecard, answers, at=at)


@transaction.atomic
def decline(reference: Reference, *, at: datetime, by: Actor) -> None:
    """The referee would rather not; what they had typed is deleted.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
    """
    application = _lock_open(reference)
    asks.close(reference.scorecard.ask, at=at)
    reference.declined_at = at
    reference.save(update_fields=["declined_at"])
    _forget_draft(reference)
    pipeline.record(application, "references.declined", at=at, by=by)
    completion.finish_after_the_last(application, at=at, by=by)


def _lock_open(reference: Reference) -> Application:
    """Lock the application, so that of two referees who finish at once one is the last."""
    application = pipeline.lock(reference.scorecard.application)
    if not Ask.objects.open().filter(pk=reference.scorecard.ask_id).exists():
        raise asks.NotOpen
    return application


def _keep(reference: Reference, facts: Facts) -> None:
    for name, value in asdict(facts).items():
        setattr(reference, name, value)
    reference.save(update_fields=list(asdict(facts)))


def _forget_draft(reference: Reference) -> None:
    card = reference.scorecard
    card.ratings.all().delete()
    card.summary, card.saved_at = "", None
    card.save(update_fields=["summary", "saved_at"])
    _keep(reference, Facts())
