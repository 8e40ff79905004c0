"""The candidate chooses when they come, changes it, says that they cannot, or that no time fits."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.models import Application, Ask, Candidate, Event, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.post.reminding import calendars, schedule
from interviews.actions import lock, settle_ask
from interviews.availability import choosing
from interviews.availability.free import free_times
from interviews.models import Interview
from interviews.scheduling import booking, telling
from interviews.scheduling.booking import Taken

CHOSEN, CANNOT_COME, NONE_FITS = "interviews.time_chosen", "interviews.cannot_come", "interviews.no_time_fits"
MOST_A_DAY = 3  # how often somebody may tell the recruiters that nothing fits
LONGEST_WORDS = 1000


class TooLate(NotAllowed):
    """The plan does not let the candidate change any more; a recruiter may."""


@transaction.atomic
def choose(asked: Ask, starts_at: datetime, *, at: datetime) -> Interview:
    """Take a free time for the interview, or change to it; everybody is told, and their calendars follow.

    The application is locked first, then everybody whose time it takes: so what is free is looked up when nobody else
    can take it, and buffers and the most a day hold as well. The database refuses what overlaps all the same.

    Args:
        asked: what the candidate was asked.
        starts_at: one of the times that the page showed.

    Raises:
        Taken: somebody was quicker, or it is no time that is offered (any more).
        TooLate: the plan does not let them change.
        asks.NotOpen: the interview was called off, or its request has ended.
    """
    interview = _locked(asked)
    if interview.starts_at == starts_at:
        return interview
    if reason := choosing.refusal(interview, at=at):
        raise TooLate(reason)
    _require_free(interview, starts_at, at)
    had_a_time = interview.starts_at is not None
    interview.changes += had_a_time
    interview.save(update_fields=["changes"])
    booking.agree(interview, starts_at, at=at)
    settle_ask(asked, until=starts_at)
    tell = telling.tell_changed if had_a_time else telling.tell_agreed
    tell(interview, at=at)
    _record(interview, CHOSEN, asked, at=at, starts_at=starts_at.isoformat())
    return interview


@transaction.atomic
def cannot_come(asked: Ask, words: str, *, at: datetime) -> Interview:
    """Give the time back: the interviewers are free again, the recruiters know, another time may be chosen.

    Always possible until the interview begins, because to know late is better than to wait in vain. It counts as a
    change; when the plan allows no more of them, the recruiters find the next time.

    Args:
        words: why, or when it would fit; may be empty.

    Raises:
        NotAllowed: it has begun, or no time was agreed.
        asks.NotOpen: the interview was called off, or its request has ended.
    """
    interview = _locked(asked)
    was = interview.starts_at
    if was is None or was <= at:
        raise NotAllowed(_("There is no time any more that you could give back."))
    is_late = bool(choosing.refusal(interview, at=at))
    telling.tell_cancelled(interview, at=at, by_candidate=True)
    booking.give_back(interview)
    interview.changes = max(interview.changes + 1, interview.application.plan.reschedules + 1 if is_late else 0)
    interview.remind_at = None
    interview.save(update_fields=["changes", "remind_at"])
    event = _record(interview, CANNOT_COME, asked, at=at, starts_at=was.isoformat(), words=words.strip())
    _tell_recruiters(event, interview, at=at)
    if choosing.refusal(interview, at=at):
        _wait_for_nobody(asked, at=at)
    else:
        _wait_again(asked, at=at)
    return interview


@transaction.atomic
def ask_for_other_times(asked: Ask, words: str, *, at: datetime) -> None:
    """None of the free times fits: the recruiters hear of it, and nobody waits for the candidate.

    Args:
        words: when it would fit, as the candidate wrote it; may be empty.

    Raises:
        NotAllowed: they were told a few times today.
        asks.NotOpen: the interview was called off, or its request has ended.
    """
    interview = _locked(asked)
    told = interview.application.events.filter(name=NONE_FITS, at__gt=at - timedelta(days=1))
    if told.count() >= MOST_A_DAY:
        raise NotAllowed(_("We have your messages of today and write to you. There is no need to send another one."))
    event = _record(interview, NONE_FITS, asked, at=at, words=words.strip())
    _tell_recruiters(event, interview, at=at)
    if interview.starts_at is None:
        _wait_for_nobody(asked, at=at)


@transaction.atomic
def show_in(asked: Ask, zone: str) -> None:
    """Show the candidate all times in `zone` from now on, on this page and in mails."""
    candidate = asked.application.candidate_id
    Candidate.objects.filter(pk=candidate).update(zone=zone)
    theirs = Ask.objects.open().filter(application__candidate=candidate, role=Ask.Role.CANDIDATE)
    theirs.update(zone=zone)


def _locked(asked: Ask) -> Interview:
    """The interview to choose a time for, with its application locked.

    Raises:
        asks.NotOpen: there is nothing to choose any more.
    """
    found = Interview.objects.filter(ask=asked).select_related("application").first()
    if found is None:
        raise asks.NotOpen
    current = lock(found)
    is_wanted = current.cancelled_at is None and not current.missed
    is_here = current.application.stage == Stage.INTERVIEWS and not current.application.duplicate_of_id
    if not (is_wanted and is_here and Ask.objects.open().filter(pk=asked.pk).exists()):
        raise asks.NotOpen
    return current


def _require_free(interview: Interview, starts_at: datetime, at: datetime) -> None:
    booking.queue_up([email for _name, email in choosing.panel_of(interview)], interview.application.candidate_id)
    if starts_at not in free_times(choosing.search_for(interview, at=at)):
        raise Taken(_("We are sorry: this time was taken a moment ago, or is past. Please choose another."))


def _record(interview: Interview, name: str, asked: Ask, *, at: datetime, **data: str) -> Event:
    by = Actor.candidate(asked.name)
    return pipeline.record(interview.application, name, at=at, by=by, interview=interview.pk, **data)


def _tell_recruiters(event: Event, interview: Interview, *, at: datetime) -> None:
    application: Application = interview.application
    told = {name: event.data.get(name, "") for name in ("starts_at", "words")}
    told["with"] = ", ".join(name for name, _email in choosing.panel_of(interview))
    for recruiter in application.job.recruiters.filter(is_active=True).exclude(email=""):
        key = f"no_time:{event.pk}:{recruiter.pk}"
        mail.queue_to_colleague(application, "interviews/no_time", recruiter, key=key, at=at, data=told)


def _wait_for_nobody(asked: Ask, *, at: datetime) -> None:
    """The recruiters have the next word; the link works on, in case that a time comes free that fits."""
    settle_ask(asked, until=at)


def _wait_again(asked: Ask, *, at: datetime) -> None:
    """The candidate is waited for once more, as at the beginning."""
    allowed = asked.application.plan.time_for(asked.application.stage)
    within = schedule.Within(allowed, share=0.5, patience=allowed.allowed / 2)
    times = schedule.of(within, calendars.of(asked), at=at)
    Ask.objects.open().filter(pk=asked.pk).update(opens_at=at, due_at=times.due_at)
    asked.opens_at = at
    asks.reschedule(asked, due_at=times.due_at, reminders=times.reminders, escalate_at=times.escalate_at)
