"""When somebody cannot: an interviewer hands back, somebody stands in, an interview does not take place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.models import Ask, Stage
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from interviews import actions
from interviews.models import Interview, Panelist
from interviews.scheduling import booking, panel, telling
from interviews.scheduling.panel import Invited

HANDED_BACK, REPLACED, MISSED = "interviews.handed_back", "interviews.replaced", "interviews.missed"
LONGEST_REASON = 300


@transaction.atomic
def hand_back(panelist: Panelist, *, reason: str, at: datetime, by: Actor) -> None:
    """One interviewer cannot, or is not the right person: their card is not wanted any more, their calendar is freed.

    The recruiters are told when the interviewer says so themself. The others are not disturbed.

    Raises:
        asks.NotOpen: they have locked their scorecard, or were released before.
    """
    current = _lock(panelist)
    _release(current, reason=reason.strip()[:LONGEST_REASON], at=at)
    application = current.interview.application
    told = {"interview": current.interview.pk, "who": current.name, "reason": current.released_because}
    event = pipeline.record(application, HANDED_BACK, at=at, by=by, **told)
    if by.kind == ActorKind.OUTSIDER or by.user == current.scorecard.rater:
        _tell_recruiters(
            current.interview, template="interviews/handed_back", key=f"interviews:{event.pk}", at=at, told=told
        )
    actions.settle(application, at=at, by=by)


@transaction.atomic
def replace(panelist: Panelist, invited: Invited, *, at: datetime, by: Actor) -> Panelist:
    """Somebody else interviews in the place of `panelist`, at the same time; nobody else is disturbed.

    Raises:
        NotAllowed: it has begun or was called off, somebody stands in already, or that person cannot judge.
        booking.Taken: they have another interview then.
    """
    current = _lock(panelist)
    interview = current.interview
    _require_to_come(interview, at)
    if Panelist.objects.filter(replaces=current).exists():
        raise NotAllowed(_("A colleague was quicker: somebody stands in for %s already.") % current.name)
    if interview.panelists.standing().filter(email__iexact=invited.email).exists():
        raise NotAllowed(_("%s interviews here already.") % invited.email)
    panel.check_person(interview.application, invited)
    if interview.starts_at is None:
        panel.check_bookable([invited], at=at)
    if current.released_at is None:
        _release(current, reason="", at=at)
    new = panel.add(interview, invited, at=at, replaces=current)
    if interview.starts_at:
        booking.join(new)
        _count_up(interview)
        telling.tell_panelist(new, at=at)
    told = {"interview": interview.pk, "who": current.name, "by_whom": new.name}
    pipeline.record(interview.application, REPLACED, at=at, by=by, **told)
    return new


@transaction.atomic
def miss(interview: Interview, *, who: str, at: datetime, by: Actor) -> None:
    """It did not take place, because the candidate or we did not come: nobody owes a scorecard of it.

    Args:
        who: one of `Interview.Missed`.

    Raises:
        NotAllowed: it has not begun, was called off, said before, or somebody has judged it by now.
    """
    current = actions.lock(interview)
    if who not in Interview.Missed.values:
        raise NotAllowed(_("Say who did not come."))
    if current.cancelled_at or current.missed:
        raise NotAllowed(_("It was said before that this interview did not take place."))
    if current.starts_at is None or current.starts_at > at:
        raise NotAllowed(_("This interview has not begun yet. Change its time, or call it off."))
    if current.panelists.filter(scorecard__locked_at__isnull=False).exists():
        raise NotAllowed(_("Somebody has locked a scorecard of this interview, so it took place."))
    actions.end_asks(current, at=at)
    current.missed, current.missed_at, current.remind_at = who, at, None
    current.save(update_fields=["missed", "missed_at", "remind_at"])
    told = {"interview": current.pk, "missed": who}
    event = pipeline.record(current.application, MISSED, at=at, by=by, **told)
    if by.user is None:
        _tell_recruiters(
            current, template="interviews/missed", key=f"interviews:{event.pk}", at=at, told=told | {"who": by.name}
        )
    actions.settle(current.application, at=at, by=by)


def short_of(interview: Interview) -> int:
    """How many interviewers the panel lacks."""
    application, round = interview.application, interview.round
    needed = round.raters if round else application.plan.interviewers
    if round and round.kind == round.Kind.SEPARATE:
        needed = 1
    return max(0, needed - interview.panelists.standing().count())


def _lock(panelist: Panelist) -> Panelist:
    """Lock the application, and return the panelist as they are now."""
    interview = actions.lock(panelist.interview)
    current = Panelist.objects.select_related("scorecard__ask", "scorecard__wording").get(pk=panelist.pk)
    current.interview = interview
    return current


def _release(panelist: Panelist, *, reason: str, at: datetime) -> None:
    """
    Raises:
        asks.NotOpen: they have locked their scorecard, or were released before.
    """
    interview = panelist.interview
    if panelist.released_at or not asks.cancel(panelist.scorecard.ask, at=at):
        raise asks.NotOpen
    if interview.starts_at and interview.starts_at > at:
        _count_up(interview)
        telling.tell_released(panelist, at=at, because="released")
    panelist.released_at, panelist.released_because = at, reason
    panelist.starts_at = panelist.ends_at = None
    panelist.save(update_fields=["released_at", "released_because", "starts_at", "ends_at"])


def _count_up(interview: Interview) -> None:
    """Whoever comes back after a cancellation needs a higher number; the others learn it with the next change."""
    interview.sequence += 1
    interview.save(update_fields=["sequence"])


def _require_to_come(interview: Interview, at: datetime) -> None:
    if interview.cancelled_at:
        raise NotAllowed(_("This interview was called off."))
    if interview.missed or (interview.starts_at and interview.starts_at <= at):
        raise NotAllowed(_("This interview has begun; nobody can stand in any more."))
    if interview.application.stage != Stage.INTERVIEWS:
        raise NotAllowed(_("The application does not stand at interviews any more."))


def _tell_recruiters(interview: Interview, *, template: str, key: str, at: datetime, told: dict[str, object]) -> None:
    data = telling.when_and_where(interview) | told
    for recruiter in interview.application.job.recruiters.filter(is_active=True).exclude(email=""):
        mail.queue_to_colleague(
            interview.application, template, recruiter, key=f"{key}:{recruiter.pk}", at=at, data=data
        )


def panelist_of(asked: Ask) -> Panelist:
    """Who was asked for this scorecard, with the interview."""
    related = ("interview__application__candidate", "interview__application__job", "scorecard__ask")
    return Panelist.objects.select_related(*related).get(scorecard__ask=asked)
