"""Who knows whose work it is, and who is not to get to know them yet.

A good talk raises the marks for the same written work (Malouff et al. 2013, 2014), so nobody grades whom they have
met, and nobody meets whom they still have to grade.
"""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from candidates.models import Application, Ask, Candidate, Event, Scorecard
from interviews.exercises.models import Grading, Submission
from interviews.scheduling.models import Panelist

TOLD_APART = (Scorecard.Kind.INTERVIEW, Scorecard.Kind.EXERCISE)  # by their own rows
JUDGED = "scorecard."  # events of a judgement: a blind reader's, too


def has_met(application: Application, email: str) -> bool:
    """Whether whoever reads mail at `email` knows the candidate of `application`, from this application or another.

    They do who are on the panel of an interview (handed back or replaced before it began, or missed: no), who called,
    read the letter with its name, saw them at work in a trial or vouch for them, who recognised them in other work,
    and who worked on the application in the desk. Blind readers and graders do not.
    """
    person = application.candidate
    ways = (_sat_with, _judged, _recognised, _worked_on)
    return person.email.casefold() == email.casefold() or any(way(person, email).exists() for way in ways)


def grades_for(application: Application, email: str) -> bool:
    """Whether whoever reads mail at `email` has yet to grade written work of `application`.

    From the moment the work is sent out, for those who grade at first; whoever has locked their grading is free.
    """
    if Ask.objects.open().filter(scorecard__grading__in=_gradings(application, email)).exists():
        return True
    under_way = Submission.objects.filter(application=application, posted_at=None, ask__cancelled_at=None)
    return any(email.casefold() in _first(submission) for submission in under_way)


def _first(submission: Submission) -> set[str]:
    return {str(one["email"]).casefold() for one in submission.graders[: submission.raters]}


def _gradings(application: Application, email: str) -> QuerySet[Grading]:
    return Grading.objects.filter(submission__application=application, email__iexact=email)


def _sat_with(person: Candidate, email: str) -> QuerySet[Panelist]:
    """Panelists of interviews with `person`, held or to come."""
    begins = F("interview__starts_at")
    stood = Q(interview__cancelled_at=None) | Q(interview__cancelled_at__gte=begins)
    stayed = Q(released_at=None) | Q(released_at__gte=begins)
    mine = Panelist.objects.filter(interview__application__candidate=person, email__iexact=email)
    return mine.filter(stood, stayed, interview__missed="")


def _judged(person: Candidate, email: str) -> QuerySet[Scorecard]:
    """Judgements given or asked for under the candidate's name."""
    mine = Scorecard.objects.filter(application__candidate=person, ask__email__iexact=email, ask__cancelled_at=None)
    blind = Q(kind=Scorecard.Kind.LETTER, application__plan__hides_identity=True)
    return mine.exclude(kind__in=TOLD_APART).exclude(blind)


def _recognised(person: Candidate, email: str) -> QuerySet[Grading]:
    mine = Grading.objects.filter(submission__application__candidate=person, email__iexact=email)
    return mine.exclude(recused_at=None)


def _worked_on(person: Candidate, email: str) -> QuerySet[Event]:
    """What a colleague did with an application of `person`: its page names them."""
    mine = Event.objects.filter(application__candidate=person, by__email__iexact=email)
    return mine.exclude(name__startswith=JUDGED)
