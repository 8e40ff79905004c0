"""Builders for tests and the demo: somebody who was hired, whom people look back on, with a plan to grow by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from candidates import pipeline
from candidates.builders import NOW, make_user
from candidates.models import Stage
from candidates.people.actors import Actor
from trials.afterwards import developing, pulses
from trials.afterwards.developing import Line
from trials.afterwards.models import DevelopmentPlan, Pulse
from trials.builders import make_trial
from trials.models import Trial


def make_hired(trial: Trial | None = None, *, at: datetime = NOW) -> Trial:
    """The trial of somebody who is hired now, with both looks back planned."""
    trial = trial or make_trial(at=at)
    pipeline.move(trial.application, Stage.HIRED, at=at, by=Actor.person(make_user()))
    pulses.plan(trial, at=at)
    return trial


def pulse_of(trial: Trial, role: str) -> Pulse:
    """What the lead ("manager") or the new colleague ("candidate") is asked."""
    return Pulse.objects.select_related("application", "ask").get(application=trial.application, role=role)


def make_development_plan(trial: Trial | None = None, *titles: str, at: datetime = NOW) -> DevelopmentPlan:
    """A plan of things that are called so, written by Rita."""
    application = (trial or make_hired(at=at)).application
    written: list[Any] = [Line(title, why="Often", aim="Seldom", how="- Slowly") for title in titles or ("Pause more",)]
    developing.draft(application, written, at=at, by=Actor.person(make_user()))
    return DevelopmentPlan.objects.select_related("application").get(application=application)
