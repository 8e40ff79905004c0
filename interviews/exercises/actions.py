"""What a candidate does with a written exercise: begin, write, send an answer, hand in; and what happens at its end."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, F, Func, QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.models import Application, Ask
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from interviews import completion
from interviews.exercises.grading.actions import ask_graders
from interviews.exercises.models import Reply, Submission
from interviews.exercises.paper import Box, Paper

BEGUN, POSTED = "exercise.begun", "exercise.posted"
GRACE = timedelta(minutes=2)  # after the end, in which somebody on a slow line may still hand in themselves
HANDED_IN_AT_ONCE = 200
LONGEST_LATE = 100_000  # signs
logger = logging.getLogger(__name__)


class Minutes(Func):
    """A whole number as minutes."""

    function = "make_interval"
    template = "%(function)s(mins => (%(expressions)s)::int)"
    output_field = DurationField()


def lock(submission: Submission) -> Application:
    """Lock the application, then read the submission as it is now: two windows and the sweep come one by one.

    Raises:
        asks.NotOpen: it is no longer wanted.
    """
    application = pipeline.lock(submission.application)
    submission.refresh_from_db(fields=["begun_at", "extra_minutes", "saved_at", "posted_at", "graders"])
    submission.ask.refresh_from_db(fields=["answered_at", "cancelled_at"])
    if submission.ask.cancelled_at or not application.is_open:
        raise asks.NotOpen
    return application


@transaction.atomic
def begin(submission: Submission, *, at: datetime) -> None:
    """Start its time; a second press changes nothing. From now on the end of the time is the deadline.

    Raises:
        asks.NotOpen: handed in, or no longer wanted.
    """
    application = lock(submission)
    if not Ask.objects.open().filter(pk=submission.ask_id).exists():
        raise asks.NotOpen
    if submission.begun_at:
        return
    submission.begun_at = at
    submission.save(update_fields=["begun_at"])
    set_deadline(submission)
    _record(application, submission, BEGUN, at)


def set_deadline(submission: Submission) -> None:
    """Once begun it is handed in by itself: nobody need be reminded or told."""
    if submission.ends_at:
        asks.reschedule(submission.ask, due_at=submission.ends_at, reminders=())


@transaction.atomic
def keep(submission: Submission, texts: Mapping[Box, str], *, at: datetime) -> None:
    """Keep what was typed. What comes after the time, or after it was handed in, is kept beside what stood there then.

    Args:
        texts: by box; a sent answer stays as it is, whatever stands here.

    Raises:
        NotAllowed: not begun.
        asks.NotOpen: no longer wanted.
    """
    lock(submission)
    _require_begun(submission)
    if submission.posted_at or submission.is_over(at):
        _keep_late(submission, texts, at)
    else:
        _keep(submission, texts, at)


@transaction.atomic
def send_reply(submission: Submission, box: Box, *, at: datetime) -> None:
    """Send what is kept in `box`; it stays as it is from now on. A second press changes nothing.

    Raises:
        NotAllowed: there is nothing to send, no such mail, or the time is over.
        asks.NotOpen: no longer wanted.
    """
    lock(submission)
    _require_begun(submission)
    if submission.posted_at or submission.is_over(at):
        raise NotAllowed(_("The time is over: this answer was not sent. What you wrote is kept, marked as late."))
    turn = Paper(submission).known.get(box)
    if turn is None:
        raise NotAllowed(_("There is no such mail in this exercise."))
    if turn.is_sent:
        return
    if not turn.written.strip():
        raise NotAllowed(_("Write your answer before you send it."))
    Reply.objects.filter(submission=submission, mail=box.mail, turn=box.turn).update(sent_at=at)


@transaction.atomic
def post(submission: Submission, *, at: datetime) -> None:
    """Hand it in: nothing changes from now on, and its graders are asked.

    Raises:
        NotAllowed: not begun, or nothing is written.
        asks.NotOpen: handed in before, or no longer wanted.
    """
    application = lock(submission)
    _require_begun(submission)
    if not _is_written(submission):
        raise NotAllowed(_("Nothing is written yet. Write your answer, then hand it in."))
    ends_at = submission.ends_at or at
    moment = at if submission.is_over(at) else min(at, ends_at)
    _hand_in(application, submission, moment, at=at, by=Actor.candidate(submission.ask.name))


def hand_in_due(*, at: datetime) -> int:
    """Hand in what is still written on after its time, as it stood. Safe to repeat. Returns how many.

    One that fails is logged and tried again by the next sweep; it does not stop the others.
    """
    handed_in = 0
    for pk in _due(at).values_list("pk", flat=True)[:HANDED_IN_AT_ONCE]:
        try:
            handed_in += _hand_in_by_itself(pk, at)
        except Exception:
            logger.exception("Written work %s could not be handed in.", pk)
    return handed_in


def _due(at: datetime) -> QuerySet[Submission]:
    begun = Submission.objects.filter(begun_at__isnull=False, posted_at=None)
    waiting = begun.filter(ask__answered_at=None, ask__cancelled_at=None)
    return (
        waiting.alias(end=F("begun_at") + Minutes(F("minutes") + F("extra_minutes")))
        .filter(end__lte=at - GRACE)
        .order_by("begun_at")
    )


@transaction.atomic
def _hand_in_by_itself(pk: int, at: datetime) -> bool:
    submission = Submission.objects.select_related("ask", "application", "wording").get(pk=pk)
    application = lock(submission)
    ends_at = submission.ends_at
    if submission.posted_at or ends_at is None or ends_at > at - GRACE:
        return False  # handed in, or given more time, meanwhile
    try:
        _hand_in(application, submission, ends_at, at=at, by=Actor(ActorKind.RULE, _("The time was over")))
    except asks.NotOpen:
        return False
    return True


def _hand_in(application: Application, submission: Submission, moment: datetime, *, at: datetime, by: Actor) -> None:
    """Close it as of `moment`. Of an exercise with one answer handing in is sending."""
    asks.close(submission.ask, at=at)
    submission.posted_at = moment
    submission.save(update_fields=["posted_at"])
    if not Paper(submission).is_inbox:
        submission.replies.filter(sent_at=None).exclude(text="").update(sent_at=moment)
    _record(application, submission, POSTED, at, by=by)
    if _is_written(submission):
        ask_graders(submission, at=at)
    else:
        _tell_empty(application, submission, at)
        completion.settle(application, at=at, by=by)


def _tell_empty(application: Application, submission: Submission, at: datetime) -> None:
    """Nobody is asked to grade an empty page: perhaps a line broke. The recruiters decide what to do."""
    data = {"exercise": submission.wording.content["exercise"]["title"]}
    for recruiter in application.job.recruiters.filter(is_active=True).exclude(email=""):
        key = f"exercise:{submission.pk}:empty:{recruiter.pk}"
        mail.queue_to_colleague(application, "interviews/exercise_empty", recruiter, key=key, at=at, data=data)


def _require_begun(submission: Submission) -> None:
    if submission.begun_at is None:
        raise NotAllowed(_("Press “Begin” first."))


def _keep(submission: Submission, texts: Mapping[Box, str], at: datetime) -> None:
    still = Paper(submission).open
    changed = {box: text for box, text in texts.items() if box in still and text != still[box].written}
    if not changed:
        return
    rows = [
        Reply(submission=submission, mail=box.mail, turn=box.turn, text=text, saved_at=at)
        for box, text in changed.items()
    ]
    Reply.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["submission", "mail", "turn"],
        update_fields=["text", "saved_at"],
    )
    submission.saved_at = at
    submission.save(update_fields=["saved_at"])


def _keep_late(submission: Submission, texts: Mapping[Box, str], at: datetime) -> None:
    """Beside the text of the end, never over it, nor over what another window left there late."""
    still = Paper(submission).open
    for box, text in texts.items():
        if box not in still or not text.strip() or text == still[box].written:
            continue
        reply = still[box].reply
        before = reply.late_text if reply else ""
        if text not in before:
            late = {"late_text": text if before in text else f"{before}\n\n{text}"[:LONGEST_LATE], "late_at": at}
            Reply.objects.update_or_create(submission=submission, mail=box.mail, turn=box.turn, defaults=late)


def _is_written(submission: Submission) -> bool:
    replies = submission.replies.values_list("text", "late_text")
    return any(text.strip() or late.strip() for text, late in replies)


def _record(
    application: Application, submission: Submission, name: str, at: datetime, *, by: Actor | None = None
) -> None:
    told = {"exercise": submission.wording.content["exercise"]["title"]}
    pipeline.record(application, name, at=at, by=by or Actor.candidate(submission.ask.name), **told)
