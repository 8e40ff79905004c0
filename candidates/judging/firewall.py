"""Who may see what others thought: nobody, until everybody who was asked has locked their own judgement.

One rule for all stages. It closes when a rating is owed whose time has come, and opens when the last is locked (or
the ask is cancelled), or by a recruiter's recorded override.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post.models import Ask

OPENED = "firewall.opened"


def owed(application: Application, *, at: datetime) -> QuerySet[Ask]:
    """The open asks for a judgement of `application` that have begun."""
    return Ask.objects.begun(at).filter(application=application, scorecard__isnull=False)


def blind_readings(user: Any) -> QuerySet[Ask]:
    """What `user` is still asked to read without knowing who wrote it: until then no page shows them whose it is."""
    letters = Ask.objects.open().filter(user=user, scorecard__kind=Scorecard.Kind.LETTER)
    return letters.filter(application__plan__hides_identity=True)


def is_open(application: Application, *, at: datetime) -> bool:
    """Whether judgements of `application` may be shown, from any stage."""
    waiting = owed(application, at=at)
    override = application.events.filter(name=OPENED).last()
    if override:
        waiting = waiting.filter(opens_at__gt=override.at)
    return not waiting.exists()


def cards(application: Application, *, at: datetime) -> QuerySet[Scorecard]:
    """The judgements that may be shown now: all locked ones, or none."""
    locked = application.scorecards.locked()
    return locked if is_open(application, at=at) else locked.none()


@transaction.atomic
def override(application: Application, *, reason: str, at: datetime, by: Actor) -> None:
    """Open the firewall although ratings are owed; the reason stays on the timeline.

    Raises:
        NotAllowed: without a reason.
    """
    if not reason.strip():
        raise pipeline.NotAllowed(_("Say why the judgements must be seen before all are in."))
    pipeline.record(pipeline.lock(application), OPENED, at=at, by=by, reason=reason.strip())
