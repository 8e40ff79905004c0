"""Once a day, at the hour that a colleague chose, on the days they work: one mail with what waits for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from ats.desk.digest import words
from ats.desk.digest.gathering import Waiting, gather
from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Message
from candidates.post.reminding import calendars
from candidates.post.reminding.working_time import zone_of
from candidates.staff.models import User

AT_ONCE = 200


def send_due(*, at: datetime) -> int:
    """Write the digests whose hour has come. Returns to how many.

    Safe to run at any time and several times at once: the day of the last one, under a lock that others pass by, is
    the claim. So an hour that comes twice brings one, and one that a night leaves out brings it in the next.
    """
    total, due = 0, _due(at)
    for start in range(0, len(due), AT_ONCE):
        total += _send_some(due[start : start + AT_ONCE], at)
    return total


def _due(at: datetime) -> list[int]:
    """One query, whoever is due; it reads four columns of those who want a digest at all."""
    rows = _readers().values_list("pk", "zone", "digest_hour", "digest_on")
    return [pk for pk, zone, hour, on in rows if _has_come(at, zone, hour, on)]


def _readers() -> QuerySet[User]:
    return (
        User.objects.filter(is_active=True, is_staff=True, digest_hour__isnull=False).exclude(email="").order_by("pk")
    )


def _has_come(at: datetime, zone: str, hour: int | None, on: date | None) -> bool:
    local = at.astimezone(zone_of(zone))
    return hour is not None and local.hour >= hour and (on is None or on < local.date())


@transaction.atomic
def _send_some(keys: Sequence[int], at: datetime) -> int:
    locked = _readers().filter(pk__in=keys).select_for_update(skip_locked=True, no_key=True)
    due = [one for one in locked if _has_come(at, one.zone, one.digest_hour, one.digest_on)]
    days: dict[date, list[int]] = defaultdict(list)
    for one in due:
        days[_today(one, at)].append(one.pk)
    for day, pks in days.items():
        User.objects.filter(pk__in=pks).update(digest_on=day)
    at_work = [one for one in due if calendars.of_colleague(one).is_worked(_today(one, at))]
    mails = _mails(at_work, at) if at_work else []
    _forget([_key(one, one.digest_on) for one in due if one.digest_on])
    Message.objects.bulk_create(mails, ignore_conflicts=True)
    if mails:
        ring_on_commit("candidates.post.tasks.send_due")
    return len(mails)


def _mails(colleagues: Sequence[User], at: datetime) -> list[Message]:
    waiting = gather(colleagues, at=at)
    mails = [_mail(one, waiting[one.pk], at) for one in colleagues if not waiting[one.pk].is_nothing]
    return [mail for mail in mails if mail.data["sections"]]


def _mail(colleague: User, waiting: Waiting, at: datetime) -> Message:
    with translation.override(colleague.language):
        told = words.sections(waiting, zone=zone_of(colleague.zone), at=at)
    return Message(
        key=_key(colleague, _today(colleague, at)),
        template="desk/digest",
        priority=Message.Priority.LATER,
        to=colleague.email,
        language=colleague.language,
        zone=colleague.zone,
        link="home:",
        data={"name": colleague.first_name or str(colleague), "sections": told},
        created_at=at,
        next_try_at=at,
    )


def _forget(keys: Sequence[str]) -> None:
    """Names stand in a digest that hangs on no application, so what the last one said goes when the next is made."""
    sent = Message.objects.filter(key__in=keys, status=Message.Status.SENT)
    sent.update(data={}, text="", html="")


def _key(colleague: User, day: date | None) -> str:
    return f"digest:{colleague.pk}:{day}"


def _today(colleague: User, at: datetime) -> date:
    return at.astimezone(zone_of(colleague.zone)).date()
