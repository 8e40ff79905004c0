"""Whom a check-in asks, and when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from candidates.judging import actions as judging
from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.post import asks
from candidates.post.models import Ask
from trials.check_ins.models import CheckIn, CheckInCard
from trials.offering.models import Trial
from trials.planning import schedule

TITLES: dict[str, str | Promise] = {
    Ask.Role.CANDIDATE: gettext_lazy("Check-in %(number)d: how is your trial going?"),
    Ask.Role.BUDDY: gettext_lazy("Check-in %(number)d: how is %(name)s doing?"),
    Ask.Role.MANAGER: gettext_lazy("Check-in %(number)d: how is %(name)s doing?"),
}


def ask_for_check_ins(trial: Trial, *, after: date, at: datetime) -> None:
    """Plan the check-ins after the day `after` up to the end, and ask the three people for each."""
    application = trial.application
    days = schedule.check_in_days(after, trial.ends_on, every=application.plan.check_in_days)
    worth = schedule.worth_asking(days, schedule.local_day(at, application.job.zone))
    last = trial.check_ins.last()
    for number, day in enumerate(days, start=last.number + 1 if last else 1):
        if day in worth:
            _ask_three(trial.check_ins.create(number=number, due_on=day), trial, at)


def cancel_check_ins_to_come(application: Application, *, at: datetime) -> None:
    """After the last word nobody is asked any more; who was asked already may still answer."""
    to_come = application.asks.open().filter(scorecard__kind=Scorecard.Kind.CHECK_IN, opens_at__gt=at)
    for asked in to_come:
        asks.cancel(asked, at=at)


def _ask_three(check_in: CheckIn, trial: Trial, at: datetime) -> None:
    application = trial.application
    window = schedule.check_in_window(check_in.due_on, application.job.zone, at)
    for role, person in _three(trial).items():
        card = judging.request_scorecard(
            application,
            Scorecard.Kind.CHECK_IN,
            page="trials:check_in",
            template="trials/check_in",
            title=TITLES[role] % {"number": check_in.number, "name": application.candidate.name},
            role=role,
            at=at,
            opens_at=window.opens_at,
            due_at=window.due_at,
            notice=schedule.ONE_DAY,
            data={"number": check_in.number},
            **person,
        )
        CheckInCard.objects.create(check_in=check_in, role=role, scorecard=card)


def _three(trial: Trial) -> dict[Ask.Role, dict[str, Any]]:
    candidate, leader = trial.application.candidate, trial.leader
    return {
        Ask.Role.CANDIDATE: {
            "name": candidate.name,
            "email": candidate.email,
            "zone": candidate.zone,
            "language": candidate.language,
        },
        Ask.Role.BUDDY: {"name": trial.buddy_name, "email": trial.buddy_email},
        Ask.Role.MANAGER: {"name": str(leader), "email": leader.email, "user": leader},
    }
