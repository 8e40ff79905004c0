"""People as a help desk calls them: each is one row per tool, made once, and known again by number, address or name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from candidates.people import identity
from candidates.staff.models import User
from candidates.stages import Stage
from trials.figures.models import Agent
from trials.offering.models import Trial

LONGEST = 200
Part = Agent.Part


@dataclass(frozen=True)
class Person:
    """Somebody in an export: their number there, mail address and name, as far as it tells them."""

    number: str = ""
    email: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """By what they are known there: number, else address, else name."""
        return (self.number or self.email or self.name).casefold()[:LONGEST]


@transaction.atomic
def known(tool: str, people: Iterable[Person], *, at: datetime) -> dict[str, int]:
    """The key of the agent's row for the key of each person; who is new gets one.

    Who is told by address alone is the agent with that address, if there is just one. Agents whom nobody has matched
    yet are matched by their address, where that is clear.
    """
    wanted = {person.key: person for person in people}
    keys = _by_address(tool, wanted)
    new = sorted(set(wanted) - set(keys))  # in one order, so that two imports wait for each other and go on
    rows = [Agent(tool=tool, key=key, name=wanted[key].name, email=wanted[key].email) for key in new]
    Agent.objects.bulk_create(rows, ignore_conflicts=True)
    found = list(Agent.objects.filter(tool=tool).filter(Q(key__in=new) | Q(pk__in=keys.values())))
    keys |= {agent.key: agent.pk for agent in found if agent.key in wanted and agent.key not in keys}
    told = {pk: wanted[key] for key, pk in keys.items()}
    _complete([(agent, told[agent.pk]) for agent in found])
    match_by_address([agent for agent in found if agent.part == Part.NEW and agent.email], at=at)
    return keys


def _by_address(tool: str, wanted: dict[str, Person]) -> dict[str, int]:
    """Those of `wanted` that are told by address alone and have a row under their number already."""
    alone = {person.email: key for key, person in wanted.items() if person.email and not person.number}
    rows = list(Agent.objects.filter(tool=tool, email__in=alone).values_list("email", "pk"))
    often = Counter(email for email, _pk in rows)
    return {alone[email]: pk for email, pk in rows if often[email] == 1}


def _complete(pairs: list[tuple[Agent, Person]]) -> None:
    """Note names and addresses that were not told before."""
    lacking = []
    for agent, person in pairs:
        if (person.name and not agent.name) or (person.email and not agent.email):
            agent.name, agent.email = agent.name or person.name, agent.email or person.email
            lacking.append(agent)
    Agent.objects.bulk_update(lacking, ["name", "email"])


def match_by_address(agents: list[Agent], *, at: datetime) -> None:
    """Match agents nobody has matched: who has the address of somebody on trial, or of a colleague, is that person."""
    trials = _on_trial({identity.email_key(agent.email) for agent in agents})
    team = _colleagues({agent.email.lower() for agent in agents})
    for agent in agents:
        application = trials.get(identity.email_key(agent.email))
        if application or agent.email.lower() in team:
            agent.part = Part.TRIAL if application else Part.TEAM
            agent.application_id, agent.matched_at = application, at
            unmatched = Agent.objects.filter(pk=agent.pk, part=Part.NEW)  # a person may have been quicker
            unmatched.update(part=agent.part, application=application, matched_at=at)


def _on_trial(keys: set[str]) -> dict[str, int]:
    """The application on trial for each address that has just one."""
    if not keys:
        return {}
    current = Trial.objects.current().filter(application__stage=Stage.TRIAL)
    rows = current.filter(application__candidate__email_key__in=keys).values_list(
        "application__candidate__email_key", "application_id"
    )
    often = Counter(key for key, _pk in rows)
    return {key: pk for key, pk in rows if often[key] == 1}


def _colleagues(emails: set[str]) -> set[str]:
    if not emails:
        return set()
    active = User.objects.filter(is_active=True).annotate(address=Lower("email"))
    return set(active.filter(address__in=emails).values_list("address", flat=True))
