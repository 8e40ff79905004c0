"""Builders for tests and the demo: named referees, what they say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging.actions import Answers, Score
from candidates.models import Application, Ask, Stage
from candidates.people.actors import Actor
from references import actions
from references.actions import Facts, Named
from references.models import Reference
from references.questionnaire import KEYS
from references.questionnaires.builders import make_reference_plan

NORA = Named("Nora Former", "nora@former.example", "manager", "Former Ltd")
LEO = Named("Leo Lead", "leo@former.example", "lead", "Former Ltd")


def of_plan(*, at: datetime = NOW, referees: int = 2, **rules: Any) -> Application:
    """An application in interviews whose plan wants two referees, and what `rules` say of references."""
    plan = make_plan(referees=referees)
    make_reference_plan(plan, **{"needed": referees, "managers": 0} | rules)
    return make_application(stage=Stage.INTERVIEWS, job=make_job(plan=plan), at=at)


def ask_for_referees(application: Application | None = None, *, at: datetime = NOW, **fields: Any) -> Ask:
    """What the candidate is asked when an application comes to references, by the verb.

    Without an application, of one whose plan asks nobody instead of who does not answer.
    """
    application = application or of_plan(at=at, replacements=0)
    actions.request_referees(application, at=at, by=Actor.person(make_user()), **fields)
    return application.asks.open().get(page="references:name_referees")


def name_referees(asked: Ask, *people: Named, at: datetime = NOW) -> list[Reference]:
    """The candidate names `people` (Nora and Leo), by the verb; what they are asked for, in their order."""
    actions.name_referees(asked, people or (NORA, LEO), at=at, by=Actor.candidate(asked.name))
    waiting = Reference.objects.filter(scorecard__ask__in=asked.application.asks.open())
    return list(waiting.select_related("referee", "scorecard__ask", "scorecard__application").order_by("scorecard"))


def make_references(application: Application | None = None, *, at: datetime = NOW) -> list[Reference]:
    """Nora and Leo have been asked and have not answered."""
    return name_referees(ask_for_referees(application, at=at), at=at)


def make_facts(**fields: Any) -> Facts:
    """A year and a half together, and a yes."""
    shared: dict[str, Any] = {"worked_from": date(2027, 3, 1), "worked_until": date(2028, 9, 1)}
    return Facts(**{"would_hire_again": "yes", "role": "Support agent"} | shared | fields)


def make_answers(score: int = 4) -> Answers:
    """Every dimension rated `score`, with an example."""
    return Answers([Score(criterion=key, score=score, evidence="Stayed late to help a customer.") for key in KEYS])


def give(reference: Reference, *, score: int = 4, at: datetime = NOW, **facts: Any) -> None:
    """The referee answers, by the verb."""
    by = Actor.outsider(reference.referee.name)
    actions.answer(reference, make_facts(**facts), make_answers(score), at=at, by=by)


def decline(reference: Reference, *, at: datetime = NOW) -> None:
    """The referee would rather not, by the verb."""
    actions.decline(reference, at=at, by=Actor.outsider(reference.referee.name))
