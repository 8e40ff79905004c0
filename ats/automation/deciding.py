"""Whether a rule acts on an occasion: what came in between, and whether its conditions hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from ats.automation import words
from ats.automation.conditions import CONDITIONS, Case
from ats.automation.models import Firing, Rule
from ats.rejections.models import PlannedRejection
from candidates.judging import composite
from candidates.judging.firewall import open_for
from candidates.people.actors import ActorKind
from candidates.people.models import Application, Event

CHAIN = 5  # moves by rules in a row, with nobody in between; then a person looks first
Outcome = Firing.Outcome
ENDS = ("stage.hired", "stage.rejected", "stage.withdrawn")


class Move(NamedTuple):
    """A move of an application: by what kind of actor, and of a rule the event to which it reacted."""

    event: int
    by_kind: str
    trigger: int


class Answer(NamedTuple):
    """What a rule makes of an occasion, with the reason in words that name no score."""

    outcome: Outcome
    reason: str

    @property
    def is_yes(self) -> bool:
        """Whether it is for this rule to act."""
        return self.outcome in (Outcome.ACTED, Outcome.SUGGESTED)


class Past:
    """What happened to some applications: their moves, and which rejections are planned. Two queries for all."""

    def __init__(self, applications: Iterable[int]) -> None:
        keys = list(applications)
        moves = Event.objects.filter(application__in=keys, name__startswith="stage.").order_by("pk")
        self._moves: dict[int, list[Move]] = {}
        for application, pk, kind, data in moves.values_list("application", "pk", "by_kind", "data"):
            trigger = data.get("event")
            self._moves.setdefault(application, []).append(Move(pk, kind, trigger if isinstance(trigger, int) else 0))
        standing = PlannedRejection.objects.standing().filter(application__in=keys)
        self.planned = set(standing.values_list("application", flat=True))

    def last_move(self, application: int) -> int:
        """The key of the event of the last move; 0 without one."""
        moves = self._moves.get(application, [])
        return moves[-1].event if moves else 0

    def moved_since(self, application: int, event: int) -> bool:
        """Whether it moved after `event`, but for what rules made of that same event."""
        later = (move for move in self._moves.get(application, []) if move.event > event)
        return any(move.by_kind != ActorKind.RULE or move.trigger != event for move in later)

    def in_a_row(self, application: int) -> int:
        """How many of the last moves were made by rules with nobody in between."""
        count = 0
        for move in reversed(self._moves.get(application, [])):
            if move.by_kind != ActorKind.RULE:
                break
            count += 1
        return count


def answer(rule: Rule, event: int, case: Case, past: Past) -> Answer:
    """What `rule` makes of `event` (of rules that look at the clock: the last move) for the application of `case`."""
    if reason := _overtaken(rule, event, case.application, past):
        return Answer(Outcome.OVERTAKEN, reason)
    if reason := unmet(rule, case):
        return Answer(Outcome.NOT_MET, reason)
    if rule.moves and past.in_a_row(case.application.pk) >= CHAIN:
        told = _("Rules moved it %d times in a row and nobody looked in between. A person decides on the next step.")
        return Answer(Outcome.FAILED, told % CHAIN)
    return Answer(Outcome.SUGGESTED if rule.mode == Rule.Mode.SUGGEST else Outcome.ACTED, because(rule))


def _overtaken(rule: Rule, event: int, application: Application, past: Past) -> str:
    if application.duplicate_of_id:
        return _("It was set aside as a duplicate.")
    if application.pk in past.planned:
        return _("Its rejection is planned.")
    if past.moved_since(application.pk, event):
        return _("Somebody moved it meanwhile.")
    if not application.is_open and rule.event not in ENDS:
        return _("Its way has ended.")
    stays = rule.when in (Rule.When.COMPLETE, Rule.When.OVER, Rule.When.UNDER)
    return _("It stands elsewhere by now.") if stays and application.stage != rule.stage else ""


def unmet(rule: Rule, case: Case) -> str:
    """Why `rule` does not act, as a sentence that names no score; empty when everything holds."""
    if rule.judges and not case.is_judged:
        return _("Not every judgement is in yet.")
    if rule.when == Rule.When.OVER and not CONDITIONS["at_least"].holds(case, rule.score):
        return _sentence(CONDITIONS["at_least"].unmet())
    if rule.when == Rule.When.UNDER and not CONDITIONS["below"].holds(case, rule.score):
        return _sentence(CONDITIONS["below"].unmet())
    for one in rule.conditions:
        known = CONDITIONS.get(one.get("kind", ""))
        if known is None:
            return _("It asks for something that this version does not know.")
        if not known.holds(case, one.get("value")):
            return _sentence(known.unmet())
    return ""


def because(rule: Rule) -> str:
    """Why a rule acts, in its own words: what happened, and what held."""
    return _sentence(", ".join([words.when(rule), *words.conditions_of(rule)]))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def cases(applications: Iterable[Application], *, judged: Iterable[int], at: datetime) -> dict[int, Case]:
    """The cases of many, by key, with what rules ask most read at once.

    Args:
        judged: the keys of those whose judgements rules look at.
    """
    found = {one.pk: Case(one, at=at) for one in applications}
    keys = [key for key in judged if key in found]
    if not keys:
        return found
    settled = set(Application.objects.filter(open_for(None, at), pk__in=keys).values_list("pk", flat=True))
    scores = composite.computed([found[key].application for key in keys])
    for key in keys:
        found[key].is_judged, found[key].composite = key in settled, scores[key]
    return found
