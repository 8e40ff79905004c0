"""Plain builders for tests and the demo: rules of a plan, and applications that give them an occasion."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from ats.automation.models import Rule
from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_plan
from candidates.jobs.models import Competency, HiringPlan
from candidates.judging.actions import Answers, Score, lock, request_scorecard
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.stages import Stage

_numbers = itertools.count(1)
PASSES = [{"kind": "passes"}]
LONG_AGO = NOW - timedelta(days=365)


def make_rule(plan: HiringPlan, **fields: Any) -> Rule:
    """A rule at work since a year ago; it asks for referees when all interviewers' scorecards are over the line."""
    usual = {
        "name": f"Rule {next(_numbers)}",
        "when": Rule.When.COMPLETE,
        "stage": Stage.INTERVIEWS,
        "conditions": PASSES,
        "then": Rule.Then.MOVE,
        "to_stage": Stage.REFERENCES,
        "mode": Rule.Mode.ACT,
        "since": LONG_AGO,
    }
    given = usual | fields
    if given["then"] != Rule.Then.MOVE:
        given["to_stage"] = ""
    return Rule.objects.create(plan=plan, **given)


def make_judged(
    *, score: int = 4, line: str = "3.50", undo_minutes: int = 10, rule: dict[str, Any] | None = None
) -> Application:
    """An application whose two interviewers have locked `score` on everything, so that its interviews are complete.

    Args:
        rule: more of the rule of its plan; `{"mode": "off"}` for none at work.
    """
    plan = make_plan(line=line, undo_minutes=undo_minutes)
    make_rule(plan, **(rule or {}))
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=plan))
    complete_interviews(application, score)
    return Application.objects.get(pk=application.pk)


def complete_interviews(application: Application, score: int = 4, *, at: datetime = NOW) -> None:
    """Two interviewers lock `score` on everything."""
    scores = [Score(competency=pk, score=score) for pk in Competency.objects.values_list("pk", flat=True)]
    for name in ("Ida", "Ivo"):
        lock(make_card(application, name), Answers(scores, "yes", ""), at=at, by=Actor.outsider(name))
    pipeline.record(application, "interviews.complete", at=at, by=Actor.outsider("Ivo"))


def make_card(application: Application, name: str) -> Scorecard:
    """A scorecard that an interviewer owes."""
    return request_scorecard(
        application,
        Scorecard.Kind.INTERVIEW,
        page="interviews:scorecard",
        template="interviews/scorecard",
        title="Card",
        role=Ask.Role.INTERVIEWER,
        name=name,
        email=f"{name}@example.org",
        due_at=NOW + timedelta(days=7),
        at=NOW,
    )
