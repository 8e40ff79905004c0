"""Builders for tests and the demo: written work that was handed in, a grader's answers."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from candidates.builders import NOW, make_application
from candidates.judging import wording
from candidates.judging.actions import Answers, Score
from candidates.models import Application, Ask, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.post import asks
from interviews.exercises.grading import actions
from interviews.exercises.models import Grading, Reply, Submission
from interviews.kits.builders import make_exercise
from interviews.kits.models import Exercise
from interviews.kits.wording import of_exercise

GINA, GUS, GRETA = (
    {"name": f"{first} Grader", "email": f"{first.lower()}@example.org"} for first in ("Gina", "Gus", "Greta")
)
_numbers = itertools.count(1)


def make_work(
    application: Application | None = None,
    *,
    texts: dict[tuple[int, int], str] | None = None,
    exercise: Exercise | None = None,
    at: datetime = NOW,
    late: timedelta = timedelta(0),
    **fields: Any,
) -> Submission:
    """Written work that was handed in after its 20 minutes and `late`, with nobody asked to grade it yet.

    Args:
        texts: by mail and turn; sent in this order, a minute apart.
    """
    application = application or make_application(Stage.INTERVIEWS, at=at)
    exercise = exercise or make_exercise(competencies=("Empathy", "Patience"))
    case = exercise.cases.get()
    begun_at = at - timedelta(minutes=20) - late
    work = Submission.objects.create(
        application=application,
        ask=_answered(application, at=at, since=begun_at),
        exercise=exercise,
        case=case,
        wording=wording.keep(of_exercise(exercise, case)),
        code_name=f"Writer K{next(_numbers)}",
        **{"graders": [GINA, GUS, GRETA], "minutes": 20, "begun_at": begun_at, "posted_at": at, "created_at": begun_at}
        | fields,
    )
    texts = texts or {(1, 1): "Dear Berta, I am sorry. I have moved your flight."}
    for minute, ((mail, turn), text) in enumerate(texts.items(), start=1):
        sent_at = begun_at + timedelta(minutes=minute)
        Reply.objects.create(submission=work, mail=mail, turn=turn, text=text, saved_at=sent_at, sent_at=sent_at)
    return work


def make_graded(application: Application | None = None, *, at: datetime = NOW, **fields: Any) -> Submission:
    """Work that Gina and Gus were asked to grade."""
    work = make_work(application, at=at, **fields)
    actions.ask_graders(work, at=at)
    return work


def grading_of(work: Submission, grader: dict[str, str]) -> Grading:
    """What one of them was asked, as a request of theirs finds it."""
    found = Grading.objects.select_related("scorecard__ask", "scorecard__application", "submission__application")
    return found.get(submission=work, email=grader["email"])


def marks(card: Scorecard, *scores: int | None) -> Answers:
    """The rubric's lines with these scores, in their order; without one: not seen."""
    keys = [trait.pk for trait in wording.traits(card)]
    told = [
        Score(competency=key, score=score, evidence="“I am sorry”") for key, score in zip(keys, scores, strict=True)
    ]
    return Answers(told, "yes", "Warm.")


def lock(work: Submission, grader: dict[str, str], *scores: int | None, at: datetime = NOW) -> None:
    """One of them locks their grading with these scores."""
    card = grading_of(work, grader).scorecard
    actions.grade(card, marks(card, *scores), at=at, by=Actor.outsider(grader["name"]))


def _answered(application: Application, *, at: datetime, since: datetime) -> Ask:
    person = application.candidate
    asked = asks.ask(
        application,
        page="interviews:exercise",
        template="interviews/exercise",
        title="Some written work",
        role=Ask.Role.CANDIDATE,
        name=person.name,
        email=person.email,
        due_at=at + timedelta(days=7),
        at=since,
        is_mailed=False,
    )
    asks.close(asked, at=at)
    return asked
