"""When nobody is waited for any more, the rules are told."""

from __future__ import annotations

from datetime import datetime

from candidates import pipeline
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from references.models import Reference


def finish_after_the_last(application: Application, *, at: datetime, by: Actor) -> None:
    """Finish when no referee is waited for; call it with the application locked, after whatever ended one."""
    waiting = application.asks.open().filter(scorecard__kind=Scorecard.Kind.REFERENCE)
    if not waiting.exists():
        finish(application, at=at, by=by)


def finish(application: Application, *, at: datetime, by: Actor) -> None:
    """Tell the rules that nobody is waited for any more."""
    given = Reference.objects.filter(referee__application=application)
    counts = {"answered": given.answered().count(), "declined": given.declined().count()}
    pipeline.record(application, "references.complete", at=at, by=by, **counts)
