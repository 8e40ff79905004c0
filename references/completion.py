"""What follows when a referee is waited for no more: somebody else is asked for, or the rules are told."""

from __future__ import annotations

from datetime import datetime

from candidates import pipeline
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import mail
from candidates.post.models import Ask
from references.models import Reference
from references.naming import requests, standing
from references.naming.standing import Standing


def finish_after_the_last(application: Application, *, at: datetime, by: Actor) -> None:
    """Go on after one reference has ended; call it with the application locked, after whatever ended it.

    Where too few can still come, the candidate is asked to name somebody else, as often as the plan allows; when it
    allows no more the recruiters are told. When nobody is waited for, the rules are told.
    """
    stands = standing.of(application)
    asked_already = requests.names_asked(application) is not None
    if stands.another.people and (asked_already or requests.replacements_left(application)):
        requests.ask_for_another(application, stands.another, at=at)
    elif stands.another.people:
        tell_recruiters(application, stands, at=at)
    finish_unless_waiting(application, at=at, by=by)


def finish_unless_waiting(application: Application, *, at: datetime, by: Actor) -> None:
    """The same where nobody else is to be asked for by itself."""
    waiting = application.asks.open().filter(scorecard__kind=Scorecard.Kind.REFERENCE)
    if not waiting.exists() and requests.names_asked(application) is None:
        finish(application, at=at, by=by)


def finish(application: Application, *, at: datetime, by: Actor) -> None:
    """Tell the rules that nobody is waited for any more."""
    given = Reference.objects.filter(referee__application=application)
    counts = {"answered": given.answered().count(), "declined": given.declined().count()}
    pipeline.record(application, "references.complete", at=at, by=by, **counts)


def tell_recruiters(application: Application, stands: Standing, *, at: datetime) -> None:
    """Tell the job's recruiters, once in each stay in this stage, that too few references will come by themselves."""
    told = {"needed": stands.needed, "given": stands.given, "waiting": stands.waiting}
    told |= {"managers": stands.another.managers}
    blind = Ask.objects.open().blind().filter(application=application, user__isnull=False).values("user")
    for recruiter in application.job.recruiters.filter(is_active=True).exclude(email="").exclude(pk__in=blind):
        key = f"references-short:{application.pk}:{application.stage_since:%Y%m%dT%H%M%S}:{recruiter.pk}"
        mail.queue_to_colleague(application, "references/short", recruiter, key=key, at=at, data=told)
