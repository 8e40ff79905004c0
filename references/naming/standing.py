"""How many references there are, and how many the plan wants."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from candidates.people.models import Application
from references.models import Referee, Reference
from references.questionnaires import rules

MANAGERS = (Referee.Relation.MANAGER, Referee.Relation.LEAD)


@dataclass(frozen=True)
class Standing:
    """What the plan needs to go on, and what was given; of managers as of all. It says nothing of what was said."""

    needed: int
    given: int
    managers_needed: int
    managers_given: int

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


def of(application: Application) -> Standing:
    """How the references of `application` stand now."""
    plan = rules.of(application.plan)
    by_managers = Count("pk", filter=Q(referee__relation__in=MANAGERS))
    answered = Reference.objects.answered().filter(referee__application=application)
    given = answered.aggregate(all=Count("pk"), managers=by_managers)
    return Standing(plan.needed, given["all"], plan.managers, given["managers"])
