"""Asking people to grade written work without knowing whose it is, taking their gradings, and asking a third who
does not know that two differed.

What reaches a grader names the code name and the exercise, never the candidate. What reaches a recruiter about a
missing grader does not say why one is missing: that two differ is a judgement, too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.models import Application, Ask, Scorecard, Stage, User
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.post.reminding.schedule import Within
from interviews import completion
from interviews.availability.models import Interviewer
from interviews.exercises.grading.acquaintance import has_met
from interviews.exercises.grading.standing import first_ones, is_missing_one, needs_third
from interviews.exercises.models import Grading, Submission

PAGE = "interviews:grade"
LONGEST_REASON = 300
SHUFFLES = 2**31


def ask_graders(submission: Submission, *, at: datetime) -> list[Grading]:
    """Ask the first graders of work that was handed in. Call inside the verb that takes it, application locked.

    Whoever has met the candidate since they were named is passed over. Where fewer are left than the round asks for,
    the recruiters are told.
    """
    asked = [_ask_next(submission, at=at) for _number in range(submission.raters)]
    return [grading for grading in asked if grading]


@transaction.atomic
def grade(card: Scorecard, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Lock a grading; when the first graders are in and differ, somebody else is asked as well.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    judging.lock(card, answers, at=at, by=by)
    submission = Submission.objects.get(gradings__scorecard=card)
    if needs_third(submission):
        _ask_next(submission, at=at, is_third=True)
    _settle(submission, card.application, at=at, by=by)


@transaction.atomic
def recuse(grading: Grading, *, reason: str, at: datetime, by: Actor) -> None:
    """A grader recognises whose work it is: they grade it no more, and the next one is asked.

    Args:
        reason: in their words, for the recruiters; may be empty.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    application = pipeline.lock(grading.submission.application)
    if not asks.cancel(grading.scorecard.ask, at=at):
        raise asks.NotOpen
    grading.recused_at = at
    grading.save(update_fields=["recused_at"])
    told = reason.strip()[:LONGEST_REASON]
    pipeline.record(application, "grading.recused", at=at, by=by, reason=told)
    _ask_next(grading.submission, at=at, is_third=grading.is_third)
    _settle(grading.submission, application, at=at, by=by)


@transaction.atomic
def name_grader(submission: Submission, *, name: str, email: str, at: datetime, by: Actor) -> None:
    """Add a grader to those named: they are asked at once where one is missing, else they stand by.

    Raises:
        NotAllowed: they stand there already, know the candidate, or the work is no longer looked at.
    """
    application = pipeline.lock(submission.application)
    submission.refresh_from_db(fields=["graders", "posted_at"])
    _require_gradable(submission, application)
    _require_stranger(submission, email)
    submission.graders = [*submission.graders, {"name": name, "email": email}]
    submission.save(update_fields=["graders"])
    pipeline.record(application, "grading.named", at=at, by=by, who=name)
    if submission.posted_at is None:
        return
    if missing_first := len(first_ones(submission)) < submission.raters:
        _ask_next(submission, at=at)
    if not missing_first and needs_third(submission):
        _ask_next(submission, at=at, is_third=True)


def next_for(asked: Ask, *, at: datetime) -> Ask | None:
    """The grading that whoever was asked `asked` does next: of those they owe, in an order that nothing else has."""
    mine = Ask.objects.begun(at).filter(page=PAGE, email__iexact=asked.email, user=asked.user, expires_at__gt=at)
    return mine.exclude(pk=asked.pk).order_by("scorecard__grading__shuffle", "pk").first()


def colleague(email: str) -> User | None:
    """The account with this address; None when it is nobody's, or not only one's."""
    found = list(User.objects.filter(is_active=True, is_staff=True, email__iexact=email)[:2])
    return found[0] if len(found) == 1 else None


def _settle(submission: Submission, application: Application, *, at: datetime, by: Actor) -> None:
    """The stage may be complete; not while this work still lacks a grader whom the recruiters were asked to name."""
    if not is_missing_one(submission):
        completion.settle(application, at=at, by=by)


def _require_gradable(submission: Submission, application: Application) -> None:
    if application.stage != Stage.INTERVIEWS or submission.ask.cancelled_at:
        raise NotAllowed(_("This work is no longer graded."))


def _require_stranger(submission: Submission, email: str) -> None:
    if email.casefold() in {str(one["email"]).casefold() for one in submission.graders}:
        raise NotAllowed(_("%s is among the graders already.") % email)
    if has_met(submission.application, email):
        raise NotAllowed(_("%s knows the candidate. Written work is graded by people who do not.") % email)


def _ask_next(submission: Submission, *, at: datetime, is_third: bool = False) -> Grading | None:
    """Ask the next of the named graders who may; tell the recruiters when nobody is left."""
    grader = next(_who_may(submission), None)
    if grader is None:
        _tell_missing(submission, at=at)
        return None
    return _ask(submission, grader["name"], grader["email"], at=at, is_third=is_third)


def _who_may(submission: Submission) -> Iterator[dict[str, str]]:
    """The named graders who were not asked yet and do not know the candidate, in their order."""
    asked = {email.casefold() for email in submission.gradings.values_list("email", flat=True)}
    for one in submission.graders:
        if one["email"].casefold() not in asked and not has_met(submission.application, one["email"]):
            yield one


def _ask(submission: Submission, name: str, email: str, *, at: datetime, is_third: bool) -> Grading:
    application, reader = submission.application, _reader(email)
    plan = application.plan
    card = judging.request_scorecard(
        application,
        Scorecard.Kind.EXERCISE,
        words=submission.wording.content,
        page=PAGE,
        template="interviews/grade",
        title=_title(submission, reader["language"]),
        role=Ask.Role.INTERVIEWER,
        name=name,
        email=email,
        within=Within(plan.time_for(Stage.INTERVIEWS), patience=timedelta(hours=plan.card_reminder_hours)),
        at=at,
        data=_told(submission),
        **reader,
    )
    shuffle = secrets.randbelow(SHUFFLES)
    return Grading.objects.create(
        submission=submission, scorecard=card, name=name, email=email, shuffle=shuffle, is_third=is_third, asked_at=at
    )


def _reader(email: str) -> dict[str, Any]:
    """Whose account it is, and which zone and language they read in: as interviewers said, else as the account says."""
    user, known = colleague(email), Interviewer.objects.filter(email__iexact=email).first()
    own = known or user
    return {
        "user": user,
        "zone": own.zone if own else "",
        "language": own.language if own else settings.LANGUAGE_CODE,
    }


def _title(submission: Submission, language: str) -> str:
    """What is asked, in the grader's language: the one of now may be the candidate's, who hands the work in."""
    with translation.override(language):
        return _("Grade %(exercise)s by %(code)s") % {"exercise": _exercise(submission), "code": submission.code_name}


def _told(submission: Submission) -> dict[str, Any]:
    return {"work": submission.code_name, "exercise": _exercise(submission)}


def _exercise(submission: Submission) -> str:
    """What the exercise was called when the work was sent out."""
    return str(submission.wording.content["exercise"]["title"])


def _tell_missing(submission: Submission, *, at: datetime) -> None:
    """Tell the job's recruiters that a grader is missing, except those who grade this application themselves."""
    application = submission.application
    blind = Ask.objects.open().filter(application=application, page=PAGE).values_list("email", flat=True)
    graders = {email.casefold() for email in blind}
    asked = submission.gradings.count()
    for recruiter in application.job.recruiters.filter(is_active=True).exclude(email=""):
        if recruiter.email.casefold() not in graders:
            key = f"grader-missing:{submission.pk}:{asked}:{len(submission.graders)}:{recruiter.pk}"
            mail.queue_to_colleague(
                application,
                "interviews/grader_missing",
                recruiter,
                key=key,
                at=at,
                data={"exercise": _exercise(submission)},
            )
