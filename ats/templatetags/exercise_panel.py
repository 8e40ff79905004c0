"""The written exercises of an application, for its page: how far each is, never what was written or judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.db.models import Prefetch
from django.utils.timezone import now

from candidates.people.models import Application
from candidates.stages import Stage
from interviews.completion import rounds_to_come
from interviews.exercises.grading.standing import is_missing_one
from interviews.exercises.models import Grading, Submission

register = template.Library()


@dataclass(frozen=True)
class Work:
    """One exercise and how it stands. `done` of `asked` graders are in; nobody learns who thought what."""

    submission: Submission
    state: str  # sent, overdue, writing, over, handed_in, late, ended
    asked: int
    done: int
    is_missing_one: bool

    @property
    def is_open(self) -> bool:
        """Whether more time can be given, and it can be taken back."""
        return self.state in ("sent", "overdue", "writing", "over")


@register.inclusion_tag("desk/exercises.html")
def exercise_panel(application: Application, may_work: bool) -> dict[str, Any]:
    """Each exercise with its progress and buttons; those taken back last."""
    at, stands = now(), application.stage == Stage.INTERVIEWS
    gradings = Grading.objects.filter(recused_at=None).select_related("scorecard__ask")
    sent = application.submissions.select_related("ask", "exercise", "round", "wording")
    works = [_work(one, stands, at) for one in sent.prefetch_related(Prefetch("gradings", gradings))]
    return {
        "application": application,
        "works": sorted(works, key=lambda work: work.state == "ended"),
        "to_come": [one for one in rounds_to_come(application) if one.is_written] if stands else [],
        "may_work": may_work,
        "may_send": may_work and stands,
    }


def _work(submission: Submission, stands: bool, at: datetime) -> Work:
    asked = [one.scorecard for one in submission.gradings.all() if not one.scorecard.ask.cancelled_at]
    is_missing = stands and submission.posted_at is not None and is_missing_one(submission)
    return Work(submission, _state(submission, at), len(asked), sum(card.is_locked for card in asked), is_missing)


def _state(submission: Submission, at: datetime) -> str:
    if submission.posted_at:
        return "late" if submission.is_late else "handed_in"
    if not submission.ask.is_open:
        return "ended"
    if submission.begun_at:
        return "over" if submission.is_over(at) else "writing"
    return "overdue" if submission.ask.is_overdue(at) else "sent"
