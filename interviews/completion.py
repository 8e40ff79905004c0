"""When the interview stage is complete: every round was held or done, and every judgement that was asked for is in."""

from __future__ import annotations

from datetime import datetime

from candidates import pipeline
from candidates.models import Application, Ask, Stage
from candidates.people.actors import Actor
from interviews.models import Interview, Round, Submission

COMPLETE = "interviews.complete"


def settle(application: Application, *, at: datetime, by: Actor) -> None:
    """Record that the stage is complete, once for each stay in it. Call with the application locked, after each change
    that may have been the last: a locked card, a cancelled or missed interview."""
    told = application.events.filter(name=COMPLETE, at__gte=application.stage_since)
    if application.stage == Stage.INTERVIEWS and is_complete(application) and not told.exists():
        pipeline.record(application, COMPLETE, at=at, by=by)


def is_complete(application: Application) -> bool:
    """Whether nothing of the stage is outstanding: no open request of it, and no round that was not begun."""
    asked = Ask.objects.open().filter(application=application, stage=Stage.INTERVIEWS)
    return not asked.exists() and not rounds_to_come(application)


def rounds_to_come(application: Application) -> list[Round]:
    """The rounds of the plan for which neither an interview was arranged nor work sent."""
    held = Interview.objects.standing().filter(application=application, missed="").values("round")
    sent = Submission.objects.filter(application=application, ask__cancelled_at=None).values("round")
    rounds = Round.objects.filter(plan=application.plan_id)
    return list(rounds.exclude(pk__in=held.exclude(round=None)).exclude(pk__in=sent.exclude(round=None)))
