"""Figures of the help desk for the demo's trials, beside those of the team."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from trials.figures import agents
from trials.figures.agents import Person
from trials.figures.keeping import Measured, keep
from trials.figures.metrics import Metric, Tool
from trials.models import Agent, Trial

TEAM = ("Tomke Visser", "Amadou Diop", "Greta Holm", "Paulo Nunes", "Hana Kim")
WEEK = timedelta(days=7)
MIDDLE = {Metric.SATISFACTION: 88, Metric.QUALITY: 84, Metric.REOPENED: 9, Metric.FIRST_REPLY: 190}
SPREAD = {Metric.SATISFACTION: 4, Metric.QUALITY: 5, Metric.REOPENED: 3, Metric.FIRST_REPLY: 40}
BETTER = {Metric.SATISFACTION: 1, Metric.QUALITY: 1, Metric.REOPENED: -1, Metric.FIRST_REPLY: -1}
HOW_MANY = {Metric.SATISFACTION: 24, Metric.QUALITY: 8, Metric.REOPENED: 60, Metric.FIRST_REPLY: 60}


def add(random: Random, *, now: datetime) -> None:
    """A week each of every trial that has begun; newcomers begin below the team and come closer."""
    trials = [one for one in Trial.objects.agreed().select_related("application__candidate") if _weeks(one, now)]
    if not trials:
        return
    people = [Person(email=f"{name.split()[0].lower()}@rapport.example", name=name) for name in TEAM]
    people += [Person(email=one.application.candidate.email, name=one.application.candidate.name) for one in trials]
    keys = agents.known(Tool.ZENDESK, people, at=now)
    _settle(keys, people[: len(TEAM)], trials, now)
    told = [
        _measured(random, keys[person.key], week, 0) for person in people[: len(TEAM)] for week in _all(trials, now)
    ]
    for trial, person in zip(trials, people[len(TEAM) :], strict=True):
        weeks = _weeks(trial, now)
        told += [_measured(random, keys[person.key], week, len(weeks) - number) for number, week in enumerate(weeks)]
    keep([one for week in told for one in week], run=None)


def _settle(keys: dict[str, int], team: list[Person], trials: list[Trial], now: datetime) -> None:
    """Who is who, as a recruiter would have said."""
    matched = {"matched_at": now, "matched_by_name": "Rosa Okafor"}
    of_team = [keys[person.key] for person in team]
    Agent.objects.filter(pk__in=of_team).update(part=Agent.Part.TEAM, application=None, **matched)
    for trial in trials:
        theirs = Agent.objects.filter(email__iexact=trial.application.candidate.email)
        theirs.update(part=Agent.Part.TRIAL, application=trial.application, **matched)


def _weeks(trial: Trial, now: datetime) -> list[date]:
    """The Mondays of the weeks that are over."""
    last = min(trial.ends_on, now.date())
    count = max((last - trial.starts_on).days // 7, 0)
    return [trial.starts_on + WEEK * number for number in range(count)]


def _all(trials: list[Trial], now: datetime) -> list[date]:
    return sorted({week for trial in trials for week in _weeks(trial, now)})


def _measured(random: Random, agent: int, week: date, behind: int) -> list[Measured]:
    return [_one(random, agent, week, metric, behind) for metric in MIDDLE]


def _one(random: Random, agent: int, week: date, metric: Metric, behind: int) -> Measured:
    value = random.gauss(MIDDLE[metric] - BETTER[metric] * behind * SPREAD[metric] / 3, SPREAD[metric] / 2)
    most = 100 if metric != Metric.FIRST_REPLY else 600
    n = max(random.randint(HOW_MANY[metric] // 2, HOW_MANY[metric]), 1)
    return Measured(agent, metric, week, week + WEEK - timedelta(days=1), _round(min(max(value, 0), most)), n)


def _round(value: float) -> Decimal:
    return Decimal(str(round(value, 1)))
