"""What a recruiter reads aloud on the phone: the same words for every referee, in the referee's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from candidates.company.models import Company
from candidates.judging.models import Scorecard
from references.models import Reference

MINUTES = 6


@dataclass(frozen=True)
class Script:
    """What is said before the questions, and after them; the questions stand in the wording of the scorecard."""

    opening: list[str]
    closing: str


def minutes(card: Scorecard) -> int:
    """How long an answer takes, as the questionnaire says."""
    return int(card.wording.content.get("minutes") or MINUTES) if card.wording else MINUTES


def of(reference: Reference, caller: str) -> Script:
    """The script for this referee, with `caller` as who speaks."""
    card = reference.scorecard
    names = {
        "caller": caller,
        "company": Company.current().name,
        "referee": reference.referee.name,
        "name": card.application.candidate.name,
        "job": card.application.job.title,
        "minutes": minutes(card),
    }
    with translation.override(card.ask.language):
        return Script([line % names for line in _opening()], _closing() % names)


def _opening() -> list[str]:
    return [
        _("Hello %(referee)s, this is %(caller)s from %(company)s."),
        _("%(name)s applied to us as %(job)s and named you as somebody who knows their work."),
        _("I have a few questions, the same for everybody: it takes about %(minutes)d minutes. Is now a good time?"),
        _("May you speak about former colleagues, or does your company not allow it?"),
        _("I write down what you say. Only the few people here who decide read it; %(name)s does not."),
        _("Afterwards we mail you what I wrote, and you can have it deleted. Is it all right if I take notes?"),
    ]


def _closing() -> str:
    return _(
        "That was all. Thank you, %(referee)s. You get a mail with what I wrote down; if anything is wrong, reply."
    )
