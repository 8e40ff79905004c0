"""What is wrong with a rule, said beside its cause before it is saved: on its own, and beside the plan's others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from ats.automation import words
from ats.automation.conditions import CONDITIONS, number
from ats.automation.deeds import PLACEHOLDERS
from ats.automation.models import Rule
from candidates.pipeline import MOVES
from candidates.post import placeholders
from candidates.screening.actions import team
from candidates.staff.models import User
from candidates.stages import CLOSED, OPEN, Stage
from trials import actions as trials

When, Then = Rule.When, Rule.Then
LOWEST, HIGHEST = Decimal(1), Decimal(5)
MOST_DAYS, MOST_HOURS = 365, 720
WRITTEN = ("subject", "text", "words", "note")  # settings in which placeholders may stand


class Objection(NamedTuple):
    """One thing that is wrong; `field` is of the form that shows it, empty for the rule as a whole."""

    field: str
    words: str


def objections(rule: Rule, others: Iterable[Rule]) -> list[Objection]:
    """Everything that is wrong with `rule` beside `others` of its plan; empty when it may be saved."""
    rest = [one for one in others if one.pk != rule.pk or rule.pk is None]
    own = [*_numbers(rule), *_conditions(rule), *_move(rule), *_placeholders(rule), *_people(rule), *_itself(rule)]
    return own or [*_contradictions(rule, rest), *_loops(rule, rest)]


def _numbers(rule: Rule) -> Iterator[Objection]:
    by_score = rule.when in (When.OVER, When.UNDER)
    if by_score and rule.score is not None and not LOWEST <= rule.score <= HIGHEST:
        yield Objection("score", _("Scores lie between 1 and 5."))
    if rule.when == When.DAYS and not 1 <= (rule.days or 0) <= MOST_DAYS:
        yield Objection("days", _("Say after how many days: 1 to %d.") % MOST_DAYS)
    if rule.then == Then.REJECT and not 1 <= (rule.hours or 0) <= MOST_HOURS:
        yield Objection("hours", _("A rule never rejects at once: say in how many hours, 1 to %d.") % MOST_HOURS)


def _conditions(rule: Rule) -> Iterator[Objection]:
    for one in rule.conditions:
        kind = one.get("kind", "")
        if kind not in CONDITIONS:
            yield Objection("", _("It asks for something that this version does not know."))
        score = number(one.get("value")) if kind in ("at_least", "below") else None
        if score is not None and not LOWEST <= score <= HIGHEST:
            yield Objection(f"if_{kind}", _("Scores lie between 1 and 5."))
    if isinstance(facts := _facts(rule), str):
        yield Objection("", facts)


def _move(rule: Rule) -> Iterator[Objection]:
    if rule.then != Then.MOVE:
        return
    if rule.to_stage in (Stage.REJECTED, Stage.WITHDRAWN, ""):
        yield Objection("to_stage", _("Choose a stage. A rule plans a rejection, so that it can be taken back."))
        return
    source, to = words.comes_from(rule), Stage(rule.to_stage)
    sources = [Stage(source)] if source else [stage for stage in OPEN if to in MOVES[stage]]
    if source in CLOSED or not sources or any(to not in MOVES[stage] for stage in sources):
        told = {"from": Stage(source).label if source else "?", "to": to.label}
        yield Objection("to_stage", _("No way leads from %(from)s to %(to)s.") % told)
    if to == Stage.TRIAL and not rule.settings.get("buddy_email") and not _leads_back(source, to):
        yield Objection("buddy_email", _("Say who the buddy is: the offer names them."))
    if to == Stage.HIRED and not rule.settings.get("approver"):
        yield Objection("approver_user", _("Say which manager is asked. Nobody is hired by a rule."))


def _leads_back(source: str, to: Stage) -> bool:
    order = list(Stage)
    return bool(source) and order.index(to) < order.index(Stage(source))


def _placeholders(rule: Rule) -> Iterator[Objection]:
    for name in WRITTEN:
        for mistake in placeholders.mistakes(str(rule.settings.get(name) or ""), allowed=PLACEHOLDERS):
            yield Objection(name, mistake)


def _people(rule: Rule) -> Iterator[Objection]:
    """Colleagues who cannot do what the rule wants of them."""
    for name, setting in rule.settings.items():
        if not (isinstance(setting, dict) and setting.get("who") == "colleague"):
            continue
        user = User.objects.filter(pk=setting.get("user") or 0, is_active=True, is_staff=True).first()
        if user is None or not user.email:
            yield Objection(f"{name}_user", _("Choose a colleague who has an account and a mail address."))
        elif refused := _refused(rule, name, user):
            yield Objection(f"{name}_user", refused)


def _refused(rule: Rule, name: str, user: User) -> str:
    if name in ("approver", "second") and not may_approve(user):
        return _("%s may not approve hires: only managers and administrators do.") % user
    if name in ("reader", "caller"):
        for job in rule.plan.jobs.all():
            if not team(job).filter(pk=user.pk).exists():
                return _("%(name)s does not hire for %(job)s.") % {"name": user, "job": job}
    if name == "leader" and not trials.leaders().filter(pk=user.pk).exists():
        return _("%s cannot lead a trial.") % user
    return ""


def may_approve(user: User) -> bool:
    """Whether a manager could be asked to approve a hire at all."""
    return user.is_superuser or user.groups.filter(name=trials.MANAGERS).exists()


def _itself(rule: Rule) -> Iterator[Objection]:
    """What would set off itself again by what it does."""
    if rule.when == When.OVERDUE and rule.page == "post:to_do" and rule.then == Then.ASK:
        told = _("This would never end: the to-do that it gives becomes overdue, too, and gives another one.")
        yield Objection("then", told)
    if rule.when == When.EVENT and rule.event == "mail.replied" and rule.then == Then.MAIL:
        told = _("This may never end: a machine that answers our mail would get another one each time.")
        yield Objection("then", told)


# What two rules of one occasion contradict each other in


def _contradictions(rule: Rule, others: Sequence[Rule]) -> Iterator[Objection]:
    if not rule.moves:
        return
    for other in others:
        if other.moves and _occasion(other) == _occasion(rule) and not _exclude_each_other(rule, other):
            told = {"name": other.name, "does": words.then(other)}
            text = _("The rule “%(name)s” moves on the same occasion: %(does)s. Only one of both can. Change the "
                     "conditions so that they exclude each other, or delete one.")  # fmt: skip
            yield Objection("then", text % told)


def _occasion(rule: Rule) -> tuple[Any, ...]:
    if rule.listens_to:
        return ("event", rule.listens_to)
    return ("days", rule.stage, rule.days) if rule.when == When.DAYS else ("overdue", rule.page)


class Facts(NamedTuple):
    """What must be so for a rule to act: scores from `lowest` to below `limit`, and things that have one value."""

    lowest: Decimal
    limit: Decimal
    values: dict[str, Any]


def _facts(rule: Rule) -> Facts | str:
    """What must be so; a sentence where it never can."""
    line, lowest, limit = Decimal(str(rule.plan.line)), Decimal(0), HIGHEST + 1
    values: dict[str, Any] = {}
    if source := words.comes_from(rule):
        values["stage"] = source
    if rule.when == When.KNOCK_OUT:
        values["marked"] = True
    wanted = [(one.get("kind", ""), one.get("value")) for one in rule.conditions]
    scores = {When.OVER: "at_least", When.UNDER: "below"}
    if rule.when in scores:
        wanted.append((scores[When(rule.when)], rule.score))
    for kind, value in wanted:
        if kind in ("passes", "at_least"):
            lowest = max(lowest, line if kind == "passes" else number(value) or line)
        elif kind == "below":
            limit = min(limit, number(value) or line)
        elif kind in ("stage", "source", "language", "verdict", "no_knock_out"):
            name, wants = ("marked", False) if kind == "no_knock_out" else (kind, value)
            if values.setdefault(name, wants) != wants:
                return _("This can never hold: two of its parts exclude each other.")
    if lowest >= limit:
        return _("This can never hold: no score reaches the one and stays below the other.")
    return Facts(lowest, limit, values)


def _exclude_each_other(rule: Rule, other: Rule) -> bool:
    one, two = _facts(rule), _facts(other)
    if isinstance(one, str) or isinstance(two, str):
        return True
    apart = one.lowest >= two.limit or two.lowest >= one.limit
    return apart or any(two.values.get(name, value) != value for name, value in one.values.items())


# What would send somebody round and round


def _loops(rule: Rule, others: Sequence[Rule]) -> Iterator[Objection]:
    """A way by moves of the plan's rules that comes back to where `rule` begins."""
    if not _ways(rule):
        return
    ways = {(start, end): one for one in others for start, end in _ways(one)}
    for start, end in _ways(rule):
        if round := _way(end, start, ways):
            names = ", ".join(f"“{one.name}”" for one in round)
            text = _("This would go round and round: %(others)s lead back from %(to)s to %(from)s.")
            told = {"others": names, "to": Stage(end).label, "from": Stage(start).label}
            yield Objection("to_stage", text % told)
            return


def _ways(rule: Rule) -> list[tuple[str, str]]:
    """The moves that a rule makes, as pairs of stages; a hire is asked for and moves nothing."""
    if rule.then != Then.MOVE or rule.to_stage in ("", Stage.HIRED):
        return []
    source = words.comes_from(rule)
    return [(start, rule.to_stage) for start in OPEN if source in ("", start) and rule.to_stage in MOVES[start]]


def _way(start: str, end: str, ways: dict[tuple[str, str], Rule]) -> list[Rule]:
    """The rules that lead from `start` to `end`; empty where none do."""
    found: dict[str, list[Rule]] = {start: []}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for (begin, to), rule in ways.items():
            if begin == here and to not in found:
                found[to] = [*found[here], rule]
                waiting.append(to)
    return found.get(end, [])
