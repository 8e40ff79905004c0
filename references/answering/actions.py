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
from references.flags import raising
from references.models import Reference


@dataclass(frozen=True)
class Facts:
    """What a referee knows of the shared time; drafts may lack anything. The dates are first days of months."""

    would_hire_again: str = ""
    role: str = ""
    worked_from: date | None = None
    worked_until: date | None = None


@dataclass(frozen=True)
class Trace:
    """From which network and browser an answer came, as digests; empty for an answer on the phone."""

    network: str = ""
    browser: str = ""


NO_TRACE = Trace()


@transaction.atomic
def answer(
    reference: Reference, facts: Facts, answers: Answers, *, at: datetime, by: Actor, trace: Trace = NO_TRACE
) -> None:
    """Take a referee's answers, for good, and note what a person should look at.

    Args:
        reference: whose referee answers.
        facts, answers: what they said.
        at: now.
        by: the referee.
        trace: from where it was sent.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
    """
    application = lock_open(reference)
    reference.network, reference.browser = trace.network, trace.browser
    reference.save(update_fields=["network", "browser"])
    take(reference, facts, answers, at=at, by=by)
    completion.finish_after_the_last(application, at=at, by=by)


def take(reference: Reference, facts: Facts, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Lock the answers, and note what a person should look at. Call it with the application locked."""
    _keep(reference, facts)
    judging.lock(reference.scorecard, answers, at=at, by=by)
    raising.look_at(reference, at=at)


def begin(reference: Reference, *, at: datetime) -> None:
    """The referee begins; once."""
    Reference.objects.filter(pk=reference.pk, began_at=None, scorecard__locked_at=None).update(began_at=at)


@transaction.atomic
def save_draft(reference: Reference, facts: Facts, answers: Answers, *, at: datetime) -> None:
    """Keep what a referee typed so far.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
    """
    lock_open(reference)
    keep_draft(reference, facts, answers, at=at)


def keep_draft(reference: Reference, facts: Facts, answers: Answers, *, at: datetime) -> None:
    """The same, for a page that holds the application's lock. Raises as `save_draft`."""
    judging.keep_draft(reference.scorecard, answers, at=at)
    kept = {name: getattr(reference, name) for name in asdict(facts)}
    if reference.began_at is None or kept != asdict(facts):
        _keep(reference, facts, at=at)


@transaction.atomic
def decline(
    reference: Reference,
    *,
    at: datetime,
    by: Actor,
    reason: str = Reference.Why.RATHER_NOT,
    note: str = "",
) -> None:
    """The referee would rather not; what they had typed is deleted.

    Args:
        reference: whose referee it is.
        at: now.
        by: the referee.
        reason: a value of `Reference.Why`.
        note: in their words.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
    """
    application = lock_open(reference)
    asks.close(reference.scorecard.ask, at=at)
    reference.declined_at, reference.decline_reason, reference.decline_note = at, reason, note
    reference.save(update_fields=["declined_at", "decline_reason", "decline_note"])
    forget_draft(reference)
    pipeline.record(application, "references.declined", at=at, by=by)
    completion.finish_after_the_last(application, at=at, by=by)


def lock_open(reference: Reference) -> Application:
    """Lock the application, so that of two referees who finish at once one is the last.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
    """
    application = pipeline.lock(reference.scorecard.application)
    if not Ask.objects.open().filter(pk=reference.scorecard.ask_id).exists():
        raise asks.NotOpen
    return application


def forget_draft(reference: Reference) -> None:
    """Delete what was typed and not sent."""
    card = reference.scorecard
    card.ratings.all().delete()
    card.summary, card.saved_at = "", None
    card.save(update_fields=["summary", "saved_at"])
    reference.began_at = None
    _keep(reference, Facts())


def _keep(reference: Reference, facts: Facts, at: datetime | None = None) -> None:
    for name, value in asdict(facts).items():
        setattr(reference, name, value)
    reference.began_at = reference.began_at or at
    reference.save(update_fields=[*asdict(facts), "began_at"])
