"""An interview without a kit: one suggested question per competency of the plan, the same for every candidate."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from candidates.models import Competency, HiringPlan
from interviews.models import Question

OPENING_AND_CLOSE = 10  # minutes for a welcome, the candidate's own questions and what happens next


@dataclass(frozen=True)
class Part:
    """What to ask about one competency: the question, what to follow up with, the minutes it may take."""

    question: str
    follow_up: str
    minutes: int


def parts(plan: HiringPlan, *, minutes: int) -> dict[int, Part]:
    """The kit for an interview of `minutes`, by the competency's key; the time is shared out evenly."""
    competencies = list(plan.competencies.all())
    each = max((minutes - OPENING_AND_CLOSE) // max(len(competencies), 1), 1)
    suggested = _suggested(competencies)
    return {one.pk: _part(one, suggested.get(one.pk), each) for one in competencies}


def _suggested(competencies: list[Competency]) -> dict[int, Question]:
    """The first question in use about each competency, by the competency's key."""
    in_use = Question.objects.filter(is_scored=True, is_retired=False, competencies__in=competencies)
    found: dict[int, Question] = {}
    for question in in_use.distinct().prefetch_related("competencies"):
        for one in question.competencies.all():
            found.setdefault(one.pk, question)
    return found


def _part(competency: Competency, question: Question | None, minutes: int) -> Part:
    """A competency that no question is about gets the plain behavioural one."""
    if question:
        return Part(question.text, " ".join(question.follow_ups), minutes)
    plain = _("Tell me about a time when this mattered in your work, or when you met it as a customer: %s")
    return Part(plain % competency.name, _("What did you do, and how did it end?"), minutes)
