"""Interviews: invite a candidate and a panel, take each interviewer's scorecard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.models import Application, Ask, Scorecard, Stage, User
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import mail
from interviews import completion
from interviews.models import Interview, Panelist
from interviews.scheduling import booking


@dataclass(frozen=True)
class Invited:
    """Somebody who will interview; an account is not needed."""

    name: str
    email: str


@transaction.atomic
def invite(
    application: Application,
    *,
    interviewers: Sequence[Invited],
    starts_at: datetime,
    minutes: int,
    place: str,
    at: datetime,
    by: Actor,
) -> Interview:
    """Open the stage: the candidate is invited, every interviewer is asked for a scorecard of their own.

    Args:
        application: as the recruiter saw it.
        interviewers: at least as many as the plan asks for, each with an address of their own.
        starts_at, minutes: when it begins and how long it takes; the scorecards are due some days after its end.
        place: an address, or the link of a video call.

    Raises:
        NotAllowed: moved meanwhile, no such move, not in the future, or a panel that cannot judge.
    """
    check_panel(application, interviewers)
    pipeline.move(application, Stage.INTERVIEWS, at=at, by=by)
    interview = Interview.objects.create(
        application=application,
        minutes=minutes,
        zone=application.job.zone,
        place=place,
        created_at=at,
    )
    for interviewer in interviewers:
        _add_panelist(interview, interviewer, ends_at=starts_at + timedelta(minutes=minutes), at=at)
    booking.agree(interview, starts_at, at=at)
    _mail_candidate(interview, starts_at, at=at)
    return interview


@transaction.atomic
def submit_scorecard(card: Scorecard, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Lock an interviewer's scorecard; the last of the panel completes the stage.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    judging.lock(card, answers, at=at, by=by)
    completion.settle(card.application, at=at, by=by)


def check_panel(application: Application, interviewers: Sequence[Invited]) -> None:
    """Whether these people can judge `application`.

    Raises:
        NotAllowed: too few for the plan, one address twice, or the candidate among them.
    """
    needed = application.plan.interviewers
    if len(interviewers) < needed:
        message = ngettext("Name at least %d interviewer.", "Name at least %d interviewers.", needed)
        raise NotAllowed(message % needed)
    emails = [interviewer.email.casefold() for interviewer in interviewers]
    for email in emails:
        if emails.count(email) > 1:
            raise NotAllowed(_("%s stands there twice: every interviewer needs an address of their own.") % email)
    if application.candidate.email.casefold() in emails:
        raise NotAllowed(_("%s is the candidate's own address.") % application.candidate.email)


def _add_panelist(interview: Interview, interviewer: Invited, *, ends_at: datetime, at: datetime) -> None:
    application = interview.application
    time = application.plan.time_for(Stage.INTERVIEWS)
    card = judging.request_scorecard(
        application,
        Scorecard.Kind.INTERVIEW,
        page="interviews:scorecard",
        template="interviews/scorecard",
        title=_("Interview with %s") % application.candidate.name,
        role=Ask.Role.INTERVIEWER,
        name=interviewer.name,
        email=interviewer.email,
        user=_colleague(interviewer.email),
        due_at=ends_at + time.allowed,
        notice=time.notice,
        at=at,
    )
    Panelist.objects.create(
        interview=interview,
        scorecard=card,
        name=interviewer.name,
        email=interviewer.email,
    )


def _colleague(email: str) -> User | None:
    """The account with this address, for their time zone and to-do list; None when it is nobody's or not only one's."""
    found = list(User.objects.filter(is_active=True, is_staff=True, email__iexact=email)[:2])
    return found[0] if len(found) == 1 else None


def _mail_candidate(interview: Interview, starts_at: datetime, *, at: datetime) -> None:
    data = {
        "starts_at": starts_at.isoformat(),
        "minutes": interview.minutes,
        "place": interview.place,
    }
    key = f"interview:{interview.pk}:invitation"
    mail.queue(interview.application, "interviews/invitation", key=key, at=at, data=data)
