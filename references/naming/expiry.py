"""The sweep that ends what nobody answers: a reference, and the wish for another name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor, ActorKind
from candidates.people.models import Application
from candidates.post import asks
from candidates.post.models import Ask
from references import completion
from references.models import Reference, ReferencePlan
from references.naming import requests, standing

DAY = timedelta(days=1)
WRITING = timedelta(hours=12)  # whoever saved their draft so lately is not cut off
MOST = 500
USUAL = ReferencePlan._meta.get_field("expire_days").default
logger = logging.getLogger(__name__)


def expire_due(*, at: datetime) -> int:
    """End every request whose deadline has passed for as long as the plan waits; returns how many.

    Safe to run at any time and several times at once: each is a transaction of its own that passes by applications
    somebody is working on, an answer that is just arriving for one; the next sweep looks at them again.
    """
    references = _overdue(at).filter(scorecard__kind=Scorecard.Kind.REFERENCE).values_list("pk", flat=True)
    names = _overdue(at).filter(page=requests.PAGE, template=requests.ANOTHER).values_list("pk", flat=True)
    ended = sum(_try(expire, pk, at) for pk in list(references[:MOST]))
    return ended + sum(_try(stop_waiting_for_names, pk, at) for pk in list(names[:MOST]))


@transaction.atomic
def expire(pk: int, *, at: datetime) -> bool:
    """End the reference that the ask `pk` waits for: they are asked no more, and somebody else may be.

    Returns:
        False when it is not due, was answered, is being written, or somebody is at work on the application.
    """
    asked = _claim(pk, at)
    if asked is None:
        return False
    reference = Reference.objects.select_related("scorecard").get(scorecard__ask=asked)
    saved_at = reference.scorecard.saved_at
    if (saved_at and at - saved_at < WRITING) or not asks.cancel(asked, at=at):
        return False
    Reference.objects.filter(pk=reference.pk).update(expired_at=at)
    by = _deadline()
    pipeline.record(asked.application, "references.expired", at=at, by=by, reference=reference.pk)
    completion.finish_after_the_last(asked.application, at=at, by=by)
    return True


@transaction.atomic
def stop_waiting_for_names(pk: int, *, at: datetime) -> bool:
    """End the wish for another name that the candidate does not answer; the recruiters are told.

    Returns:
        False when it is not due or was answered, or somebody is at work on the application.
    """
    asked = _claim(pk, at)
    if asked is None or not asks.cancel(asked, at=at):
        return False
    application, by = asked.application, _deadline()
    pipeline.record(application, "references.nobody_named", at=at, by=by)
    completion.tell_recruiters(application, standing.of(application), at=at)
    completion.finish_unless_waiting(application, at=at, by=by)
    return True


def _overdue(at: datetime) -> QuerySet[Ask]:
    """Open requests of this stage that were due so many days ago as their plan waits."""
    days = Coalesce(F("application__plan__reference_plan__expire_days"), Value(USUAL))
    waits = ExpressionWrapper(days * Value(DAY), output_field=DurationField())
    ends_at = Value(at) - waits
    return Ask.objects.open().filter(due_at__lte=ends_at).order_by("due_at")


def _claim(pk: int, at: datetime) -> Ask | None:
    """The ask, still overdue, with its application locked; None when that is not so or somebody else has the lock."""
    asked = Ask.objects.filter(pk=pk).values("application")
    rows = Application.objects.filter(pk__in=asked).only("pk")
    if rows.select_for_update(skip_locked=True, no_key=True).first() is None:
        return None
    related = ("application__candidate", "application__job", "application__plan")
    return _overdue(at).select_related(*related).filter(pk=pk).first()


def _try(end: Callable[..., bool], pk: int, at: datetime) -> bool:
    try:
        return end(pk, at=at)
    except Exception:  # whatever is wrong with this one, the others have their time too
        logger.exception("What ask %s waits for could not be ended; the next sweep tries again.", pk)
        return False


def _deadline() -> Actor:
    return Actor(ActorKind.RULE, _("The plan's deadline"), data={"rule": "references_expire"})
