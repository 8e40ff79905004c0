"""What the candidate is asked and told when a trial is offered and when it begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from candidates.people.actors import Actor
from candidates.post import asks, mail
from candidates.post.models import Ask
from candidates.post.reminding.schedule import Within
from candidates.stages import Stage
from trials.offering import conditions
from trials.offering.models import Trial
from trials.planning import schedule


def ask_for_answer(trial: Trial, *, at: datetime, by: Actor) -> Ask:
    """Ask the candidate whether they take the trial; the recruiters are told when no answer came in time."""
    application = trial.application
    due_at = answer_by(trial, at=at)
    return asks.ask_candidate(
        application,
        page="trials:offer",
        template="trials/offer",
        title=_("Answer our offer of a trial"),
        at=at,
        due_at=due_at,
        within=Within(application.plan.time_for(Stage.TRIAL), patience=timedelta(0)),
        data=_offered(trial) | {"signature": by.name},
    )


def answer_by(trial: Trial, *, at: datetime) -> datetime:
    """So many days as the plan gives, but before the last of the days offered; a day at least."""
    application = trial.application
    latest = schedule.local(trial.starts_until or trial.starts_on, schedule.MORNING, application.job.zone)
    return max(min(at + conditions.answer_time(application.plan), latest), at + schedule.ONE_DAY)


def welcome(trial: Trial, *, key: str, at: datetime) -> None:
    """Mail the candidate when the trial begins and who is there for them."""
    days = trial.check_ins.filter(called_off_at=None).values_list("due_on", flat=True)
    data = _told(trial) | {"check_ins": _in_words(trial, list(days)), "signature": str(trial.leader)}
    mail.queue(trial.application, "trials/welcome", key=key, at=at, data=data)


def _offered(trial: Trial) -> dict[str, Any]:
    application = trial.application
    until = trial.starts_until
    language = application.candidate.language
    days = (trial.ends_on - trial.starts_on).days
    with override(language):
        length = conditions.length(days)
    return _told(trial) | {"length": length, "starts_until": schedule.in_words(until, language) if until else ""}


def _told(trial: Trial) -> dict[str, Any]:
    """Days, people and conditions in the candidate's language."""
    language = trial.application.candidate.language
    with override(language):
        return {
            "starts_on": schedule.in_words(trial.starts_on, language),
            "ends_on": schedule.in_words(trial.ends_on, language),
            "leader": str(trial.leader),
            "buddy": trial.buddy_name,
            "hours": conditions.hours(trial),
            "pay": conditions.pay(trial),
            "note": conditions.note(trial),
            "weeks": conditions.in_lines(conditions.weeks(trial.application.plan)),
        }


def _in_words(trial: Trial, days: list[date]) -> str:
    return "; ".join(schedule.in_words(day, trial.application.candidate.language) for day in days)
