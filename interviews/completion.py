"""When the interview stage is complete: every round was held or done, and every judgement that was asked for is in."""

from __future__ import annotations

from datetime import datetime

from candidates import pipeline
from candidates.models import Application, Ask, Stage
from candidates.people.actors import Actor
from interviews.exercises.grading.standing import is_missing_one
from interviews.models import Interview, Round, Submission

COMPLETE = "interviews.complete"


def settle(application: Application, *, at: datetime, by: Actor) -> None:
    """Record that the stage is complete, once for each stay in it. Call with the application locked, after each change
    that may have been the last: a locked card, a cancelled or missed interview."""
    told = application.events.filter(name=COMPLETE, at__gte=application.stage_since)
    if application.stage == Stage.INTERVIEWS and is_complete(application) and not told.exists():
        pipeline.record(application, COMPLETE, at=at, by=by)


def is_complete(application: Application) -> bool:
    """Whether nothing of the stage is outstanding: no open request of it, no round that was not begun, no grader."""
    asked = Ask.objects.open().filter(application=application, stage=Stage.INTERVIEWS)
    if asked.exists() or rounds_to_come(application):
        return False
    handed_in = Submission.objects.filter(application=application, posted_at__isnull=False)
    return not any(is_missing_one(work) for work in handed_in.filter(gradings__isnull=False).distinct())


def rounds_to_come(application: Application) -> list[Round]:
    """The rounds of the plan for which neither an interview was arranged nor work sent."""
    held = Interview.objects.standing().filter(application=application, missed="").values("round")
    sent = Submission.objects.filter(application=application, ask__cancelled_at=None).values("round")
    rounds = Round.objects.filter(plan=application.plan_id)
    return list(rounds.exclude(pk__in=held.exclude(round=None)).exclude(pk__in=sent.exclude(round=None)))
