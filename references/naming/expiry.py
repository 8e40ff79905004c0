"""The sweep that ends what nobody answers: a reference, and the wish for another name."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value
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

    Safe to run at any time and several times at once: each application is a transaction of its own, which passes by
    those that somebody is working on, an answer that is just arriving for one; the next sweep looks at them again.
    """
    waiting = overdue(at).order_by("application").distinct("application").values_list("application", flat=True)
    return sum(_try(pk, at) for pk in list(waiting[:MOST]))


@transaction.atomic
def expire(pk: int, *, at: datetime) -> int:
    """End what is overdue of one application; where references ended, see what follows, once for all of them.

    Returns:
        How many requests ended; none when somebody is at work on the application.
    """
    rows = Application.objects.filter(pk=pk).select_related("candidate", "job", "plan").defer("letter")
    application = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if application is None:
        return 0
    by = Actor(ActorKind.RULE, _("The plan's deadline"), data={"rule": "references_expire"})
    asked = list(overdue(at).filter(application=application).select_related("scorecard__reference"))
    silent = [one for one in asked if one.page == requests.PAGE and _stop_waiting_for_names(application, one, at, by)]
    ended = [one for one in asked if one.page != requests.PAGE and _expire(application, one, at, by)]
    if ended:
        completion.finish_after_the_last(application, at=at, by=by)
    elif silent:
        completion.finish_unless_waiting(application, at=at, by=by)
    return len(silent) + len(ended)


def overdue(at: datetime) -> QuerySet[Ask]:
    """References and wishes for another name that are open although they were due as long ago as their plan waits.

    A reference is not overdue while somebody writes it.
    """
    days = Coalesce(F("application__plan__reference_plan__expire_days"), Value(USUAL))
    ends_at = ExpressionWrapper(F("due_at") + days * Value(DAY), output_field=DateTimeField())
    open_ones = Ask.objects.open().annotate(ends_at=ends_at).filter(due_at__lte=at, ends_at__lte=at)
    reference = Q(scorecard__kind=Scorecard.Kind.REFERENCE) & ~Q(scorecard__saved_at__gt=at - WRITING)
    return open_ones.filter(reference | Q(page=requests.PAGE, template=requests.ANOTHER))


def _expire(application: Application, asked: Ask, at: datetime, by: Actor) -> bool:
    if not asks.cancel(asked, at=at):
        return False
    reference = asked.scorecard.reference
    Reference.objects.filter(pk=reference.pk).update(expired_at=at)
    pipeline.record(application, "references.expired", at=at, by=by, reference=reference.pk)
    return True


def _stop_waiting_for_names(application: Application, asked: Ask, at: datetime, by: Actor) -> bool:
    if not asks.cancel(asked, at=at):
        return False
    pipeline.record(application, "references.nobody_named", at=at, by=by)
    completion.tell_recruiters(application, standing.of(application), at=at)
    return True


def _try(pk: int, at: datetime) -> int:
    try:
        return expire(pk, at=at)
    except Exception:  # whatever is wrong with this one, the others have their time too
        logger.exception("What is overdue of application %s could not be ended; the next sweep tries again.", pk)
        return 0
