"""Whom a trial asks for what: check-ins of three people, the leader's verdict, the candidate's welcome."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.judging import actions as judging
from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.post import asks, mail
from candidates.post.models import Ask
from candidates.staff.models import User
from trials import schedule
from trials.models import CheckIn, CheckInCard, Trial

TITLES: dict[str, str | Promise] = {
    Ask.Role.CANDIDATE: gettext_lazy("Check-in %(number)d: how is your trial going?"),
    Ask.Role.BUDDY: gettext_lazy("Check-in %(number)d: how is %(name)s doing?"),
    Ask.Role.MANAGER: gettext_lazy("Check-in %(number)d: how is %(name)s doing?"),
}


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
        data={"ends_on": _in_words(ends_on, leader.language)},
    )


def ask_for_check_ins(trial: Trial, *, after: date, at: datetime) -> None:
    """Plan the check-ins after the day `after` up to the end, and ask the three people for each."""
    application = trial.application
    days = schedule.check_in_days(after, trial.ends_on, every=application.plan.check_in_days)
    worth = schedule.worth_asking(days, schedule.local_day(at, application.job.zone))
    last = trial.check_ins.last()
    for number, day in enumerate(days, start=last.number + 1 if last else 1):
        if day in worth:
            _ask_three(trial.check_ins.create(number=number, due_on=day), trial, at)


def welcome(trial: Trial, *, key: str, at: datetime) -> None:
    """Mail the candidate when the trial begins and who is there for them."""
    application = trial.application
    language = application.candidate.language
    data = {
        "starts_on": _in_words(trial.starts_on, language),
        "ends_on": _in_words(trial.ends_on, language),
        "leader": str(trial.leader),
        "buddy": trial.buddy_name,
        "every": application.plan.check_in_days,
        "signature": str(trial.leader),
    }
    mail.queue(application, "trials/welcome", key=key, at=at, data=data)


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


def _in_words(day: date, language: str) -> str:
    with translation.override(language):
        return formats.date_format(day, "D j M Y")
