"""Who interviews: whether they may, and what each of them is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.judging import actions as judging
from candidates.models import Application, Ask, Scorecard, Stage, User
from candidates.pipeline import NotAllowed
from candidates.post.reminding import calendars
from interviews.availability.free import without_hours
from interviews.exercises.grading.acquaintance import grades_for
from interviews.kits import wording
from interviews.models import Interview, Interviewer, Panelist, Round
from interviews.scheduling import deadlines


@dataclass(frozen=True)
class Invited:
    """Somebody who will interview; an account is not needed."""

    name: str
    email: str


def check_panel(application: Application, interviewers: Sequence[Invited], round: Round | None = None) -> None:
    """Whether these people can judge `application`.

    Raises:
        NotAllowed: too few for the round or plan, one address twice, the candidate among them, or somebody who still
            grades the candidate's written work without knowing whose it is.
    """
    needed = round.raters if round else application.plan.interviewers
    if len(interviewers) < needed:
        message = ngettext("Name at least %d interviewer.", "Name at least %d interviewers.", needed)
        raise NotAllowed(message % needed)
    emails = Counter(interviewer.email.casefold() for interviewer in interviewers)
    for email, times in emails.items():
        if times > 1:
            raise NotAllowed(_("%s stands there twice: every interviewer needs an address of their own.") % email)
    for interviewer in interviewers:
        check_person(application, interviewer)


def check_person(application: Application, interviewer: Invited) -> None:
    """Whether one more person can judge `application`.

    Raises:
        NotAllowed: the candidate themself, or somebody who still grades their work blind.
    """
    if application.candidate.email.casefold() == interviewer.email.casefold():
        raise NotAllowed(_("%s is the candidate's own address.") % application.candidate.email)
    if grades_for(application, interviewer.email):
        raise NotAllowed(
            _("%s still grades this candidate's written work without knowing whose it is; ask somebody else.")
            % interviewer.name
        )


def check_kit(round: Round | None) -> None:
    """Whether there is something to ask.

    Raises:
        NotAllowed: the round is done in writing, or its kit is empty.
    """
    if round and (round.kit is None or not round.kit.parts.exists()):
        raise NotAllowed(_("%s has no kit with questions. Fill the kit first.") % round.name)


def check_bookable(interviewers: Sequence[Invited], *, at: datetime) -> None:
    """Whether a candidate can choose a time with these people.

    Raises:
        NotAllowed: somebody has not said when they can interview.
    """
    silent = set(without_hours([one.email for one in interviewers], at=at))
    if names := [one.name for one in interviewers if one.email in silent]:
        raise NotAllowed(
            _("%s: not known when they can interview. Ask them for their hours, or fix a time.") % ", ".join(names)
        )


def add(interview: Interview, invited: Invited, *, at: datetime, replaces: Panelist | None = None) -> Panelist:
    """Ask one person for a scorecard of their own; their mail leaves by `telling`, once there is a time."""
    application, round, reader = interview.application, interview.round, _reader(invited)
    zone = reader.get("zone", application.job.zone)
    calendar = calendars.of_person(application, user=reader["user"], role=Ask.Role.INTERVIEWER, zone=zone)
    card = judging.request_scorecard(
        application,
        Scorecard.Kind.INTERVIEW,
        words=wording.of_kit(round.kit, application.plan) if round and round.kit else None,
        page="interviews:scorecard",
        template="interviews/scorecard",
        title=_("Interview with %s") % application.candidate.name,
        role=Ask.Role.INTERVIEWER,
        name=invited.name,
        email=invited.email,
        at=at,
        is_mailed=False,
        within=application.plan.time_for(Stage.INTERVIEWS),
        **reader,
        **deadlines.of_card(interview, calendar, at=at),
    )
    return Panelist.objects.create(
        interview=interview, scorecard=card, name=invited.name, email=invited.email, replaces=replaces
    )


def _reader(invited: Invited) -> dict[str, Any]:
    """Whose account it is, and which zone and language they read in: as they said, else as their account says."""
    colleague = _colleague(invited.email)
    known = Interviewer.objects.filter(email__iexact=invited.email).first()
    if known is None:
        return {"user": colleague}
    return {"user": colleague or known.user, "zone": known.zone, "language": known.language}


def _colleague(email: str) -> User | None:
    """The account with this address, for their time zone and to-do list; None when it is nobody's or not only one's."""
    found = list(User.objects.filter(is_active=True, is_staff=True, email__iexact=email)[:2])
    return found[0] if len(found) == 1 else None
