"""A plan to grow by: drafted once, written by people, given to the new colleague as it stands, read by them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.models import Application, Ask, User
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.stages import Stage
from trials.afterwards.models import DevelopmentItem, DevelopmentPlan, DevelopmentShare
from trials.models import Trial
from trials.planning import schedule

READ_DAYS = timedelta(days=14)
REMINDERS = (timedelta(days=7), timedelta(days=2))  # before the last day
MOST_ITEMS = 30
WRITTEN = ("title", "why", "aim", "how", "by_when", "is_done")
TOLD = ("title", "why", "aim", "how")


@dataclass(frozen=True)
class Line:
    """One thing to learn as somebody wrote it, or as it is drafted (then without a key)."""

    title: str
    why: str = ""
    aim: str = ""
    how: str = ""
    by_when: date | None = None
    is_done: bool = False
    pk: int | None = None
    competency: int | None = None
    is_removed: bool = False


@transaction.atomic
def draft(application: Application, lines: Iterable[Line], *, at: datetime, by: Actor) -> int:
    """Make the plan out of what was drafted; of a plan that is there, add what it lacks. Nothing written is changed.

    Args:
        application: of somebody who was hired.
        lines: what is suggested, the most important first.

    Returns:
        How many things were added.

    Raises:
        NotAllowed: nobody was hired.
    """
    locked = pipeline.lock(application)
    if locked.stage != Stage.HIRED:
        raise NotAllowed(_("A development plan follows the hire."))
    plan = DevelopmentPlan.objects.get_or_create(application=locked, defaults={"drafted_at": at})[0]
    items = list(plan.items.all())
    known = {one.competency_id for one in items if one.competency_id} | {one.title.casefold() for one in items}
    new = [one for one in lines if (one.competency or one.title.casefold()) not in known]
    new = new[: max(0, MOST_ITEMS - len(items))]
    last = max((one.position for one in items), default=0)
    DevelopmentItem.objects.bulk_create(_item(plan, one, position) for position, one in enumerate(new, start=last + 1))
    pipeline.record(locked, "development.drafted", at=at, by=by, items=len(new))
    return len(new)


@transaction.atomic
def change(plan: DevelopmentPlan, lines: Sequence[Line], *, seen: str, at: datetime, by: Actor) -> None:
    """Write the plan as somebody edited it, in their order. A line that is not named stays, behind the others.

    Args:
        plan: which one.
        lines: as they are to stand; one without a key is new, one that is removed goes.
        seen: `fingerprint` of what they looked at.
        at: now.
        by: who wrote it.

    Raises:
        NotAllowed: a colleague changed it meanwhile, or it would be too long.
    """
    locked = pipeline.lock(plan.application)
    if fingerprint(plan) != seen:
        told = _("A colleague changed this plan meanwhile. Look at it as it is now, then save again what you wrote.")
        raise NotAllowed(told)
    items = {one.pk: one for one in plan.items.all()}
    removed = [one.pk for one in lines if one.is_removed and one.pk in items]
    kept = [one for one in lines if not one.is_removed]
    if len(items) - len(removed) + sum(one.pk is None for one in kept) > MOST_ITEMS:
        raise NotAllowed(_("Nobody learns so much at once: %d things at most.") % MOST_ITEMS)
    written = [_written(items.get(one.pk or 0) or DevelopmentItem(plan=plan), one) for one in kept]
    rest = [one for pk, one in items.items() if pk not in removed and pk not in {line.pk for line in kept}]
    DevelopmentItem.objects.filter(plan=plan, pk__in=removed).delete()
    for position, item in enumerate([*written, *rest], start=1):
        item.position = position
        item.save()
    if fingerprint(plan) != seen:
        pipeline.record(locked, "development.changed", at=at, by=by)


@transaction.atomic
def share(plan: DevelopmentPlan, *, note: str = "", at: datetime, by: Actor) -> DevelopmentShare:
    """Give the plan, as it stands, to the new colleague: a mail with a link to read it and say what they think.

    A request to read an earlier state ends.

    Raises:
        NotAllowed: nothing stands in it.
    """
    application = pipeline.lock(plan.application)
    items = list(plan.items.all())
    if not items:
        raise NotAllowed(_("Nothing stands in the plan yet."))
    for before in Ask.objects.open().filter(development_share__plan=plan):
        asks.cancel(before, at=at)
    DevelopmentPlan.objects.filter(pk=plan.pk).update(shared_at=at, note=note.strip())
    new = DevelopmentShare.objects.create(
        plan=plan,
        ask=_ask(application, at=at, by=by),
        content={"note": note.strip(), "items": [_told(one) for one in items]},
        shared_at=at,
        shared_by_name=by.name,
    )
    pipeline.record(application, "development.shared", at=at, by=by)
    return new


@transaction.atomic
def read(shared: DevelopmentShare, *, reply: str = "", at: datetime, by: Actor) -> None:
    """The new colleague has read it, and said something or nothing; lead and recruiters learn of it.

    Raises:
        NotOpen: read before, or another state was shared since.
    """
    application = pipeline.lock(shared.plan.application)
    asks.close(shared.ask, at=at)
    shared.reply, shared.replied_at = reply.strip(), at
    shared.save(update_fields=["reply", "replied_at"])
    pipeline.record(application, "development.read", at=at, by=by)
    for colleague in readers(application):
        key = f"development:{shared.pk}:{colleague.pk}"
        told = {"reply": shared.reply}
        mail.queue_to_colleague(application, "trials/development_answered", colleague, key=key, at=at, data=told)


def readers(application: Application) -> list[User]:
    """Who reads what the new colleague says to the plan: the lead and the recruiters."""
    trial = Trial.objects.current().filter(application=application).select_related("leader").first()
    known = {one.pk: one for one in (*([trial.leader] if trial else []), *application.job.recruiters.all())}
    return [one for one in known.values() if one.is_active and one.email]


def fingerprint(plan: DevelopmentPlan) -> str:
    """What tells one state of a plan from another."""
    rows = [(one.pk, one.position, *(str(getattr(one, name)) for name in WRITTEN)) for one in plan.items.all()]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:20]


def _item(plan: DevelopmentPlan, line: Line, position: int) -> DevelopmentItem:
    item = DevelopmentItem(plan=plan, competency_id=line.competency, position=position)
    return _written(item, line)


def _written(item: DevelopmentItem, line: Line) -> DevelopmentItem:
    for name in WRITTEN:
        setattr(item, name, getattr(line, name))
    return item


def _told(item: DevelopmentItem) -> dict[str, Any]:
    by_when = item.by_when.isoformat() if item.by_when else ""
    return {name: getattr(item, name) for name in TOLD} | {"by_when": by_when, "is_done": item.is_done}


def _ask(application: Application, *, at: datetime, by: Actor) -> Ask:
    zone = application.job.zone
    due_at = schedule.local(schedule.local_day(at, zone) + READ_DAYS, schedule.EVENING, zone)
    return asks.ask_candidate(
        application,
        page="trials:development",
        template="trials/development",
        title=_("Read your development plan"),
        at=at,
        due_at=due_at,
        reminders=[due_at - before for before in REMINDERS],
        data={"signature": by.name},
    )
