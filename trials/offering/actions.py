"""Beginning a trial."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.staff.models import User
from candidates.stages import Stage
from trials.check_ins import requests as check_ins
from trials.offering import requests
from trials.offering.models import Trial
from trials.planning import schedule
from trials.verdicts import requests as verdicts

FARTHEST_START = timedelta(days=365)


@transaction.atomic
def begin(
    application: Application,
    *,
    starts_on: date,
    leader: User,
    buddy_name: str,
    buddy_email: str,
    at: datetime,
    by: Actor,
) -> Trial:
    """Move to trial; plan the check-ins, the leader's verdict and the candidate's welcome.

    Args:
        application: as the caller saw it.
        starts_on: the first day; may lie back a little when the trial is entered late.
        leader: who leads and decides.
        buddy_name, buddy_email: who helps day by day; needs no account.
        at: now.
        by: who begins it.

    Raises:
        NotAllowed: see `obstacles`; or the application cannot go there from where it stands.
    """
    for obstacle in obstacles(application, starts_on=starts_on, leader=leader, buddy_email=buddy_email, at=at).values():
        raise NotAllowed(obstacle)
    event = pipeline.move(application, Stage.TRIAL, at=at, by=by)
    application.trials.current().update(replaced_at=at)
    ends_on = starts_on + timedelta(days=application.plan.trial_days)
    asked = verdicts.ask_for_verdict(application, leader=leader, starts_on=starts_on, ends_on=ends_on, at=at)
    trial = Trial.objects.create(
        application=application,
        starts_on=starts_on,
        ends_on=ends_on,
        leader=leader,
        buddy_name=buddy_name,
        buddy_email=buddy_email,
        verdict_ask=asked,
        agreed_at=at,
    )
    check_ins.ask_for_check_ins(trial, after=starts_on, at=at)
    requests.welcome(trial, key=f"move:{event.pk}", at=at)
    return trial


def obstacles(
    application: Application, *, starts_on: date, leader: User, buddy_email: str, at: datetime
) -> dict[str, str]:
    """Why such a trial cannot begin, in words, by the name of what is wrong; empty when it can."""
    today = schedule.local_day(at, application.job.zone)
    buddy, candidate = buddy_email.lower(), application.candidate.email.lower()
    found = {}
    if starts_on > today + FARTHEST_START:
        found["starts_on"] = _("This is more than a year away.")
    elif today - starts_on > timedelta(days=application.plan.trial_days):
        found["starts_on"] = _("Such a trial would be over already.")
    if leader not in leaders():
        found["leader"] = _("Only an active colleague with an e-mail address can lead a trial.")
    elif leader.email.lower() == candidate:
        found["leader"] = _("Nobody can lead their own trial.")
    if buddy == candidate:
        found["buddy_email"] = _("Nobody can be their own buddy.")
    elif buddy == leader.email.lower():
        found["buddy_email"] = _("The buddy must be somebody else than the leader.")
    return found


def leaders() -> QuerySet[User]:
    """Who may lead a trial."""
    return User.objects.filter(is_active=True, is_staff=True).exclude(email="")
