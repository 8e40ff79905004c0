"""The trial of an application, for its page: how it stands, its weeks and check-ins, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ats.desk.views import trials
from candidates.models import Ask
from candidates.people.models import Application
from candidates.stages import Stage
from trials.models import CheckIn, CheckInCard, Trial
from trials.offering import conditions, standing
from trials.offering.standing import Act, Standing, State

register = template.Library()
ROLES = (Ask.Role.CANDIDATE, Ask.Role.BUDDY, Ask.Role.MANAGER)
CHIPS = {
    State.OFFERED: "is-waiting",
    State.AHEAD: "is-done",
    State.RUNNING: "is-done",
    State.PAUSED: "is-waiting",
    State.OVER: "is-overdue",
    State.DECIDED: "is-done",
}


@dataclass(frozen=True)
class Cell:
    """Whether one person has answered at a check-in, never what."""

    name: str
    state: str  # in, asked, late, later, off
    word: str | Promise


@dataclass(frozen=True)
class Row:
    """One check-in."""

    check_in: CheckIn
    cells: list[Cell | None]


@dataclass(frozen=True)
class Week:
    """One week, with the day on which it begins."""

    number: int
    work: str
    aim: str
    first_day: date
    is_present: bool


WORDS = {
    "in": _("in"),
    "asked": _("asked"),
    "late": _("missing"),
    "later": _("later"),
    "off": _("not asked"),
}


@register.inclusion_tag("desk/trial_panel.html", takes_context=True)
def trial_panel(context: dict[str, Any], application: Application, trial: Trial | None) -> dict[str, Any]:
    """How the trial stands. Four queries, however many check-ins."""
    user, at = context["request"].user, now()
    if not trial:
        return {"application": application, "may_offer": context["may_work"] and application.stage == Stage.TRIAL}
    trial.application = application
    stands = standing.of(trial, at=at)
    return {
        "application": application,
        "trial": trial,
        "stands": stands,
        "chip": CHIPS.get(stands.state, "is-blocked"),
        "is_agreed": trial.agreed_at is not None,
        "hours": conditions.hours(trial),
        "pay": conditions.pay(trial),
        "note": conditions.note(trial),
        "weeks": _weeks(stands),
        "rows": [_row(one, at) for one in _check_ins(trial)],
        "verdict_is_late": trial.verdict_ask is not None and trial.verdict_ask.is_overdue(at),
        "offer_is_late": trial.offer_ask is not None and trial.offer_ask.is_overdue(at),
        "acts": [one for one in stands.acts if one != Act.OFFER_AGAIN and trials.may(user, trial, one)],
        "may_offer": Act.OFFER_AGAIN in stands.acts and trials.may(user, trial, Act.OFFER_AGAIN),
    }


def _weeks(stands: Standing) -> list[Week]:
    """Those that the plan describes, as far as the trial is long."""
    told = [one for one in conditions.weeks(stands.trial.application.plan) if one.number <= stands.weeks]
    return [
        Week(one.number, one.work, one.aim, stands.first_day_of(one.number), one.number == stands.week) for one in told
    ]


def _check_ins(trial: Trial) -> Iterable[CheckIn]:
    if trial.agreed_at is None:
        return []
    cards = CheckInCard.objects.select_related("scorecard__ask")
    return trial.check_ins.order_by("due_on").prefetch_related(Prefetch("cards", cards))


def _row(check_in: CheckIn, at: datetime) -> Row:
    cards = {card.role: card for card in check_in.cards.all()}
    return Row(check_in, [_cell(cards[role], at) if role in cards else None for role in ROLES])


def _cell(card: CheckInCard, at: datetime) -> Cell:
    asked = card.scorecard.ask
    if card.scorecard.is_locked:
        state = "in"
    elif not asked.is_open:
        state = "off"
    elif asked.opens_at > at:
        state = "later"
    else:
        state = "late" if asked.is_overdue(at) else "asked"
    return Cell(asked.name, state, WORDS[state])
