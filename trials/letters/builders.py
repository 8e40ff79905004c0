"""Builders for tests and the demo: a template, a letter that was sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from candidates.builders import NOW, make_application, make_user
from candidates.models import Application, Stage
from candidates.people.actors import Actor
from trials.letters import actions
from trials.letters.actions import Offer
from trials.letters.models import LetterTemplate, OfferLetter

TEXT = "Dear {candidate},\n\n# What we agreed\n\n- First day: {starts_on}\n- Pay: {pay}\n\n{extra}\n\n{manager}"


def make_template(**fields: Any) -> LetterTemplate:
    """A short letter in English."""
    chosen: dict[str, Any] = {"language": "en", "subject": "Your offer: {job}", "text": TEXT} | fields
    return LetterTemplate.objects.get_or_create(name=chosen.pop("name", "Letter"), defaults=chosen)[0]


def make_offer(at: datetime = NOW, **fields: Any) -> Offer:
    """From three weeks on, to be answered within one."""
    chosen: dict[str, Any] = {
        "starts_on": at.date() + timedelta(days=21),
        "answer_by": at.date() + timedelta(days=7),
        "hours": "32",
        "pay": "EUR 2,900 a month",
    }
    return Offer(**chosen | fields)


def make_letter(application: Application | None = None, *, at: datetime = NOW, **fields: Any) -> OfferLetter:
    """Rita has sent the letter to somebody who was hired."""
    application = application or make_application(stage=Stage.HIRED, at=at)
    by = Actor.person(make_user())
    return actions.send(application, make_template(), make_offer(at, **fields), at=at, by=by)
