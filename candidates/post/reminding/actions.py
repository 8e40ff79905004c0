"""Reminding: what is due, by hand, put off, and held while a rejection is planned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post.models import GRADING, Ask, Message
from candidates.post.reminding import calendars, escalating, queueing, working_time
from candidates.post.reminding.models import Reminder

AT_ONCE = 500
PAUSE = timedelta(minutes=10)  # between two reminders by hand
REMINDED, PUT_OFF = "ask.reminded", "ask.put_off"
PUT_OFF_BY_THEM = "Put off by the person asked."


def remind_due(*, at: datetime) -> int:
    """Queue the reminders that are due. Returns of how many asks.

    Safe to run at any time and several times at once: moving `remind_at` on, under a lock that others pass by, is
    the claim.
    """
    total, found = 0, AT_ONCE
    while found == AT_ONCE:
        found = _remind_some(at)
        total += found
    return total


@transaction.atomic
def escalate_due(*, at: datetime) -> int:
    """Tell others, once, that what was asked did not come. Returns of how many asks."""
    late = Ask.objects.escalations_due(at).select_for_update(skip_locked=True, no_key=True, of=("self",))
    due = list(late.select_related("application__job__hiring_manager")[:AT_ONCE])
    if due:
        Ask.objects.filter(pk__in=[asked.pk for asked in due]).update(escalate_at=None)
        escalating.tell(due, at=at)
    return len(due)


@transaction.atomic
def remind_now(asked: Ask, *, at: datetime, by: Actor) -> Message:
    """Remind somebody now because a colleague wants it, whatever the hour; one that waits for its time leaves now.

    Raises:
        NotAllowed: they have answered, are not asked (yet), have no address, or were reminded a moment ago.
    """
    locked = _lock(asked)
    if not (locked.is_open and locked.is_wanted):
        raise NotAllowed(_("They have answered meanwhile, or are not asked any more."))
    if locked.opens_at > at:
        raise NotAllowed(_("They have not been asked yet."))
    if not locked.email:
        raise NotAllowed(_("We know no mail address of theirs."))
    if locked.reminders.filter(kind=Reminder.Kind.REMINDER, message__isnull=False, at__gt=at - PAUSE).exists():
        raise NotAllowed(_("They were reminded a moment ago."))
    queueing.overtake([locked.pk])
    ledger = queueing.Ledger(at)
    message = queueing.reminder_of(locked, key=f"remind:{locked.pk}:{at:%Y%m%dT%H%M%S}:by_hand", at=at)
    ledger.mail(message, Reminder(ask=locked, due_at=at, at=at, number=_next_number(locked)), None)
    ledger.write()
    pipeline.record(locked.application, REMINDED, at=at, by=by, **_told(locked))
    return message


@transaction.atomic
def put_off(asked: Ask, *, until: datetime, at: datetime, by: Actor) -> None:
    """Whoever was asked wants to be reminded at `until` instead; the deadline stays where it is.

    Raises:
        NotAllowed: answered or not asked any more, `until` is past, or others would be told before.
    """
    locked = _lock(asked)
    if refused := why_not_put_off(locked, until=until, at=at):
        raise NotAllowed(refused)
    queueing.overtake([locked.pk], because=PUT_OFF_BY_THEM)
    due_at = locked.remind_at if locked.remind_at and locked.remind_at <= until else at
    Reminder.objects.create(
        ask=locked, due_at=due_at, at=at, number=_next_number(locked), why=Reminder.Why.SNOOZED, leaves_at=until
    )
    later = [time for time in locked.remind_later if time > until]
    if locked.remind_at and locked.remind_at > until:
        later = sorted({locked.remind_at, *later})
    Ask.objects.filter(pk=locked.pk).update(remind_at=until, remind_later=later, snoozed_until=until)
    asked.remind_at, asked.remind_later, asked.snoozed_until = until, later, until
    pipeline.record(locked.application, PUT_OFF, at=at, by=by, until=until.isoformat(), **_told(locked))


def why_not_put_off(asked: Ask, *, until: datetime, at: datetime) -> str:
    """Why this cannot be put off until then, in words; nothing when it can."""
    if not (asked.is_open and asked.is_wanted):
        return _("It was answered meanwhile, or is not wanted any more.")
    if until <= at:
        return _("This time is past.")
    latest = min(asked.escalate_at or asked.expires_at, asked.expires_at)
    if until >= latest:
        when = date_format(localtime(latest), _("D j M, H:i"))
        return _("It cannot be put off that far: others are told on %s that nothing came.") % when
    return ""


def tomorrow(asked: Ask, *, at: datetime) -> datetime | None:
    """When "remind me on the next working day" would remind whoever was asked; None when it can not be put off."""
    until = working_time.next_morning(calendars.of(asked), at)
    return None if why_not_put_off(asked, until=until, at=at) else until


def hold(application: Application, *, until: datetime, at: datetime) -> dict[str, str]:
    """Let reminders wait that would go before `until`, because a rejection is planned; each gets its row.

    Returns:
        When each would have gone, by the key of its ask, or of its mail after "mail:"; `release` takes it.
    """
    waiting = list(Ask.objects.reminders_due(until).filter(application=application))
    mails = _waiting_mails(application).filter(next_try_at__lt=until)
    held = {str(asked.pk): asked.remind_at.isoformat() for asked in waiting if asked.remind_at}
    written = dict(mails.values_list("pk", "next_try_at"))
    held |= {f"mail:{pk}": time.isoformat() for pk, time in written.items()}
    rows = [Reminder(ask=one, due_at=one.remind_at, at=at) for one in waiting if one.remind_at]
    for row in rows:
        row.why, row.leaves_at = Reminder.Why.REJECTION, until
    Reminder.objects.bulk_create(rows)
    if written:  # many rejections are planned at once, most without
        Reminder.objects.filter(message__in=list(written)).update(why=Reminder.Why.REJECTION, leaves_at=until)
        mails.filter(pk__in=list(written)).update(next_try_at=until)
    Ask.objects.filter(pk__in=[one.pk for one in waiting]).update(remind_at=until)
    return held


def release(application: Application, held: dict[str, Any], *, until: datetime) -> None:
    """The rejection was undone: reminders that waited until `until` go when they would have gone."""
    for key, time in held.items():
        kind, _colon, pk = key.rpartition(":")
        moment = datetime.fromisoformat(time)
        if kind:
            _waiting_mails(application).filter(pk=pk, next_try_at=until).update(next_try_at=moment)
        else:
            Ask.objects.open().filter(pk=pk, remind_at=until).update(remind_at=moment)


def _waiting_mails(application: Application) -> Any:
    reminders = Message.objects.filter(application=application, key__startswith="remind:")
    return reminders.filter(status=Message.Status.QUEUED)


@transaction.atomic
def _remind_some(at: datetime) -> int:
    rows = Ask.objects.reminders_due(at).order_by("remind_at", "pk")
    locked = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
    due = list(locked.values_list(*queueing.COLUMNS, named=True)[:AT_ONCE])
    if due:
        next_one = RawSQL("(SELECT min(later) FROM unnest(remind_later) AS later WHERE later > %s)", [at])
        Ask.objects.filter(pk__in=[row.pk for row in due]).update(remind_at=next_one)
        queueing.queue(due, at=at)
    return len(due)


def _lock(asked: Ask) -> Ask:
    """The ask as it is now, its row locked; the application's first, as every verb does that writes an event."""
    application = pipeline.lock(asked.application)
    related = Ask.objects.select_related("user").select_for_update(no_key=True, of=("self",))
    locked = related.get(pk=asked.pk)
    locked.application = application
    return locked


def _next_number(asked: Ask) -> int:
    return asked.reminders.filter(kind=Reminder.Kind.REMINDER).count() + 1


def _told(asked: Ask) -> dict[str, str]:
    """Who and what, for the timeline; of written work nobody is told who grades it."""
    if asked.page == GRADING:
        return {"what": "", "who": ""}
    return {"what": asked.title, "who": asked.name}
