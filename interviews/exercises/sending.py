"""What a recruiter does with a written exercise: send it, grant extra time, take it back, send another case instead."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates import pipeline
from candidates.judging import wording
from candidates.models import Application, Ask, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.post.reminding.schedule import Within
from candidates.screening.masking import SIGNS
from interviews import completion
from interviews.actions import Invited
from interviews.exercises.actions import set_deadline
from interviews.exercises.grading.acquaintance import has_met
from interviews.exercises.models import MOST_EXTRA, Submission
from interviews.kits.models import Case, Exercise, Round
from interviews.kits.wording import of_exercise

SENT, EXTRA, CANCELLED = "exercise.sent", "exercise.extra_time", "exercise.cancelled"
GRADERS = 2  # where no round says how many
MOST_GRADERS = 10
TOLD_AFTER = timedelta(days=1)  # after the deadline, that nobody began
CODE = 6  # signs of a code name


@transaction.atomic
def send(
    application: Application,
    *,
    exercise: Exercise,
    graders: Sequence[Invited],
    at: datetime,
    by: Actor,
    round: Round | None = None,
    case: Case | None = None,
    extra_minutes: int = 0,
) -> Submission:
    """Send a written exercise to the candidate, with one case in the words of now; the link begins nothing by itself.

    Args:
        application: as the recruiter saw it, in the interviews.
        exercise: a written one.
        graders: who grades it blind, then who steps in for them, in this order.
        round: of the plan, which says how many grade at first; two without.
        case: one at random among those that this candidate has not had, when nothing is said.
        extra_minutes: more than everybody gets, for those who need it.

    Raises:
        NotAllowed: not in the interviews, sent already, no case left, or graders who cannot grade it.
        MovedMeanwhile: somebody moved the application.
    """
    locked = pipeline.lock(application)
    pipeline.require_unmoved(locked, application)
    _require_stage(locked)
    _require_new(locked, exercise, round)
    raters = round.raters if round else GRADERS
    check_graders(application, graders, raters=raters, by=by)
    _require_extra(extra_minutes)
    chosen = _checked(application, exercise, case) if case else choose_case(application, exercise)
    new = _create(application, exercise, chosen, round, graders, raters=raters, extra_minutes=extra_minutes, at=at)
    pipeline.record(application, SENT, at=at, by=by, exercise=exercise.name, minutes=exercise.minutes + extra_minutes)
    return new


@transaction.atomic
def grant_extra(submission: Submission, *, minutes: int, reason: str, at: datetime, by: Actor) -> None:
    """Give the candidate more time, before or while they work; they are told by mail and on the page.

    Where the time had just ended, what they typed since then counts as in time again.

    Raises:
        NotAllowed: without a reason, too many minutes or too few to go on, or not wanted any more.
    """
    application = _lock_open(submission)
    if not reason.strip():
        raise NotAllowed(_("Say why; the reason stays on the timeline."))
    _require_extra(submission.extra_minutes + minutes)
    submission.extra_minutes += minutes
    if minutes < 1 or (submission.ends_at and submission.ends_at <= at):
        raise NotAllowed(_("The time would be over nevertheless. Grant more minutes."))
    submission.save(update_fields=["extra_minutes"])
    _count_again(submission)
    set_deadline(submission)
    event = pipeline.record(application, EXTRA, at=at, by=by, minutes=minutes, reason=reason.strip())
    data = {"exercise": _title(submission), "more": minutes, "minutes": submission.minutes + submission.extra_minutes}
    key = f"exercise:{submission.pk}:extra:{event.pk}"
    mail.queue(application, "interviews/exercise_time", key=key, at=at, ask=submission.ask, data=data)


@transaction.atomic
def cancel(submission: Submission, *, at: datetime, by: Actor) -> None:
    """Take the exercise back; the candidate is told. What they wrote stays with us, and nobody grades it.

    Raises:
        NotAllowed: handed in meanwhile, or taken back before.
    """
    application = _lock_open(submission)
    asks.cancel(submission.ask, at=at)
    pipeline.record(application, CANCELLED, at=at, by=by, exercise=_title(submission))
    key = f"exercise:{submission.pk}:cancelled"
    mail.queue(application, "interviews/exercise_cancelled", key=key, at=at, data={"exercise": _title(submission)})
    completion.settle(application, at=at, by=by)


@transaction.atomic
def send_another(submission: Submission, *, at: datetime, by: Actor, case: Case | None = None) -> Submission:
    """Send the same exercise with another case instead, to be graded by the same people.

    Raises:
        NotAllowed: handed in meanwhile, taken back before, or no case left.
    """
    application = _lock_open(submission)
    asks.cancel(submission.ask, at=at)
    return send(
        application,
        exercise=submission.exercise,
        round=submission.round,
        case=case,
        graders=[Invited(one["name"], one["email"]) for one in submission.graders],
        extra_minutes=submission.extra_minutes,
        at=at,
        by=by,
    )


def choose_case(application: Application, exercise: Exercise) -> Case:
    """One at random that this person has not had, in this application or another.

    Raises:
        NotAllowed: there is none.
    """
    cases = exercise.cases.filter(is_retired=False)
    left = list(cases.exclude(pk__in=_cases_had(application)))
    if left:
        return secrets.choice(left)
    if cases.exists():
        raise NotAllowed(_("The candidate has had every case of this exercise. Write another one first."))
    raise NotAllowed(_("This exercise has no case yet. Write one first."))


def check_graders(application: Application, graders: Sequence[Invited], *, raters: int, by: Actor | None) -> None:
    """Whether these people can grade work of `application` without knowing whose it is.

    Raises:
        NotAllowed: too few or too many, one address twice, or somebody who knows the candidate.
    """
    if len(graders) < raters:
        raise NotAllowed(ngettext("Name at least %d grader.", "Name at least %d graders.", raters) % raters)
    if len(graders) > MOST_GRADERS:
        raise NotAllowed(_("Name at most %d graders.") % MOST_GRADERS)
    emails = [grader.email.casefold() for grader in graders]
    for grader in graders:
        if emails.count(grader.email.casefold()) > 1:
            raise NotAllowed(_("%s stands there twice: every grader needs an address of their own.") % grader.email)
        if by and by.user and by.user.email.casefold() == grader.email.casefold():
            raise NotAllowed(_("You know whose work it is, because you send it. Name somebody else."))
        if has_met(application, grader.email):
            raise NotAllowed(_("%s knows the candidate. Written work is graded by people who do not.") % grader.name)


def _require_stage(application: Application) -> None:
    if application.stage != Stage.INTERVIEWS or application.duplicate_of_id:
        raise NotAllowed(_("Written exercises are sent while the application stands at the interviews."))


def _require_new(application: Application, exercise: Exercise, round: Round | None) -> None:
    if not exercise.is_written:
        raise NotAllowed(_("“%s” is done in a conversation, not in writing.") % exercise)
    if round and (round.plan_id != application.plan_id or round.exercise_id != exercise.pk):
        raise NotAllowed(_("This round does not belong to the plan of this application."))
    if not exercise.rubric.exists():
        raise NotAllowed(_("“%s” has no rubric yet, so nobody could grade it. Write one first.") % exercise)
    under_way = Submission.objects.filter(application=application, exercise=exercise, ask__in=Ask.objects.open())
    if under_way.exists():
        raise NotAllowed(_("“%s” was sent already and is not handed in yet.") % exercise)


def _require_extra(minutes: int) -> None:
    if not 0 <= minutes <= MOST_EXTRA:
        raise NotAllowed(_("Grant at most %d extra minutes in all.") % MOST_EXTRA)


def _checked(application: Application, exercise: Exercise, case: Case) -> Case:
    if case.exercise_id != exercise.pk:
        raise NotAllowed(_("“%(case)s” is no case of “%(exercise)s”.") % {"case": case, "exercise": exercise})
    if case.pk in _cases_had(application):
        raise NotAllowed(_("The candidate has had the case “%s” before. Choose another.") % case)
    return case


def _cases_had(application: Application) -> set[int]:
    had = Submission.objects.filter(application__candidate=application.candidate_id)
    return set(had.values_list("case", flat=True))


def _create(
    application: Application,
    exercise: Exercise,
    case: Case,
    round: Round | None,
    graders: Sequence[Invited],
    *,
    raters: int,
    extra_minutes: int,
    at: datetime,
) -> Submission:
    return Submission.objects.create(
        application=application,
        round=round,
        ask=_ask(application, exercise, extra_minutes, at),
        exercise=exercise,
        case=case,
        wording=wording.keep(of_exercise(exercise, case)),
        code_name=_code_name(),
        minutes=exercise.minutes,
        extra_minutes=extra_minutes,
        graders=[{"name": grader.name, "email": grader.email} for grader in graders],
        raters=raters,
        created_at=at,
    )


def _ask(application: Application, exercise: Exercise, extra_minutes: int, at: datetime) -> Ask:
    return asks.ask_candidate(
        application,
        page="interviews:exercise",
        template="interviews/exercise",
        title=_("Written exercise"),
        within=Within(application.plan.time_for(Stage.INTERVIEWS), patience=TOLD_AFTER),
        at=at,
        data={"exercise": exercise.name, "minutes": exercise.minutes + extra_minutes},
    )


def _code_name() -> str:
    """A new one; drawn by lot, so that nothing about the person or the application can be read out of it."""
    while True:
        code = "".join(secrets.choice(SIGNS) for _sign in range(CODE))
        if not Submission.objects.filter(code_name=code).exists():
            return code


def _lock_open(submission: Submission) -> Application:
    """Lock the application, then read the submission as it is now.

    Raises:
        NotAllowed: it waits for nothing any more.
    """
    application = pipeline.lock(submission.application)
    submission.refresh_from_db(fields=["begun_at", "extra_minutes", "posted_at"])
    submission.ask.refresh_from_db(fields=["answered_at", "cancelled_at"])
    if submission.posted_at:
        raise NotAllowed(_("It was handed in meanwhile."))
    if not submission.ask.is_open:
        raise NotAllowed(_("It was taken back before."))
    return application


def _count_again(submission: Submission) -> None:
    """What came late before the time was made longer is in time now."""
    late = submission.replies.filter(sent_at=None, late_at__lte=submission.ends_at) if submission.ends_at else None
    if late is not None:
        late.update(text=F("late_text"), saved_at=F("late_at"), late_text="", late_at=None)


def _title(submission: Submission) -> str:
    return str(submission.wording.content["exercise"]["title"])
