"""Rules read the events that they have not handled and call the verb that the job's plan allows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ats.automation.models import Handling
from ats.automation.rules import RULES, Rule, undo_time
from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application, Event

LOOK_BACK = timedelta(days=30)  # a worker that was away for longer leaves the decision to people


def act(*, at: datetime) -> int:
    """Handle every event that a rule reacts to and has not handled; returns how many applications moved.

    Safe to run at any time, several times at once and after any crash: each event is handled in a transaction of
    its own, which keeps the outcome.
    """
    return sum(_handle(rule, event, at) for rule in RULES for event in unhandled(rule, at))


def unhandled(rule: Rule, at: datetime) -> QuerySet[Event]:
    """The events that `rule` has still to look at, oldest first."""
    done = Handling.objects.filter(event=OuterRef("pk"), rule=rule.name)
    recent = Event.objects.filter(name__endswith=".complete", name=rule.event, at__gt=at - LOOK_BACK)
    return recent.filter(~Exists(done)).order_by("pk")


@transaction.atomic
def _handle(rule: Rule, event: Event, at: datetime) -> bool:
    """Decide under the application's lock, so that a person's move comes wholly before or wholly after."""
    application = pipeline.lock(event.application)
    if Handling.objects.filter(event=event, rule=rule.name).exists():
        return False
    outcome = _outcome(rule, event, application)
    if outcome == Handling.Outcome.MOVED:
        by = Actor.rule(str(rule.label), rule=rule.name, event=event.pk)
        rule.verb(application, at=at, by=by, wait=undo_time(application.plan))
    Handling.objects.create(event=event, rule=rule.name, outcome=outcome, at=at)
    return outcome == Handling.Outcome.MOVED


def _outcome(rule: Rule, event: Event, application: Application) -> Handling.Outcome:
    """What the rule makes of the event; a move after the event always wins, and so does a decision to reject."""
    if application.duplicate_of_id or PlannedRejection.objects.standing().filter(application=application).exists():
        return Handling.Outcome.OVERTAKEN
    if application.events.filter(pk__gt=event.pk, name__startswith="stage.").exists():
        return Handling.Outcome.OVERTAKEN
    if not rule.allowed(application.plan):
        return Handling.Outcome.NOT_ALLOWED
    return Handling.Outcome.MOVED if rule.holds(application) else Handling.Outcome.NOT_MET
