"""The sweep that ends what nobody answers after a hire: a look back, a development plan to read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor, ActorKind
from candidates.post import asks
from candidates.post.models import Ask

EVENTS = {"trials:pulse": "pulse.unanswered", "trials:development": "development.unread"}
GRACE = timedelta(days=7)  # after the link's last day, in which a new one may be wanted
MOST = 500


def end_unanswered(*, at: datetime) -> int:
    """End what was asked after a hire and whose link is over for a week; returns how many.

    Safe to run at any time and several times at once: what ended before is passed by.
    """
    silent = Ask.objects.open().filter(page__in=EVENTS, expires_at__lte=at - GRACE).select_related("application")
    return sum(_end(one, at) for one in silent.order_by("pk")[:MOST])


@transaction.atomic
def _end(asked: Ask, at: datetime) -> bool:
    application = pipeline.lock(asked.application)
    if not asks.cancel(asked, at=at):
        return False
    by = Actor(ActorKind.RULE, _("The deadline"), data={"rule": "afterwards_end"})
    pipeline.record(application, EVENTS[asked.page], at=at, by=by, role=asked.role)
    return True
