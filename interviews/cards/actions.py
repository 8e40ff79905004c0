"""Keeping and locking an interviewer's card: the ratings, and with them notes, routes and coded steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.models import Ask, Scorecard
from candidates.people.actors import Actor
from candidates.post import asks
from interviews import actions
from interviews.cards.models import KitAnswer, StepCoding


@dataclass(frozen=True)
class Heard:
    """What was noted at one part of the kit, by its number, and the route to the answer."""

    part: int
    notes: str = ""
    route: str = ""


@dataclass(frozen=True)
class Coded:
    """One of the thirteen steps: yes, no, not applicable or nothing yet, and the quoted words."""

    step: int
    answer: str = ""
    quote: str = ""


@dataclass(frozen=True)
class CardAnswers(Answers):
    """A whole interviewer's card as typed; drafts may lack anything."""

    heard: list[Heard] = field(default_factory=list)
    coded: list[Coded] = field(default_factory=list)


@transaction.atomic
def save_draft(card: Scorecard, answers: CardAnswers, *, at: datetime) -> None:
    """Keep what was typed so far.

    Raises:
        asks.NotOpen: the card is locked or no longer wanted.
    """
    keep_draft(card, answers, at=at)


def keep_draft(card: Scorecard, answers: CardAnswers, *, at: datetime) -> None:
    """The same inside the transaction of the page, which has locked the application.

    Raises:
        asks.NotOpen: the card is locked or no longer wanted.
    """
    judging.keep_draft(card, answers, at=at)
    _write(card, answers)


@transaction.atomic
def submit(card: Scorecard, answers: CardAnswers, *, at: datetime, by: Actor) -> None:
    """Lock the card with all that was typed; the last one of the stage completes it.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    pipeline.lock(card.application)
    Scorecard.objects.select_for_update().get(pk=card.pk)
    if not Ask.objects.open().filter(pk=card.ask_id).exists():
        raise asks.NotOpen
    _write(card, answers)
    actions.submit_scorecard(card, answers, at=at, by=by)


def _write(card: Scorecard, answers: CardAnswers) -> None:
    if answers.heard:
        _write_heard(card, answers.heard)
    if answers.coded:
        _write_coded(card, answers.coded)


def _write_heard(card: Scorecard, heard: Iterable[Heard]) -> None:
    kept = {one.part: (one.notes, one.route) for one in card.kit_answers.all()}
    KitAnswer.objects.bulk_create(
        [
            KitAnswer(scorecard=card, part=one.part, notes=one.notes, route=one.route)
            for one in heard
            if kept.get(one.part) != (one.notes, one.route)
        ],
        update_conflicts=True,
        unique_fields=["scorecard", "part"],
        update_fields=["notes", "route"],
    )


def _write_coded(card: Scorecard, coded: Iterable[Coded]) -> None:
    kept = {one.step: (one.answer, one.quote) for one in card.step_codings.all()}
    StepCoding.objects.bulk_create(
        [
            StepCoding(scorecard=card, step=one.step, answer=one.answer, quote=one.quote)
            for one in coded
            if kept.get(one.step) != (one.answer, one.quote)
        ],
        update_conflicts=True,
        unique_fields=["scorecard", "step"],
        update_fields=["answer", "quote"],
    )
