"""Builders for tests: a request that two managers must approve, one after the other."""

from __future__ import annotations

from typing import Any

from candidates.builders import make_application, make_job, make_plan, make_user
from candidates.models import Job, Stage
from candidates.people.actors import Actor
from trials import actions
from trials.builders import decide, last_day, make_manager, make_trial
from trials.models import Approval, Trial
from trials.planning.builders import make_trial_plan


def make_trial_of_two(**fields: Any) -> Trial:
    """A trial that its leader confirmed, under a plan that wants two managers."""
    plan = make_plan()
    make_trial_plan(plan, approvers=2)
    job: Job = fields.pop("job", None) or make_job(plan=plan)
    trial = make_trial(make_application(Stage.REFERENCES, job=job), **fields)
    decide(trial)
    return trial


def ask_two(trial: Trial | None = None, *, at: Any = None) -> Approval:
    """Rita has asked Mona, and Olga after her; gives what Mona was asked."""
    trial = trial or make_trial_of_two()
    managers = {"approver": make_manager(), "then": make_manager("Olga Other")}
    by = Actor.person(make_user())
    return actions.request_approval(trial.application, **managers, at=at or last_day(trial), by=by)
