"""The leader is asked to decide."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from candidates.people.models import Application
from candidates.post import asks
from candidates.post.models import Ask
from candidates.staff.models import User
from trials.planning import schedule


def ask_for_verdict(application: Application, *, leader: User, starts_on: date, ends_on: date, at: datetime) -> Ask:
    """Ask the leader to decide, some days before the end."""
    window = schedule.verdict_window(starts_on, ends_on, application.job.zone, at)
    return asks.ask(
        application,
        page="trials:verdict",
        template="trials/verdict",
        title=_("Decide on the trial of %s") % application.candidate.name,
        role=Ask.Role.MANAGER,
        name=str(leader),
        email=leader.email,
        user=leader,
        at=at,
        opens_at=window.opens_at,
        due_at=window.due_at,
        data={"ends_on": schedule.in_words(ends_on, leader.language)},
    )
