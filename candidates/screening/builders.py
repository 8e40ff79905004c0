"""Builders for tests and the demo: an application in screening."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from candidates.builders import NOW, make_application, make_user
from candidates.models import Application, Ask, Scorecard
from candidates.people.actors import Actor
from candidates.screening import actions


def begin_screening(application: Application | None = None, *, at: datetime = NOW, **chosen: Any) -> Application:
    """Rita reads the letter, Max calls: by the verb, with asks and mails."""
    application = application or make_application(at=at)
    people = {"reader": make_user("Rita Recruiter"), "caller": make_user("Max Manager")} | chosen
    actions.begin(application, at=at, by=Actor.person(make_user()), **people)
    return application


def ask_for(application: Application, kind: Scorecard.Kind = Scorecard.Kind.LETTER) -> Ask:
    """The open request for the judgement `kind`."""
    return Ask.objects.open().get(application=application, scorecard__kind=kind)
