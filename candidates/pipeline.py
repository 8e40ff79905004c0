"""The one place where an application changes stage.

`MOVES` is the whole table. `move` looks again under a lock, so that of two people who act on the same application
one wins and the other learns of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.jobs.models import HiringPlan
from candidates.people.actors import Actor
from candidates.people.models import TOLD_TO_RULES, Application, Event
from candidates.post.doorbell import ring_on_commit
from candidates.stages import CLOSED, OPEN, Stage

MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.APPLIED: frozenset({Stage.SCREENING}),
    Stage.SCREENING: frozenset({Stage.INTERVIEWS, Stage.APPLIED}),
    Stage.INTERVIEWS: frozenset({Stage.REFERENCES, Stage.SCREENING}),
    Stage.REFERENCES: frozenset({Stage.TRIAL, Stage.INTERVIEWS}),
    Stage.TRIAL: frozenset({Stage.HIRED, Stage.REFERENCES}),
    Stage.HIRED: frozenset(),
    Stage.REJECTED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
MOVES = {stage: to | {Stage.REJECTED, Stage.WITHDRAWN} if stage in OPEN else to for stage, to in MOVES.items()}


class NotAllowed(Exception):
    """What was wanted cannot be done from where the application stands; `str()` is for people."""


class MovedMeanwhile(NotAllowed):
    """Somebody moved the application after the caller looked."""


def record(application: Application, name: str, *, at: datetime, by: Actor, **data: Any) -> Event:
    """Write an event; when rules may listen to it, ring for them after the commit.

    Args:
        application: whose timeline it belongs to.
        name: `<noun>.<what happened>`; moves are `stage.<stage>`.
        at: when it happened.
        by: who did it.
        data: what else the timeline tells; JSON values, never a score (the timeline is not behind the firewall).
    """
    event = Event.objects.create(
        application=application, name=name, at=at, by=by.user, by_kind=by.kind, by_name=by.name, data=data | by.data
    )
    if name in TOLD_TO_RULES:
        ring_on_commit(settings.EVENT_DOORBELL)
    return event


@transaction.atomic
def enter(applications: Sequence[Application], *, at: datetime, by: Actor, **data: Any) -> None:
    """Write many new applications at once, each with the event that begins its timeline, and fix their plans.

    Nobody gets a mail. The caller holds the locks of the candidates, so that nobody applies meanwhile.

    Args:
        applications: new rows, which get their keys here; of their stage nothing need be said.
        at: now; when they applied elsewhere stands in their own `applied_at`.
        by: who takes them in.
        data: more for each first event.
    """
    for application in applications:
        application.stage, application.stage_since = Stage.APPLIED, at
    Application.objects.bulk_create(applications)
    told = {"came_from": "", "reason": ""} | data | by.data
    name, who = f"stage.{Stage.APPLIED}", {"by": by.user, "by_kind": by.kind, "by_name": by.name}
    Event.objects.bulk_create(Event(application=one, name=name, at=at, data=told, **who) for one in applications)
    for plan in sorted({application.plan_id for application in applications}):
        HiringPlan.objects.filter(pk=plan, locked_at=None).update(locked_at=at)


def lock(application: Application) -> Application:
    """Lock the row until the transaction ends, and return it as it is now, without its letter.

    `no_key`: a plain lock would deadlock with the inserts of events and asks that refer to the row.
    """
    return Application.objects.select_for_update(no_key=True, of=("self",)).defer("letter").get(pk=application.pk)


@transaction.atomic
def move(application: Application, to: Stage, *, at: datetime, by: Actor, reason: str = "", **data: Any) -> Event:
    """Move to the stage `to`, end what the old stage was waiting for, and write the event; all or nothing.

    Args:
        application: as the caller saw it; its `stage` and `stage_since` are what the caller decided on.
        to: the new stage; must be in `MOVES[application.stage]`.
        at: the time of the move.
        by: who moves.
        reason: in words, for the timeline.
        data: more for the event.

    Raises:
        MovedMeanwhile: the application is no longer where the caller saw it.
        NotAllowed: `MOVES` has no such move, or the application is the duplicate of another.
    """
    locked = lock(application)
    if locked.duplicate_of_id:
        raise NotAllowed(_("This application was sent twice by the same person; go on with the other one."))
    require_unmoved(locked, application)
    if to not in MOVES[Stage(locked.stage)]:
        raise NotAllowed(
            _("An application cannot go from %(from)s to %(to)s.") % {"from": Stage(locked.stage).label, "to": to.label}
        )
    came_from = locked.stage
    locked.stage, locked.stage_since = to, at
    locked.save(update_fields=["stage", "stage_since"])
    _end_asks(locked, came_from, at)
    application.stage, application.stage_since = to, at
    return record(locked, f"stage.{to}", at=at, by=by, came_from=came_from, reason=reason, **data)


def require_unmoved(locked: Application, seen: Application) -> None:
    """Refuse to act on what was decided about an application that stands elsewhere by now.

    Raises:
        MovedMeanwhile: stage or since are not what the caller saw.
    """
    if (locked.stage, locked.stage_since) != (seen.stage, seen.stage_since):
        raise MovedMeanwhile(
            _("Somebody moved this application meanwhile; it stands at: %s.") % locked.get_stage_display()
        )


def _end_asks(application: Application, left: str, at: datetime) -> None:
    """Leaving a stage cancels what it alone waited for; closing the application cancels everything."""
    asks = application.asks.filter(answered_at=None, cancelled_at=None)
    if application.stage not in CLOSED:
        asks = asks.filter(stage=left, outlives_stage=False)
    asks.update(cancelled_at=at, remind_at=None)
