"""Builders for tests and the demo: answers of a rater, a locked card."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from candidates.builders import NOW
from candidates.judging import actions
from candidates.judging.actions import Answers, Score
from candidates.models import Application, Ask, Scorecard
from candidates.people.actors import Actor


def make_answers(card: Scorecard, score: int = 4, **fields: Any) -> Answers:
    """Every competency of the plan rated `score`, with evidence."""
    competencies = card.application.plan.competencies.values_list("pk", flat=True)
    scores = [Score(competency=pk, score=score, evidence="Told of a real case.") for pk in competencies]
    return Answers(scores, **{"recommendation": "yes", "summary": "Warm and clear."} | fields)


def make_card(
    application: Application, kind: Scorecard.Kind = Scorecard.Kind.INTERVIEW, *, at: datetime = NOW, **asked: Any
) -> Scorecard:
    """A card that Ida owes, at the stage where `application` stands."""
    chosen: dict[str, Any] = {
        "page": "screening:letter",
        "template": "screening/letter",
        "title": "Scorecard",
        "role": Ask.Role.INTERVIEWER,
        "name": "Ida Interviewer",
        "email": "ida@example.org",
        "due_at": at + timedelta(days=7),
        "at": at,
    }
    return actions.request_scorecard(application, kind, **chosen | asked)


def make_locked_card(application: Application, scores: dict[str, int | None], **fields: Any) -> Scorecard:
    """A locked card with `scores` by the competency's name."""
    card = make_card(application, **fields)
    keys = dict(application.plan.competencies.values_list("name", "pk"))
    rated = [Score(competency=keys[name], score=score, evidence="Seen.") for name, score in scores.items()]
    actions.lock(card, Answers(rated, "yes"), at=fields.get("at", NOW), by=Actor.outsider(card.rater_name))
    return card
