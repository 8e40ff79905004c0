"""Rules look at what they have not looked at, and do or suggest what their plan allows; people agree, refuse, undo.

Whatever came of an occasion is a `Firing`; its constraint makes a rule meet each occasion once, also after an undo.
What rules do, they do under the application's lock, so that a person's move comes wholly before or wholly after.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from ats.automation import deciding, deeds, occasions, rules
from ats.automation.conditions import Case
from ats.automation.deciding import Answer, Past
from ats.automation.models import AHEAD, Firing, Rule
from ats.automation.occasions import Occasion
from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.staff.models import User

MOST = 20_000  # occasions found by one query, which costs by what there is, not by what it gives
AT_ONCE = 500  # of them with their applications in memory
ACTED, SUGGESTED, FAILED = "rule.acted", "rule.suggested", "rule.failed"
TAKEN, DISMISSED = "rule.taken", "rule.dismissed"
LONG = ("letter", "job__description")
Outcome = Firing.Outcome
logger = logging.getLogger(__name__)


def act(*, at: datetime) -> int:
    """Look at everything that rules at work have not looked at; returns how many did what they say.

    Safe to run at any time, several times at once and after any crash: what is done is done in a transaction of its
    own, which keeps the outcome. What fails for a reason of the moment is left to the next sweep.
    """
    total = 0
    while found := occasions.due(at=at, most=MOST):
        some = [_look_at(found[start : start + AT_ONCE], at) for start in range(0, len(found), AT_ONCE)]
        total += sum(acted for acted, _settled in some)
        if len(found) < MOST or not any(settled for _acted, settled in some):
            break
    return total


def _look_at(found: Sequence[Occasion], at: datetime) -> tuple[int, int]:
    """How many acted, and how many occasions are dealt with."""
    known = Rule.objects.in_bulk({one.rule for one in found})
    applications = _read(one.application for one in found)
    judging = {one.application for one in found if known[one.rule].judges}
    cases, past = deciding.cases(applications.values(), judged=judging, at=at), Past(applications)
    quiet: list[Firing] = []
    todo: list[Firing] = []
    for one in found:
        rule, event = known[one.rule], one.event or past.last_move(one.application)
        answer = deciding.answer(rule, event, cases[one.application], past)
        firing = _firing(rule, one.application, one.name, event, answer, at)
        (quiet if answer.outcome in (Outcome.NOT_MET, Outcome.OVERTAKEN) else todo).append(firing)
    Firing.objects.bulk_create(quiet, ignore_conflicts=True)
    outcomes = [_try(firing, at) for firing in todo]
    return outcomes.count(Outcome.ACTED), len(quiet) + len(outcomes) - outcomes.count(None)


def _read(keys: Iterable[int]) -> dict[int, Application]:
    related = Application.objects.select_related("candidate", "job", "plan").defer(*LONG)
    return related.in_bulk(set(keys))


def _firing(rule: Rule, application: int, occasion: str, event: int, answer: Answer, at: datetime) -> Firing:
    firing = Firing(rule=rule, rule_name=rule.name, application_id=application, occasion=occasion, at=at)
    firing.event_id, firing.outcome, firing.reason = event or None, answer.outcome, answer.reason
    return firing


def _try(firing: Firing, at: datetime) -> Outcome | None:
    """What came of it; None when it is left to the next sweep, or another sweep has it."""
    try:
        return _fire(firing, at)
    except (OperationalError, InterfaceError):
        logger.warning("A rule is tried again by the next sweep.", exc_info=True)
    except Exception as error:  # whatever is wrong with this one, the others have their turn
        logger.exception("The rule %s could not act on application %s.", firing.rule_id, firing.application_id)
        told = _("Something went wrong that nobody foresaw (%s).") % type(error).__name__
        return _keep_failure(firing, told, at)
    return None


@transaction.atomic
def _fire(firing: Firing, at: datetime) -> Outcome | None:
    """Look again under the lock, and do or suggest it."""
    application = _lock(firing.application_id)
    rule = firing.rule
    met = Firing.objects.filter(rule=rule, application=application, occasion__in=[firing.occasion, AHEAD])
    if rule is None or met.exclude(occasion=AHEAD, outcome=Outcome.UNDONE).exists():
        return None
    answer = deciding.answer(rule, firing.event_id or 0, Case(application, at=at), Past([application.pk]))
    firing.outcome, firing.reason = answer.outcome, answer.reason
    firing.save(force_insert=True)
    if answer.outcome == Outcome.FAILED:
        _tell_failure(firing, application, at)
    elif answer.outcome == Outcome.SUGGESTED:
        _record(firing, application, SUGGESTED, rules.actor(rule, firing.event_id or 0), at)
    elif answer.outcome == Outcome.ACTED:
        _do_or_fail(firing, rule, application, at)
    return Outcome(firing.outcome)


def _do_or_fail(firing: Firing, rule: Rule, application: Application, at: datetime) -> None:
    """Do it; what its verb refuses is undone to the last row, kept with the words and told once."""
    by = rules.actor(rule, firing.event_id or 0)
    try:
        with transaction.atomic():
            _do_and_record(firing, application, ACTED, by, at)
    except NotAllowed as refused:
        firing.outcome, firing.reason, firing.data = Outcome.FAILED, str(refused), {}
        firing.save(update_fields=["outcome", "reason", "data"])
        _tell_failure(firing, application, at)


def _do_and_record(firing: Firing, application: Application, name: str, by: Actor, at: datetime) -> None:
    """The event that says why comes first: what it does, a move for example, ends up last on the timeline."""
    _record(firing, application, name, by, at)
    firing.data = deeds.do(firing, application, at=at, by=by)
    firing.save(update_fields=["data"])


def _record(firing: Firing, application: Application, name: str, by: Actor, at: datetime) -> None:
    told = {"reason": firing.reason, "firing": firing.pk, "rule_name": firing.rule_name}
    pipeline.record(application, name, at=at, by=by, **told)


def _tell_failure(firing: Firing, application: Application, at: datetime) -> None:
    rule = firing.rule
    if rule:
        _record(firing, application, FAILED, rules.actor(rule, firing.event_id or 0), at)
    deeds.tell_failure(firing, application, at=at)


@transaction.atomic
def _keep_failure(firing: Firing, told: str, at: datetime) -> Outcome | None:
    application = _lock(firing.application_id)
    if Firing.objects.filter(rule=firing.rule, application=application, occasion=firing.occasion).exists():
        return None
    firing.pk, firing.data, firing.outcome, firing.reason = None, {}, Outcome.FAILED, told
    firing.save(force_insert=True)
    _tell_failure(firing, application, at)
    return Outcome.FAILED


def _lock(pk: int) -> Application:
    """The application locked as by `pipeline.lock`, with what deeds read of it."""
    locked = Application.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("candidate", "job", "plan").defer(*LONG).get(pk=pk)


@transaction.atomic
def take(firing: Firing, *, at: datetime, by: User) -> None:
    """Do what a rule suggested or could not do, if everything still holds.

    Raises:
        NotAllowed: somebody was quicker, something does not hold any more, or its verb refuses.
    """
    application = _lock(firing.application_id)
    current = _settleable(firing, Outcome.SUGGESTED, Outcome.FAILED)
    rule, event = current.rule, current.event_id or 0
    if rule is None:
        raise NotAllowed(_("The rule was deleted meanwhile."))
    answer = deciding.answer(rule, event, Case(application, at=at), Past([application.pk]))
    if not answer.is_yes and answer.outcome != Outcome.FAILED:  # a person looks: the chain of rules ends here
        raise NotAllowed(answer.reason)
    current.reason = current.reason if current.outcome == Outcome.SUGGESTED else deciding.because(rule)
    _settle(current, Outcome.TAKEN, at, by)
    _do_and_record(current, application, TAKEN, rules.agreed(rule, event, by), at)


@transaction.atomic
def dismiss(firing: Firing, *, at: datetime, by: User) -> None:
    """Not this time: a suggestion, or what could not be done, is put away.

    Raises:
        NotAllowed: somebody was quicker.
    """
    application = _lock(firing.application_id)
    current = _settleable(firing, Outcome.SUGGESTED, Outcome.FAILED)
    _settle(current, Outcome.DISMISSED, at, by)
    _record(current, application, DISMISSED, Actor.person(by), at)


@transaction.atomic
def keep_away(rule: Rule, application: Application, *, at: datetime, by: User) -> Firing:
    """Keep a rule from this application, whatever happens, until somebody lets it act again."""
    locked = _lock(application.pk)
    new = Firing(rule=rule, rule_name=rule.name, application=locked, occasion=AHEAD, at=at)
    new.reason = _("It is not to act on this application.")
    firing = Firing.objects.filter(rule=rule, application=locked, occasion=AHEAD).first() or new
    if firing.pk is None or firing.outcome != Outcome.DISMISSED:
        _settle(firing, Outcome.DISMISSED, at, by)
        _record(firing, locked, DISMISSED, Actor.person(by), at)
    return firing


@transaction.atomic
def let_act(rule: Rule, application: Application, *, at: datetime, by: User) -> None:
    """Let a rule act on this application again; what happened meanwhile it meets now."""
    locked = _lock(application.pk)
    kept = Firing.objects.filter(rule=rule, application=locked, occasion=AHEAD, outcome=Outcome.DISMISSED).first()
    if kept:
        _settle(kept, Outcome.UNDONE, at, by)
        _record(kept, locked, "rule.allowed", Actor.person(by), at)


def _settleable(firing: Firing, *outcomes: Outcome) -> Firing:
    """The firing as it is now.

    Raises:
        NotAllowed: it is settled.
    """
    current = Firing.objects.select_related("rule").get(pk=firing.pk)
    if current.outcome not in outcomes:
        told = {"outcome": current.get_outcome_display(), "name": current.settled_by_name or current.rule_name}
        raise NotAllowed(_("This is settled already: %(outcome)s (%(name)s).") % told)
    return current


def _settle(firing: Firing, outcome: Outcome, at: datetime, by: User) -> None:
    firing.outcome, firing.settled_at, firing.settled_by_name = outcome, at, str(by)
    firing.save()
