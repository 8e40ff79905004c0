"""How many references there are, how many are still waited for, and how many the plan wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from candidates.people.models import Application
from references.models import Referee, Reference
from references.questionnaires import rules

MANAGERS = (Referee.Relation.MANAGER, Referee.Relation.LEAD)


@dataclass(frozen=True)
class Wanted:
    """How many people the candidate is to name, and how many of them at least as managers or team leads."""

    people: int
    managers: int


@dataclass(frozen=True)
class Standing:
    """What the plan needs to go on, what was given and what may still come; it says nothing of what was said.

    `to_name` is how many people the plan wants named from the beginning, which may be more than it needs to go on.
    """

    to_name: int
    needed: int
    given: int
    waiting: int
    managers_needed: int
    managers_given: int
    managers_waiting: int

    @property
    def lacks(self) -> int:
        """How many references are missing."""
        return max(self.needed - self.given, 0)

    @property
    def lacks_managers(self) -> int:
        """How many of managers or team leads are missing."""
        return max(self.managers_needed - self.managers_given, 0)

    @property
    def is_enough(self) -> bool:
        """Whether a trial may begin without a word about references."""
        return not (self.lacks or self.lacks_managers)

    @property
    def first(self) -> Wanted:
        """Whom the candidate is to name when the stage begins: as many as the plan wants, less who is there."""
        replaced = self.another
        return Wanted(max(self.to_name - self.given - self.waiting, replaced.people), replaced.managers)

    @property
    def another(self) -> Wanted:
        """Who is missing even if everybody answers who is still waited for."""
        managers = max(self.lacks_managers - self.managers_waiting, 0)
        return Wanted(max(self.lacks - self.waiting, managers), managers)


def of_those(application: Application, references: Sequence[Reference]) -> Standing:
    """The same of references that a page has read already, with referee, card and ask. One query."""
    plan = rules.of(application.plan)
    given = [one.referee.is_manager for one in references if one.scorecard.is_locked]
    waiting = [one.referee.is_manager for one in references if one.scorecard.ask.is_open]
    counts = (plan.needed, len(given), len(waiting), plan.managers, sum(given), sum(waiting))
    return Standing(application.plan.referees, *counts)


def of(application: Application) -> Standing:
    """How the references of `application` stand now. Two queries."""
    plan = rules.of(application.plan)
    manager = Q(referee__relation__in=MANAGERS)
    given = Q(scorecard__locked_at__isnull=False)
    waiting = Q(scorecard__ask__answered_at=None, scorecard__ask__cancelled_at=None)
    counts = Reference.objects.filter(referee__application=application).aggregate(
        given=Count("pk", filter=given),
        waiting=Count("pk", filter=waiting),
        managers_given=Count("pk", filter=given & manager),
        managers_waiting=Count("pk", filter=waiting & manager),
    )
    return Standing(application.plan.referees, plan.needed, managers_needed=plan.managers, **counts)
