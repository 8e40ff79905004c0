"""The kit of an interview: one suggested question per competency of the plan, the same for every candidate."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from candidates.models import Competency, HiringPlan

FILE = Path(__file__).with_name("questions.toml")
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
    return {competency.pk: _part(competency, each) for competency in competencies}


@cache
def questions() -> Mapping[str, Mapping[str, str]]:
    """What ships: by the competency's name, `ask` and `follow_up`."""
    shipped: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return shipped


def _part(competency: Competency, minutes: int) -> Part:
    """A competency that a team added itself gets the plain behavioural question."""
    if found := questions().get(competency.name):
        return Part(found["ask"], found["follow_up"], minutes)
    question = _("Tell me about a time when this mattered in your work, or when you met it as a customer: %s")
    return Part(question % competency.name, _("What did you do, and how did it end?"), minutes)
