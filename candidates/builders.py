"""Plain builders for tests and the demo: named people, real rows, the clock given."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from candidates import pipeline
from candidates.jobs.models import Competency, HiringPlan, Job, PlanCompetency, PlanStage
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate
from candidates.staff.models import User
from candidates.stages import OPEN, Stage

NOW = datetime(2030, 1, 7, 9, tzinfo=UTC)
_numbers = itertools.count(1)


def make_user(name: str = "Rita Recruiter", **fields: Any) -> User:
    """A colleague with an account; a second call with the same name gives the same person."""
    first, _space, last = name.partition(" ")
    username = fields.pop("username", name.lower().replace(" ", "."))
    defaults = {"first_name": first, "last_name": last, "email": f"{username}@rapport.test", "is_staff": True, **fields}
    return User.objects.get_or_create(username=username, defaults=defaults)[0]


def make_competency(name: str = "Empathy", **fields: Any) -> Competency:
    """A competency with five anchors."""
    anchors = [f"{name}, level {level}" for level in range(1, 6)]
    defaults = {"meaning": f"What {name.lower()} looks like", "trainable": "hard", "anchors": anchors, **fields}
    return Competency.objects.get_or_create(name=name, defaults=defaults)[0]


def make_plan(competencies: tuple[str, ...] = ("Empathy", "Patience"), **fields: Any) -> HiringPlan:
    """An unlocked plan: a week and two days' notice in every stage, weights counting down."""
    plan = HiringPlan.objects.create(name=fields.pop("name", f"Plan {next(_numbers)}"), **fields)
    PlanStage.objects.bulk_create(PlanStage(plan=plan, stage=stage) for stage in OPEN)
    for weight, name in zip(range(len(competencies), 0, -1), competencies, strict=True):
        PlanCompetency.objects.create(plan=plan, competency=make_competency(name), weight=weight)
    return plan


def make_job(title: str = "Support specialist", **fields: Any) -> Job:
    """An open job with Rita as recruiter and Max as hiring manager."""
    recruiters = fields.pop("recruiters", None) or [make_user("Rita Recruiter")]
    defaults = {
        "slug": f"job-{next(_numbers)}",
        "description": "Help our customers by phone, e-mail and chat.",
        "plan": fields.get("plan") or make_plan(),
        "status": Job.Status.OPEN,
        "opened_at": NOW,
        "hiring_manager": fields.get("hiring_manager") or make_user("Max Manager"),
    }
    job = Job.objects.create(title=title, **defaults | fields)
    job.recruiters.set(recruiters)
    return job


def make_candidate(name: str = "Cara Candidate", **fields: Any) -> Candidate:
    """A person who applies, with a mail address of their own."""
    return Candidate.objects.create(name=name, **{"email": f"candidate{next(_numbers)}@example.org"} | fields)


def make_application(stage: Stage = Stage.APPLIED, *, at: datetime = NOW, **fields: Any) -> Application:
    """An application that came to `stage` by plain moves, an hour apart, without asks and mails."""
    job = fields.pop("job", None) or make_job()
    candidate = fields.pop("candidate", None) or make_candidate()
    steps = way_to(stage)
    start = at - timedelta(hours=len(steps))
    application = Application.objects.create(
        candidate=candidate, job=job, plan=job.plan, stage_since=start, applied_at=start,
        **{"letter": "Dear team, I love to help people.", "consent_at": start, "consent_version": "1"} | fields,
    )  # fmt: skip
    by = Actor.candidate(candidate.name)
    pipeline.record(application, f"stage.{Stage.APPLIED}", at=start, by=by, came_from="", reason="")
    for number, to in enumerate(steps, start=1):
        pipeline.move(application, to, at=start + timedelta(hours=number), by=Actor.person(make_user()))
    return application


def way_to(stage: Stage) -> list[Stage]:
    """The moves that lead from `applied` to `stage`."""
    if stage in (Stage.REJECTED, Stage.WITHDRAWN):
        return [stage]
    order = [*OPEN[1:], Stage.HIRED]
    return order[: order.index(stage) + 1] if stage in order else []
