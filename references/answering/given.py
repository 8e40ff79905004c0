"""What a referee said, in the words of the questionnaire: to look at before sending, and to read afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from references.answering import steps
from references.answering.steps import Step
from references.models import Reference
from references.questionnaires import wording


@dataclass(frozen=True)
class Line:
    """One question and what was said to it."""

    question: str
    answer: str
    words: str = ""


@dataclass(frozen=True)
class Part:
    """The answers of one step, and what it still lacks."""

    step: Step
    lines: list[Line]
    lacks: list[str]


@dataclass(frozen=True)
class Given:
    """A whole answer; empty where nothing was given, or what was is forgotten."""

    lines: list[Line]


def of(reference: Reference) -> Given:
    """What was sent."""
    if not reference.scorecard.is_locked or reference.referee.forgotten_at:
        return Given([])
    walk = steps.of(wording.criteria(reference.scorecard))
    return Given([line for step in walk for line in lines(reference, step)])


def summary(reference: Reference, walk: Sequence[Step], form: Any) -> list[Part]:
    """Every step with what was said so far. `form` knows what is missing."""
    return [
        Part(
            step,
            lines(reference, step),
            [str(error) for name in step.fields for error in form.errors.get(name, [])],
        )
        for step in walk
        if not step.is_look
    ]


def lines(reference: Reference, step: Step) -> list[Line]:
    """The answers of one step."""
    if step.key == steps.FACTS:
        return [Line(_("Role"), reference.role), Line(_("Worked together"), _months(reference))]
    if step.key == steps.LAST:
        again = Line(_("Would you hire them again?"), reference.get_would_hire_again_display())
        return [again, Line(_("Anything else we should know?"), "", reference.scorecard.summary)]
    return [_rated(reference, step.criterion)] if step.criterion else []


def as_file(told: Given) -> HttpResponse:
    """The answers as a text file to keep."""
    parts = ["\n".join(part for part in (line.question, line.answer, line.words) if part) for line in told.lines]
    text = "\r\n".join("\n\n".join(parts).splitlines()) + "\r\n"
    return HttpResponse(
        "\ufeff" + text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="reference.txt"'},
    )


def _rated(reference: Reference, criterion: dict[str, Any]) -> Line:
    rating = next((one for one in reference.scorecard.ratings.all() if one.criterion == criterion["key"]), None)
    if rating is None:
        return Line(criterion["name"], "")
    said = f"{rating.score} · {criterion['anchors'][rating.score - 1]}" if rating.score else ""
    if not said and (rating.not_seen or reference.scorecard.is_locked):
        said = _("I cannot say")
    return Line(criterion["name"], said, rating.evidence)


def _months(reference: Reference) -> str:
    if not reference.worked_from:
        return ""
    begun = date_format(reference.worked_from, "F Y")
    ended = date_format(reference.worked_until, "F Y") if reference.worked_until else _("today")
    return _("%(from)s to %(until)s") % {"from": begun, "until": ended}
