"""The leader is asked to decide."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from candidates.people.models import Application
from candidates.post import asks
from candidates.post.models import Ask
from candidates.staff.models import User
from trials.planning import terms
from trials.planning.schedule import ONE_DAY
from trials.verdicts import times
from trials.verdicts.times import Times


def ask_for_verdict(application: Application, *, leader: User, starts_on: date, ends_on: date, at: datetime) -> Ask:
    """Ask the leader to decide, as many days before the end as the plan says; remind them as it nears."""
    when = times_of(application, starts_on=starts_on, ends_on=ends_on, at=at)
    with override(settings.LANGUAGE_CODE):  # a candidate says yes on a page in their own; `spoken_title` translates
        title = _("Decide on the trial of %s") % application.candidate.name
    return asks.ask(
        application,
        page="trials:verdict",
        template="trials/verdict",
        title=title,
        role=Ask.Role.MANAGER,
        name=str(leader),
        email=leader.email,
        user=leader,
        at=at,
        opens_at=when.opens_at,
        due_at=when.due_at,
        reminders=when.reminders,
    )


def move_verdict(asked: Ask, application: Application, *, starts_on: date, ends_on: date, at: datetime) -> None:
    """Let an open request for the verdict follow days that have moved; it is not asked for a second time.

    Args:
        asked: the trial's request; one that has ended stays as it is.
        starts_on, ends_on: the days from now on, of the trial or of its extension.
    """
    when = times_of(application, starts_on=starts_on, ends_on=ends_on, at=at)
    opens_at = min(when.opens_at, asked.opens_at) if asked.opens_at <= at else when.opens_at
    asks.move(asked, opens_at=opens_at, due_at=when.due_at, notice=ONE_DAY, reminders=when.reminders)


def times_of(application: Application, *, starts_on: date, ends_on: date, at: datetime) -> Times:
    """When the verdict on these days is asked for, under the plan of `application`."""
    days = terms.of(application.plan).verdict_days
    return times.of(starts_on, ends_on, days=days, zone=application.job.zone, at=at)
