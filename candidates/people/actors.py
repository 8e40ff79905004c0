"""Who does something: a colleague, a rule of a plan, a candidate, another person outside."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.staff.models import User


class ActorKind(models.TextChoices):
    """What kind of actor wrote an event."""

    PERSON = "person", _("colleague")
    RULE = "rule", _("rule")
    CANDIDATE = "candidate", _("candidate")
    OUTSIDER = "outsider", _("person outside")


@dataclass(frozen=True)
class Actor:
    """Who did it, as the event keeps it: the name is a snapshot, so that it outlives the account.

    `data` goes into every event that the actor writes.
    """

    kind: ActorKind
    name: str
    user: User | None = None
    data: dict[str, object] = field(default_factory=dict)

    @classmethod
    def person(cls, user: User) -> Actor:
        """A colleague who is signed in."""
        return cls(ActorKind.PERSON, str(user), user)

    @classmethod
    def rule(cls, label: str, *, rule: str, event: int) -> Actor:
        """A rule of the job's plan; its name and the event that it reacts to stand in every event it writes."""
        return cls(ActorKind.RULE, label, data={"rule": rule, "event": event})

    @classmethod
    def candidate(cls, name: str) -> Actor:
        """The candidate, through the link in a mail."""
        return cls(ActorKind.CANDIDATE, name)

    @classmethod
    def outsider(cls, name: str) -> Actor:
        """An interviewer, referee or other person, through the link in a mail."""
        return cls(ActorKind.OUTSIDER, name)
