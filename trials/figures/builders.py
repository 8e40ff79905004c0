"""Builders for tests and the demo: people of a help desk and their figures."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from candidates.models import Application
from trials.figures.metrics import Metric, Tool
from trials.models import Agent, Figure

_numbers = itertools.count(1)


def make_agent(application: Application | None = None, *, tool: str = Tool.ZENDESK, **fields: Any) -> Agent:
    """An agent of Zendesk: the candidate of `application`, or somebody of the team."""
    part = Agent.Part.TRIAL if application else Agent.Part.TEAM
    chosen: dict[str, Any] = {"key": f"agent{next(_numbers)}", "part": part}
    return Agent.objects.create(tool=tool, application=application, **chosen | fields)


def make_team(count: int = 3, **fields: Any) -> list[Agent]:
    """So many agents of the team."""
    return [make_agent(**fields) for _number in range(count)]


def make_figure(
    agent: Agent, starts_on: date, value: Any, *, metric: str = Metric.SATISFACTION, days: int = 7, **fields: Any
) -> Figure:
    """A figure of `days` days; n is ten unless `fields` say so."""
    ends_on = starts_on + timedelta(days=days - 1)
    chosen: dict[str, Any] = {"n": 10, **fields}
    return Figure.objects.create(
        agent=agent, metric=metric, starts_on=starts_on, ends_on=ends_on, value=value, **chosen
    )
