"""Offering a trial by link, the candidate's answer, and beginning one that was agreed in conversation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.staff.models import User
from candidates.stages import Stage
from trials.check_ins import requests as check_ins
from trials.offering import conditions, requests, standing, telling
from trials.offering.models import Trial
from trials.offering.standing import Act
from trials.planning import schedule
from trials.verdicts import requests as verdicts

FARTHEST_START = timedelta(days=365)
OFFERED, TAKEN_BACK, AGREED, DECLINED = "trial.offered", "trial.taken_back", "trial.agreed", "trial.declined"
LONGEST_REASON = 2000


@transaction.atomic
def offer(
    application: Application, *, starts_on: date, starts_until: date | None = None, at: datetime, by: Actor, **team: Any
) -> Trial:
    """Move to trial and ask the candidate by link whether they take it, and from when on; nothing is planned yet.

    Args:
        application: as the caller saw it.
        starts_on: the first day, or the earliest of those among which they choose.
        starts_until: the latest of them.
        at: now.
        by: who offers it.
        team: `leader`, `buddy_name`, `buddy_email`, as of `begin`.

    Raises:
        NotAllowed: see `obstacles`; or the application cannot go there from where it stands.
    """
    _refuse(application, starts_on=starts_on, starts_until=starts_until, is_offered=True, at=at, **team)
    pipeline.move(application, Stage.TRIAL, at=at, by=by, offered=True)
    return _offer(application, starts_on=starts_on, starts_until=starts_until, at=at, by=by, **team)


@transaction.atomic
def begin(application: Application, *, starts_on: date, at: datetime, by: Actor, **team: Any) -> Trial:
    """Move to a trial that was agreed in conversation; plan the check-ins and the verdict, welcome the candidate.

    Args:
        application: as the caller saw it.
        starts_on: the first day; may lie back a little when the trial is entered late.
        at: now.
        by: who begins it.
        team: `leader`, who leads and decides; `buddy_name` and `buddy_email`, who helps day by day and needs no
            account.

    Raises:
        NotAllowed: see `obstacles`; or the application cannot go there from where it stands.
    """
    _refuse(application, starts_on=starts_on, at=at, **team)
    event = pipeline.move(application, Stage.TRIAL, at=at, by=by)
    return _begin(application, starts_on=starts_on, key=f"move:{event.pk}", at=at, by=by, **team)


@transaction.atomic
def offer_again(
    application: Application,
    *,
    is_agreed: bool = False,
    starts_on: date,
    starts_until: date | None = None,
    at: datetime,
    by: Actor,
    **team: Any,
) -> Trial:
    """Offer another trial in the place of one that was not answered, declined, taken back or ended; it moves nothing.

    Args:
        is_agreed: it was agreed in conversation and begins without asking. All else as of `offer`.

    Raises:
        NotAllowed: see `obstacles`; they have said yes meanwhile, or the application does not stand at the trial.
    """
    _refuse(application, starts_on=starts_on, starts_until=starts_until, is_offered=not is_agreed, at=at, **team)
    locked = pipeline.lock(application)
    pipeline.require_unmoved(locked, application)
    if locked.stage != Stage.TRIAL:
        raise NotAllowed(_("Only an application that stands at the trial is offered another one."))
    if last := current(locked):
        standing.require(last, Act.OFFER_AGAIN, at=at)
        _cancel(last, at)
    event = pipeline.record(locked, OFFERED, at=at, by=by, is_agreed=is_agreed)
    if is_agreed:
        return _begin(locked, starts_on=starts_on, key=f"trial:{event.pk}", at=at, by=by, **team)
    return _offer(locked, starts_on=starts_on, starts_until=starts_until, at=at, by=by, **team)


@transaction.atomic
def take_back(trial: Trial, *, reason: str, at: datetime, by: Actor) -> None:
    """The offer does not stand any more: its link ends, the candidate is told. The application stays at the trial.

    Args:
        reason: for colleagues; the candidate is not told.

    Raises:
        NotAllowed: no reason; they have said yes meanwhile, or declined.
    """
    trial = lock(trial)
    standing.require(trial, Act.TAKE_BACK, at=at)
    event = pipeline.record(trial.application, TAKEN_BACK, at=at, by=by, trial=trial.pk, reason=said(reason))
    _cancel(trial, at)
    telling.tell_candidate(trial, template="trials/offer_taken_back", event=event, at=at, signature=by.name)


@transaction.atomic
def accept(trial: Trial, *, starts_on: date, at: datetime, by: Actor) -> None:
    """The candidate says yes: the check-ins and the verdict are planned, everybody is told. It moves nothing.

    Args:
        starts_on: the first day that they choose, or the one that was offered.

    Raises:
        asks.NotOpen: answered before, or taken back.
        NotAllowed: not one of the days offered; see `day_obstacle`.
    """
    trial = lock(trial)
    _close(trial, at)
    if obstacle := day_obstacle(trial, starts_on, at=at):
        raise NotAllowed(obstacle)
    trial.starts_on, trial.starts_until, trial.agreed_at = starts_on, None, at
    event = pipeline.record(trial.application, AGREED, at=at, by=by, trial=trial.pk, starts_on=starts_on.isoformat())
    _plan(trial, key=f"trial:{event.pk}", at=at, by=by)


@transaction.atomic
def decline(trial: Trial, *, reason: str, at: datetime, by: Actor) -> None:
    """The candidate would rather not. It moves nothing: the recruiters are told and go on from there.

    Args:
        reason: in their words; need not be given.

    Raises:
        asks.NotOpen: answered before, or taken back.
    """
    trial = lock(trial)
    _close(trial, at)
    trial.declined_at, trial.decline_reason = at, reason.strip()[:LONGEST_REASON]
    trial.save(update_fields=["declined_at", "decline_reason"])
    told = {"trial": trial.pk, "reason": trial.decline_reason}
    event = pipeline.record(trial.application, DECLINED, at=at, by=by, **told)
    telling.tell_recruiters(trial, template="trials/offer_declined", event=event, at=at, reason=trial.decline_reason)


def obstacles(
    application: Application,
    *,
    starts_on: date,
    leader: User,
    buddy_email: str,
    starts_until: date | None = None,
    is_offered: bool = False,
    at: datetime,
    **_names: str,
) -> dict[str, str]:
    """Why such a trial cannot begin, in words, by the name of what is wrong; empty when it can.

    Args:
        is_offered: whether the candidate is still to say yes, so that it cannot have begun.
    """
    today = schedule.local_day(at, application.job.zone)
    found = {}
    if starts_on > today + FARTHEST_START:
        found["starts_on"] = _("This is more than a year away.")
    elif is_offered and starts_on < today:
        found["starts_on"] = _("This day is over. Offer one that lies ahead, or say that they agreed already.")
    elif today - starts_on > timedelta(days=application.plan.trial_days):
        found["starts_on"] = _("Such a trial would be over already.")
    if starts_until and starts_until < starts_on:
        found["starts_until"] = _("This lies before the first day.")
    elif starts_until and starts_until > today + FARTHEST_START:
        found["starts_until"] = _("This is more than a year away.")
    return found | team_obstacles(application, leader=leader, buddy_email=buddy_email)


def team_obstacles(application: Application, *, leader: User, buddy_email: str) -> dict[str, str]:
    """Why these two cannot lead and help, by the name of what is wrong."""
    buddy, candidate = buddy_email.lower(), application.candidate.email.lower()
    found = {}
    if leader not in leaders():
        found["leader"] = _("Only an active colleague with an e-mail address can lead a trial.")
    elif leader.email.lower() == candidate:
        found["leader"] = _("Nobody can lead their own trial.")
    if buddy == candidate:
        found["buddy_email"] = _("Nobody can be their own buddy.")
    elif buddy == leader.email.lower():
        found["buddy_email"] = _("The buddy must be somebody else than the leader.")
    return found


def day_obstacle(trial: Trial, starts_on: date, *, at: datetime) -> str:
    """Why a candidate cannot begin on this day, in words for them; empty when they can."""
    first, last = first_days(trial, at=at)
    if first > last:
        return _("The days that we offered are over. Please reply to our mail, and we find another one together.")
    if not first <= starts_on <= last:
        words = [schedule.in_words(day, telling.spoken()) for day in (first, last)]
        return _("Choose a day from %(first)s to %(last)s.") % {"first": words[0], "last": words[1]}
    return ""


def first_days(trial: Trial, *, at: datetime) -> tuple[date, date]:
    """The earliest and the latest day on which an offered trial can still begin; reversed when all are over."""
    today = schedule.local_day(at, trial.application.job.zone)
    return max(trial.starts_on, today), trial.starts_until or trial.starts_on


def leaders() -> QuerySet[User]:
    """Who may lead a trial."""
    return User.objects.filter(is_active=True, is_staff=True).exclude(email="")


def current(application: Application) -> Trial | None:
    """The trial that counts, as it is now."""
    related = ("leader", "offer_ask", "verdict_ask")
    trial: Trial | None = application.trials.current().select_related(*related).first()
    if trial:
        trial.application = application
    return trial


def lock(trial: Trial) -> Trial:
    """Lock the application, and return the trial as it is now."""
    application = pipeline.lock(trial.application)
    fresh = Trial.objects.select_related("leader", "offer_ask", "verdict_ask").get(pk=trial.pk)
    fresh.application = application
    return fresh


def said(reason: str) -> str:
    """The reason, which must be given.

    Raises:
        NotAllowed: there is none.
    """
    if not reason.strip():
        raise NotAllowed(_("Say why; your colleagues read it on the timeline."))
    return reason.strip()[:LONGEST_REASON]


def _refuse(application: Application, **proposed: Any) -> None:
    for obstacle in obstacles(application, **proposed).values():
        raise NotAllowed(obstacle)


def _make(application: Application, *, starts_on: date, at: datetime, **fields: Any) -> Trial:
    application.trials.current().update(replaced_at=at)
    ends_on = starts_on + timedelta(days=application.plan.trial_days)
    return Trial(
        application=application,
        starts_on=starts_on,
        ends_on=ends_on,
        terms=conditions.kept(application.plan),
        **fields,
    )


def _offer(application: Application, *, at: datetime, by: Actor, **fields: Any) -> Trial:
    trial = _make(application, at=at, **fields)
    trial.offer_ask = requests.ask_for_answer(trial, at=at, by=by)
    trial.save(force_insert=True)
    return trial


def _begin(application: Application, *, key: str, at: datetime, by: Actor, **fields: Any) -> Trial:
    trial = _make(application, at=at, agreed_at=at, **fields)
    trial.save(force_insert=True)
    _plan(trial, key=key, at=at, by=by)
    return trial


def _plan(trial: Trial, *, key: str, at: datetime, by: Actor) -> None:
    """What follows from a yes: days, verdict, check-ins, mails."""
    application = trial.application
    trial.ends_on = trial.starts_on + timedelta(days=application.plan.trial_days)
    trial.verdict_ask = verdicts.ask_for_verdict(
        application, leader=trial.leader, starts_on=trial.starts_on, ends_on=trial.ends_on, at=at
    )
    trial.save(update_fields=["starts_on", "starts_until", "ends_on", "agreed_at", "verdict_ask"])
    check_ins.plan(trial, at=at)
    requests.welcome(trial, key=key, at=at)
    telling.tell_team(trial, template="trials/welcome_team", key=key, at=at, by=by)


def _close(trial: Trial, at: datetime) -> None:
    """Take the answer to an offer, once."""
    if trial.replaced_at or trial.offer_ask is None:
        raise asks.NotOpen
    asks.close(trial.offer_ask, at=at)


def _cancel(trial: Trial, at: datetime) -> None:
    if trial.offer_ask:
        asks.cancel(trial.offer_ask, at=at)
