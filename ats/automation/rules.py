"""What every part of the rules stands on: who a rule is on the timeline, and how long it can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ats.automation.models import Rule
from candidates.jobs.models import HiringPlan
from candidates.people.actors import Actor, ActorKind
from candidates.staff.models import User


def undo_time(plan: HiringPlan) -> timedelta:
    """How long the mails of an automatic move may still be taken back."""
    return timedelta(minutes=plan.undo_minutes)


def told(rule: Rule, event: int) -> dict[str, Any]:
    """What stands in every event that comes of a rule: which one, and the event that it reacts to."""
    return {"rule": rule.key or str(rule.pk), "event": event}


def actor(rule: Rule, event: int, *, in_the_name_of: User | None = None) -> Actor:
    """The rule as the one who does it.

    Args:
        event: the key of the event that it reacts to; of rules that look at the clock the last move.
        in_the_name_of: whose word it is, where a colleague has to give theirs.
    """
    return Actor(ActorKind.RULE, rule.name, in_the_name_of, data=told(rule, event))


def agreed(rule: Rule, event: int, user: User) -> Actor:
    """A colleague who does what the rule suggested."""
    return Actor(ActorKind.PERSON, str(user), user, data=told(rule, event))
