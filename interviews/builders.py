"""Builders for tests and the demo: a panel, an interview."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from candidates.builders import NOW, make_application, make_user
from candidates.models import Application, Ask, Stage
from candidates.people.actors import Actor
from interviews import actions
from interviews.actions import Invited
from interviews.models import Interview

IDA = Invited("Ida Interviewer", "ida@example.org")
IVAN = Invited("Ivan Interviewer", "ivan@example.org")


def make_interview(application: Application | None = None, *, at: datetime = NOW, **fields: Any) -> Interview:
    """An interview in three days with Ida and Ivan, by the verb: moved, asked, mailed; the next one an hour later."""
    chosen: dict[str, Any] = {
        "interviewers": [IDA, IVAN],
        "starts_at": at + timedelta(days=3, hours=Interview.objects.count()),
        "minutes": 45,
        "place": "Room 1",
    }
    application = application or make_application(stage=Stage.SCREENING, at=at)
    return actions.invite(application, at=at, by=Actor.person(make_user()), **chosen | fields)


def ask_of(interview: Interview, interviewer: Invited = IDA) -> Ask:
    """What `interviewer` was asked."""
    return Ask.objects.get(scorecard__panelist__interview=interview, email=interviewer.email)
