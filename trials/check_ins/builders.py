"""Builders for tests and the demo: what is said at a check-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from candidates.judging.actions import Answers, Score
from candidates.models import Ask, Scorecard
from candidates.people.actors import Actor
from trials.check_ins import actions
from trials.check_ins.actions import Own, OwnAnswers
from trials.models import Trial


def ask_at(trial: Trial, number: int = 1, role: str = "buddy") -> Ask:
    """What somebody is asked at a check-in."""
    asks = Ask.objects.select_related("application__candidate", "application__job", "application__plan")
    of_it = {"check_in__trial": trial, "check_in__number": number, "role": role}
    return asks.get(**{f"scorecard__check_in_card__{name}": value for name, value in of_it.items()})


def tell(
    trial: Trial,
    number: int = 1,
    role: str = "buddy",
    *,
    at: datetime | None = None,
    own: Own | None = None,
    **scores: int,
) -> Scorecard:
    """Lock a card of a check-in: 4 for everything but `scores`, by the competency's name in small letters.

    Args:
        at: when; once it was asked if nothing is said.
        own: how the new colleague is.
    """
    asked = ask_at(trial, number, role)
    card, told = asked.scorecard, f"Told by the {role} at check-in {number}."
    rows: list[dict[str, Any]] = card.wording.content["competencies"] if card.wording else []
    rated = [Score(row["key"], score=scores.get(row["name"].lower(), 4), evidence=told) for row in rows]
    at, by = at or asked.opens_at, Actor.outsider(asked.name)
    if role == Ask.Role.CANDIDATE:
        actions.lock_own(card, OwnAnswers(rated, own=own or Own()), at=at, by=by)
    else:
        actions.lock(card, Answers(rated, "yes", told), at=at, by=by)
    return card
