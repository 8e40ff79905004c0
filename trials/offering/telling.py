"""Who is told when the days or the people of a trial change: candidate, buddy and leader, each in their language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from candidates.people.actors import Actor
from candidates.people.models import Application, Event
from candidates.post import language as languages
from candidates.post import mail
from candidates.post.models import Message
from candidates.staff.models import User
from trials.offering.models import Trial
from trials.planning import schedule


def tell_everybody(trial: Trial, *, template: str, event: Event, at: datetime, by: Actor, **data: Any) -> None:
    """Mail candidate, buddy and leader, each once per event; the leader not when they did it themselves."""
    tell_candidate(trial, template=template, event=event, at=at, signature=by.name, **data)
    tell_team(trial, template=template, key=f"trial:{event.pk}", at=at, by=by, **data)


def tell_candidate(trial: Trial, *, template: str, event: Event, at: datetime, **data: Any) -> None:
    """Mail the candidate; the link leads to their own page."""
    told = facts(trial, trial.application.candidate.language, at, data)
    mail.queue(trial.application, template, key=f"trial:{event.pk}:candidate", at=at, data=told)


def tell_team(trial: Trial, *, template: str, key: str, at: datetime, by: Actor, **data: Any) -> None:
    """Mail the buddy, and the leader unless they did it themselves."""
    data |= {"signature": by.name}
    tell_person(trial, trial.buddy_name, trial.buddy_email, template=template, key=f"{key}:buddy", at=at, **data)
    if by.user != trial.leader:
        tell_colleague(trial, trial.leader, template=template, key=f"{key}:leader", at=at, **data)


def tell_person(trial: Trial, name: str, email: str, *, template: str, key: str, at: datetime, **data: Any) -> None:
    """Mail somebody without an account, as a buddy is. There is no page that they could open, so there is no link."""
    job = trial.application.job
    zone, language = job.zone, languages.spoken(job.language)
    told = facts(trial, language, at, data) | {"reader": name, "url": ""}
    message = mail.queue_to(template, to=email, language=language, zone=zone, key=key, at=at, data=told)
    Message.objects.filter(pk=message.pk).update(application=trial.application)  # so that its timeline shows it


def tell_colleague(trial: Trial, colleague: User, *, template: str, key: str, at: datetime, **data: Any) -> None:
    """Mail a colleague, with a link to the application if they may see it; who has left is not written to."""
    if not colleague.is_active or not colleague.email:
        return
    application = trial.application
    told = facts(trial, colleague.language, at, data) | {"reader": str(colleague)}
    if not Application.objects.visible_to(colleague).filter(pk=application.pk).exists():
        told["url"] = ""
    mail.queue_to_colleague(application, template, colleague, key=key, at=at, data=told)


def tell_recruiters(trial: Trial, *, template: str, event: Event, at: datetime, **data: Any) -> None:
    """Mail the recruiters of the job."""
    for recruiter in trial.application.job.recruiters.filter(is_active=True).exclude(email=""):
        key = f"trial:{event.pk}:{recruiter.pk}"
        tell_colleague(trial, recruiter, template=template, key=key, at=at, **data)


def facts(trial: Trial, language: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The days of a trial, its people and what else is told; days in the words of the language."""
    today = schedule.local_day(at, trial.application.job.zone)
    to_come = trial.check_ins.filter(called_off_at=None, due_on__gte=today).order_by("due_on").first()
    told = {"starts_on": trial.starts_on, "ends_on": trial.ends_on, "next_check_in": to_come and to_come.due_on}
    told |= {"leader": str(trial.leader), "buddy": trial.buddy_name} | data
    return {name: schedule.in_words(one, language) if isinstance(one, date) else one for name, one in told.items()}


def spoken() -> str:
    """The language of whoever reads this now."""
    return get_language() or settings.LANGUAGE_CODE
