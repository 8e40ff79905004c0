"""Builders for tests and the demo: a trial, its verdict, its approval."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import Group

from candidates.builders import NOW, make_application, make_user
from candidates.models import Application, Stage, User
from candidates.people.actors import Actor
from trials import actions
from trials.models import Approval, Trial, Verdict
from trials.planning import schedule

FIRST_DAY = date(2030, 1, 14)  # the Monday after NOW


def make_manager(name: str = "Mona Manager", **fields: Any) -> User:
    """A colleague who may approve hires."""
    manager = make_user(name, **fields)
    manager.groups.add(Group.objects.get_or_create(name=actions.MANAGERS)[0])
    return manager


def make_trial(application: Application | None = None, *, at: datetime = NOW, **fields: Any) -> Trial:
    """Max leads, Bob is the buddy, from the Monday after NOW; by the verb, asked for by Rita."""
    application = application or make_application(stage=Stage.REFERENCES, at=at)
    chosen: dict[str, Any] = {
        "starts_on": FIRST_DAY,
        "leader": make_user("Max Manager"),
        "buddy_name": "Bob Buddy",
        "buddy_email": "bob@rapport.test",
    }
    return actions.begin(application, at=at, by=Actor.person(make_user()), **chosen | fields)


def make_offer(application: Application | None = None, *, at: datetime = NOW, **fields: Any) -> Trial:
    """The same, offered by link and not answered yet."""
    application = application or make_application(stage=Stage.REFERENCES, at=at)
    chosen: dict[str, Any] = {
        "starts_on": FIRST_DAY,
        "leader": make_user("Max Manager"),
        "buddy_name": "Bob Buddy",
        "buddy_email": "bob@rapport.test",
    }
    return actions.offer(application, at=at, by=Actor.person(make_user()), **chosen | fields)


def last_day(trial: Trial) -> datetime:
    """Noon of the day by which the trial is decided."""
    return schedule.local(trial.ends_on, time(12), trial.application.job.zone)


def decide(trial: Trial, kind: str = Verdict.Kind.CONFIRM, *, at: datetime | None = None, **fields: Any) -> Verdict:
    """The leader's verdict, by the verb."""
    evidence = fields.pop("evidence", "Calm with every customer, asks when stuck.")
    must_haves = trial.application.plan.weights.filter(must_have=True).values_list("competency", flat=True)
    fields.setdefault("grounds", dict.fromkeys(must_haves, evidence))
    return actions.decide(trial, kind, evidence, at=at or last_day(trial), by=Actor.person(trial.leader), **fields)


def make_approval(trial: Trial | None = None, *, at: datetime | None = None, **fields: Any) -> Approval:
    """Rita has asked Mona to approve a confirmed trial."""
    trial = trial or make_trial()
    if trial.verdict is None:
        decide(trial)
    approver = fields.pop("approver", None) or make_manager()
    by = Actor.person(fields.pop("requested_by", None) or make_user())
    return actions.request_approval(trial.application, approver=approver, at=at or last_day(trial), by=by)
