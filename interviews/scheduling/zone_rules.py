"""A country changes its clocks at short notice: an interview stays at the time that people were told.

We keep times in UTC, and 14:00 in Lisbon is another moment once the rules of Lisbon are others. What counts is what
stands in people's mails and diaries, the clock of the interview's zone. A sweep compares the two, and where the rules
moved them apart the interview moves, with its mails and calendar entries, one number later.
"""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import NotAllowed
from interviews.models import Interview
from interviews.scheduling import booking, telling

MOVED = "interviews.clocks_changed"
AT_ONCE = 500
log = logging.getLogger(__name__)


def follow(*, at: datetime) -> int:
    """Move the interviews to come whose clock time no longer is their moment. Safe to repeat. Returns how many moved.

    Those that were agreed before we kept the clock get it now, by the rules that hold now.
    """
    to_come = Interview.objects.standing().filter(starts_at__gt=at, cancelled_at=None)
    facts = to_come.order_by("pk").values_list("pk", "zone", "wall_clock", "starts_at")
    return sum(_follow(pk, at) for pk, zone, told, starts_at in facts if _is_apart(zone, told, starts_at))


def moment(told: str, zone: str) -> datetime | None:
    """When clocks in `zone` show that time, by the rules of today; None for a zone that exists no more.

    An hour that comes twice is the one that keeps its offset, and else the first.
    """
    try:
        then, place = datetime.fromisoformat(told), ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError):
        return None
    clock = then.replace(tzinfo=place)
    both = [clock.replace(fold=fold) for fold in (0, 1)]
    return next((one for one in both if one.utcoffset() == then.utcoffset()), both[0])


def _is_apart(zone: str, told: str, starts_at: datetime | None) -> bool:
    if not told:
        return True
    now_at = moment(told, zone)
    return now_at is not None and now_at != starts_at


def _follow(pk: int, at: datetime) -> bool:
    try:
        return _move(pk, at)
    except NotAllowed as refusal:  # somebody is elsewhere then; the desk shows both, and people choose
        log.warning("Interview %s cannot follow the clocks of its zone: %s", pk, refusal)
        return False


@transaction.atomic
def _move(pk: int, at: datetime) -> bool:
    """Look again under the application's lock."""
    interview = Interview.objects.select_related("application").get(pk=pk)
    interview.application = pipeline.lock(interview.application)
    interview.refresh_from_db(fields=["starts_at", "wall_clock", "zone", "cancelled_at", "sequence"])
    if not interview.starts_at or interview.cancelled_at or interview.starts_at <= at:
        return False
    if not interview.wall_clock:
        Interview.objects.filter(pk=pk).update(wall_clock=booking.on_the_wall(interview))
        return False
    starts_at = moment(interview.wall_clock, interview.zone)
    if starts_at is None or starts_at == interview.starts_at:
        return False
    before, by = interview.starts_at, Actor(ActorKind.RULE, _("Rules of a time zone"), data={"rule": "zone_rules"})
    booking.agree(interview, starts_at, at=at)
    telling.tell_changed(interview, at=at)
    told = {"interview": pk, "starts_at": starts_at.isoformat(), "was": before.isoformat(), "zone": interview.zone}
    pipeline.record(interview.application, MOVED, at=at, by=by, **told)
    return True
