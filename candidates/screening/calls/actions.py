"""Offering times for phone screens, choosing one, changing it, and being told when none is left."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.post.models import Ask
from candidates.post.reminding.schedule import Within
from candidates.screening.calls.schedule import Offer, times
from candidates.screening.models import CallSlot
from candidates.staff.models import User

CHOOSE = "screening:choose_time"
CHOSEN, NONE_FITS = "screening.time_chosen", "screening.no_time_fits"
FREED_AT_ONCE = 500


class Taken(NotAllowed):
    """Somebody else was quicker, or the time is over."""


@transaction.atomic
def offer(caller: User, offered: Offer, *, at: datetime) -> int:
    """Offer times; one that overlaps another of theirs is left out. Returns how many are new."""
    mine = CallSlot.objects.filter(caller=caller)
    before = mine.count()
    rows = [CallSlot(caller=caller, starts_at=start, ends_at=end) for start, end in times(offered, after=at)]
    CallSlot.objects.bulk_create(rows, ignore_conflicts=True)  # the database knows what overlaps
    return mine.count() - before


def ask_for_a_time(application: Application, caller: User, *, at: datetime) -> Ask:
    """Ask the candidate to choose one of the times of `caller`. Call inside the verb that opens the stage.

    Raises:
        NotAllowed: the caller offers none.
    """
    if not CallSlot.objects.free(at).filter(caller=caller).exists():
        raise NotAllowed(_("%s offers no times for calls. Offer some first, or call without.") % caller)
    person = application.candidate
    return asks.ask_candidate(
        application,
        page="screening:choose_time",
        template="screening/choose_time",
        title=_("Choose a time for our call"),
        within=Within(application.plan.time_for(application.stage), share=0.5),
        at=at,
        data={"caller": str(caller), "times": _first_times(caller, person.zone, person.language, at)},
    )


def call_of(application: Application) -> Scorecard | None:
    """The phone screen that is still to be held, with who holds it."""
    waiting = Ask.objects.open().filter(scorecard__kind=Scorecard.Kind.PHONE)
    cards = Scorecard.objects.filter(application=application, ask__in=waiting).select_related("ask", "rater")
    return cards.order_by("-pk").first()


def slot_of(application: Application) -> CallSlot | None:
    """The time that was agreed for the call that is still to be held."""
    call = call_of(application)
    return CallSlot.objects.filter(application=application, caller=call.rater).first() if call and call.rater else None


def free_times(application: Application, *, at: datetime) -> QuerySet[CallSlot]:
    """What the candidate may choose from."""
    call = call_of(application)
    return CallSlot.objects.free(at).filter(caller=call.rater) if call and call.rater else CallSlot.objects.none()


@transaction.atomic
def choose(asked: Ask, slot: int, *, at: datetime) -> CallSlot:
    """Take the time `slot` for the call, or change to it; both sides are told by mail.

    The application's row is locked first, then the slots in their order: of two who want one time, one gets it, and
    two who swap do not wait for each other.

    Raises:
        Taken: somebody was quicker, the time is past, or the present one has begun.
        asks.NotOpen: the call is held or no longer wanted.
    """
    application = pipeline.lock(asked.application)
    call = call_of(application)
    if call is None or call.rater is None or not Ask.objects.open().filter(pk=asked.pk).exists():
        raise asks.NotOpen
    wanted = _take(application, call.rater, slot, at)
    told = {"starts_at": wanted.starts_at.isoformat(), "caller": str(call.rater)}
    event = pipeline.record(application, CHOSEN, at=at, by=Actor.candidate(asked.name), **told)
    _tell_both(asked, call, wanted, key=f"call:{event.pk}", at=at)
    _settle(asked, until=wanted.ends_at)
    return wanted


@transaction.atomic
def ask_to_be_called(asked: Ask, *, at: datetime) -> None:
    """No time fits, or none is left: the caller is told, and finds one with the candidate by phone or mail.

    Raises:
        asks.NotOpen: the call is held or no longer wanted.
    """
    application = pipeline.lock(asked.application)
    call = call_of(application)
    if call is None or not Ask.objects.open().filter(pk=asked.pk).exists():
        raise asks.NotOpen
    CallSlot.objects.filter(application=application, starts_at__gt=at).update(application=None, taken_at=None)
    event = pipeline.record(application, NONE_FITS, at=at, by=Actor.candidate(asked.name))
    _tell_of_none(call, key=f"call:{event.pk}", at=at)
    _settle(asked, until=at)


def end(application: Application, *, at: datetime) -> None:
    """The call was held: the candidate need not choose any more. Call inside the verb that locks its scorecard."""
    waiting = Ask.objects.open().filter(application=application, page=CHOOSE)
    settled = CallSlot.objects.filter(application=application)
    waiting.filter(Exists(settled)).update(answered_at=at, remind_at=None)
    waiting.update(cancelled_at=at, remind_at=None)


@transaction.atomic
def tend(*, at: datetime) -> int:
    """Give free what nobody needs any more, and tell callers whose candidates find no time. Safe to repeat.

    Returns:
        How many times came free.
    """
    held = Ask.objects.open().filter(application=OuterRef("application"), scorecard__kind=Scorecard.Kind.PHONE)
    taken = CallSlot.objects.filter(application__isnull=False, starts_at__gt=at).exclude(Exists(held))
    keys = list(taken.select_for_update(skip_locked=True).values_list("pk", flat=True)[:FREED_AT_ONCE])
    _tell_of_empty(at)
    return CallSlot.objects.filter(pk__in=keys).update(application=None, taken_at=None)


def _take(application: Application, caller: User, slot: int, at: datetime) -> CallSlot:
    mine = CallSlot.objects.filter(caller=caller)
    rows = mine.filter(pk=slot) | mine.filter(application=application)
    locked = list(rows.select_for_update().order_by("pk"))
    old = next((row for row in locked if row.application_id == application.pk), None)
    if old and old.starts_at <= at:
        raise Taken(_("This call has begun; its time cannot be changed any more."))
    wanted = next((row for row in locked if row.pk == slot), None)
    if old and wanted and old.pk == wanted.pk:
        return old
    if wanted is None or wanted.application_id is not None or wanted.starts_at <= at:
        raise Taken(_("We are sorry: this time was taken a moment ago, or is past. Please choose another."))
    mine.filter(application=application).update(application=None, taken_at=None)
    mine.filter(pk=slot).update(application=application, taken_at=at)
    wanted.refresh_from_db()
    return wanted


def _tell_both(asked: Ask, call: Scorecard, slot: CallSlot, *, key: str, at: datetime) -> None:
    application = asked.application
    asked.opens_at = min(asked.opens_at, at)  # a settled one opens late, its mails do not
    data = {"caller": call.rater_name, "when": told(slot.starts_at, asked.zone, asked.language)}
    mail.queue(application, "screening/time_agreed", key=f"{key}:candidate", at=at, ask=asked, data=data)
    data = {"when": told(slot.starts_at, call.ask.zone, call.ask.language)}
    mail.queue(application, "screening/time_chosen", key=f"{key}:caller", at=at, ask=call.ask, data=data)


def _tell_of_none(call: Scorecard, *, key: str, at: datetime) -> None:
    application = call.application
    mail.queue(application, "screening/no_time", key=key, at=at, ask=call.ask)


def _tell_of_empty(at: datetime) -> None:
    """Candidates who were asked to choose and have nothing to choose from: their callers hear of it once."""
    asked = Ask.objects.begun(at).filter(page=CHOOSE).select_related("application")
    phone = Scorecard.objects.filter(kind=Scorecard.Kind.PHONE, ask__answered_at=None, ask__cancelled_at=None)
    free = CallSlot.objects.free(at).filter(caller=OuterRef("application__scorecards__rater"))
    waiting = asked.filter(application__scorecards__in=phone).exclude(Exists(free))
    told_before = mail.Message.objects.filter(template="screening/no_time", application=OuterRef("application"))
    for one in waiting.exclude(Exists(told_before))[:FREED_AT_ONCE]:
        if call := call_of(one.application):
            _tell_of_none(call, key=f"call:none:{one.pk}", at=at)


def _settle(asked: Ask, *, until: datetime) -> None:
    """Nobody is waited for any more; the link works on, so that the time can be changed."""
    over = max(asked.expires_at, until)
    Ask.objects.open().filter(pk=asked.pk).update(remind_at=None, opens_at=over, due_at=over, expires_at=over)


def _first_times(caller: User, zone: str, language: str, at: datetime) -> list[str]:
    """The next few, for the mail."""
    slots = CallSlot.objects.free(at).filter(caller=caller)[:5]
    return [told(slot.starts_at, zone, language) for slot in slots]


def told(moment: datetime, zone: str, language: str) -> str:
    """The time as somebody in `zone` reads it."""
    with translation.override(language):
        return f"{date_format(localtime(moment, ZoneInfo(zone)), 'D j M, H:i')} ({zone.replace('_', ' ')})"
