"""Who answers a page of a trial."""

from __future__ import annotations

from candidates.people.actors import Actor
from candidates.post.models import Ask


def who(asked: Ask) -> Actor:
    """Who answers, for the event: the person asked, whether by their link or signed in."""
    if asked.role == Ask.Role.CANDIDATE:
        return Actor.candidate(asked.name)
    return Actor.person(asked.user) if asked.user else Actor.outsider(asked.name)
