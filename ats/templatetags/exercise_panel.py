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
    """One exercise and how it stands. `done` of `asked` graders are in; nobody learns who thought what.

    Where the firewall is closed for the reader only whether all are in is told: how many were asked says that the
    first two differ.
    """

    submission: Submission
    state: str  # sent, overdue, writing, over, handed_in, late, ended
    asked: int
    done: int
    is_missing_one: bool
    is_told: bool

    @property
    def is_graded(self) -> bool:
        """Whether nobody who was asked is still at it."""
        return 0 < self.asked == self.done

    @property
    def is_open(self) -> bool:
        """Whether more time can be given, and it can be taken back."""
        return self.state in ("sent", "overdue", "writing", "over")


@register.inclusion_tag("desk/exercises.html")
def exercise_panel(application: Application, may_work: bool) -> dict[str, Any]:
    """Each exercise with its progress and buttons; those taken back last."""
    at, stands, is_told = now(), application.stage == Stage.INTERVIEWS, getattr(application, "is_told", False)
    gradings = Grading.objects.filter(recused_at=None).select_related("scorecard__ask")
    sent = application.submissions.select_related("ask", "exercise", "round", "wording")
    if not getattr(application, "has_works", True):
        sent = sent.none()
    works = [_work(one, stands, at, is_told) for one in sent.prefetch_related(Prefetch("gradings", gradings))]
    return {
        "application": application,
        "works": sorted(works, key=lambda work: work.state == "ended"),
        "to_come": [one for one in rounds_to_come(application) if one.is_written] if stands else [],
        "may_work": may_work,
        "may_send": may_work and stands,
    }


def _work(submission: Submission, stands: bool, at: datetime, is_told: bool) -> Work:
    asked = [one.scorecard for one in submission.gradings.all() if not one.scorecard.ask.cancelled_at]
    is_missing = stands and submission.posted_at is not None and is_missing_one(submission)
    done = sum(card.is_locked for card in asked)
    return Work(submission, _state(submission, at), len(asked), done, is_missing, is_told)


def _state(submission: Submission, at: datetime) -> str:
    if submission.posted_at:
        return "late" if submission.is_late else "handed_in"
    if not submission.ask.is_open:
        return "ended"
    if submission.begun_at:
        return "over" if submission.is_over(at) else "writing"
    return "overdue" if submission.ask.is_overdue(at) else "sent"
