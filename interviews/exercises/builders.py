"""Builders for tests and the demo: a written exercise that was sent, begun, handed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from candidates.builders import NOW, make_application, make_user
from candidates.models import Application, Stage
from candidates.people.actors import Actor
from interviews.actions import Invited
from interviews.exercises import actions, sending
from interviews.exercises.models import Submission
from interviews.exercises.paper import Box
from interviews.kits.builders import make_case, make_exercise
from interviews.models import Exercise

GRETA = Invited("Greta Grader", "greta@example.org")
GUS = Invited("Gus Grader", "gus@example.org")
GINA = Invited("Gina Grader", "gina@example.org")
CUSTOMERS = ("Berta Buyer", "Carl Customer", "Dora Daring")


def make_inbox(**fields: Any) -> Exercise:
    """An inbox of three customers, the first of whom writes back."""
    exercise = make_exercise(Exercise.Kind.INBOX, **fields)
    exercise.cases.all().delete()
    make_case(exercise, CUSTOMERS)
    return exercise


def send_exercise(application: Application | None = None, *, at: datetime = NOW, **fields: Any) -> Submission:
    """An e-mail exercise of twenty minutes for Greta and Gus to grade, by the verb."""
    application = application or make_application(Stage.INTERVIEWS, at=at)
    chosen: dict[str, Any] = {"graders": [GRETA, GUS]}
    if "exercise" not in fields:
        chosen["exercise"] = make_exercise()
    return sending.send(application, at=at, by=Actor.person(make_user()), **chosen | fields)


def begin_exercise(submission: Submission | None = None, *, at: datetime = NOW, **fields: Any) -> Submission:
    """One that the candidate has begun."""
    submission = submission or send_exercise(at=at, **fields)
    actions.begin(submission, at=at)
    return submission


def hand_in(text: str = "Dear Berta, I am sorry.", *, at: datetime = NOW, **fields: Any) -> Submission:
    """One that was handed in ten minutes after its begin."""
    submission = begin_exercise(at=at, **fields)
    actions.keep(submission, {Box(1): text}, at=at + timedelta(minutes=9))
    actions.post(submission, at=at + timedelta(minutes=10))
    return submission
