"""Looking back some weeks after a hire: lead and new colleague are each asked once, each on a page of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.models import Application, Ask, User
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from trials.afterwards.models import Pulse
from trials.models import Trial
from trials.planning import schedule, terms

ANSWER_DAYS = timedelta(days=14)
REMINDERS = (timedelta(days=7), timedelta(days=2))  # before the last day
CALLED_OFF = "pulse.called_off"


@dataclass(frozen=True)
class Said:
    """What somebody says looking back; only the lead says how it goes, from 1 to 5."""

    again: str
    words: str = ""
    performance: int | None = None


@transaction.atomic
def plan(trial: Trial, *, at: datetime) -> list[Pulse]:
    """Ask lead and new colleague to look back, as many days after the hire as the plan says. Call it with the hire.

    The mails wait until then by themselves. Where nobody leads any more, whoever hires for the job is asked.

    Args:
        trial: of somebody who is hired now.
        at: when they are.
    """
    application, leader = trial.application, _leader(trial)
    candidate = application.candidate
    lead = asks.ask(
        application,
        page="trials:pulse",
        template="trials/pulse",
        title=_("Look back: would you hire %s again?") % candidate.name,
        role=Ask.Role.MANAGER,
        name=str(leader),
        email=leader.email,
        user=leader,
        at=at,
        **_times(application, at),
    )
    colleague = asks.ask_candidate(
        application,
        page="trials:pulse",
        template="trials/pulse",
        title=_("Look back: would you join us again?"),
        at=at,
        **_times(application, at),
    )
    return [Pulse.objects.create(application=application, role=one.role, ask=one) for one in (lead, colleague)]


@transaction.atomic
def answer(pulse: Pulse, said: Said, *, at: datetime, by: Actor) -> None:
    """Keep the answer as it is, for good, and tell the recruiters that it is there, not what it says.

    Raises:
        NotOpen: answered before, or called off.
        NotAllowed: it does not say whether again.
    """
    if said.again not in Pulse.Answer.values:
        raise NotAllowed(_("Choose yes, no or not sure."))
    application = pipeline.lock(pulse.application)
    asks.close(pulse.ask, at=at)
    is_lead = pulse.role == Ask.Role.MANAGER
    pulse.again, pulse.words, pulse.answered_at = said.again, said.words.strip(), at
    pulse.performance = said.performance if is_lead else None
    pulse.save(update_fields=["again", "words", "performance", "answered_at"])
    pipeline.record(application, "pulse.answered", at=at, by=by, role=pulse.role)
    for recruiter in _readers(application, pulse):
        key, told = f"pulse:{pulse.pk}:{recruiter.pk}", {"who": pulse.ask.name, "is_lead": is_lead}
        mail.queue_to_colleague(application, "trials/pulse_answered", recruiter, key=key, at=at, data=told)


@transaction.atomic
def call_off(application: Application, *, reason: str, has_left: bool, at: datetime, by: Actor) -> None:
    """Ask nobody to look back any more; what was answered stays.

    Args:
        application: of somebody who was hired.
        reason: why not, for the timeline.
        has_left: whether they do not work here any more, which the reports want to know.
        at: now.
        by: a recruiter.

    Raises:
        NotAllowed: nobody is asked, or without a reason.
    """
    if not reason.strip():
        raise NotAllowed(_("Say in a few words why."))
    locked = pipeline.lock(application)
    open_ones = Ask.objects.open().filter(pulse__application=locked)
    if not [one for one in open_ones if asks.cancel(one, at=at)]:
        raise NotAllowed(_("Nobody is asked to look back any more."))
    pipeline.record(locked, CALLED_OFF, at=at, by=by, reason=reason.strip(), has_left=has_left)


def _times(application: Application, at: datetime) -> dict[str, Any]:
    zone, days = application.job.zone, timedelta(days=terms.of(application.plan).pulse_days)
    day = schedule.local_day(at, zone) + days
    due_at = schedule.local(day + ANSWER_DAYS, schedule.EVENING, zone)
    reminders = [*(due_at - before for before in REMINDERS), due_at]
    return {"opens_at": schedule.local(day, schedule.MORNING, zone), "due_at": due_at, "reminders": reminders}


def _leader(trial: Trial) -> User:
    leader, manager = trial.leader, trial.application.job.hiring_manager
    return leader if leader.is_active or not manager.is_active else manager


def _readers(application: Application, pulse: Pulse) -> list[User]:
    """The recruiters; what the colleague says is not for whoever leads them, also where the lead recruits."""
    recruiters = application.job.recruiters.filter(is_active=True).exclude(email="")
    if pulse.role == Ask.Role.CANDIDATE:
        led = Pulse.objects.filter(application=application, role=Ask.Role.MANAGER, ask__user__isnull=False)
        recruiters = recruiters.exclude(pk__in=led.values("ask__user"))
    return list(recruiters)
