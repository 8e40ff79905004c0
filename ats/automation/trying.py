"""What a rule would do now: to whom and why, and to whom not and why. Everything is tried and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from ats.automation import deciding, deeds, rules, words
from ats.automation.actions import LONG
from ats.automation.conditions import Case
from ats.automation.deciding import Past
from ats.automation.models import AHEAD, Firing, Rule
from ats.automation.occasions import falls_due
from candidates.judging import firewall
from candidates.people.models import Application, Event
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask

LOOKED_AT = 300  # applications at most, the latest moved first
TRIED = 25  # of them are really tried


@dataclass
class Trial:
    """What one rule would make of the applications that stand there now."""

    rule: Rule
    yes: list[tuple[Application, str]] = field(default_factory=list)
    no: list[tuple[Application, str]] = field(default_factory=list)
    is_capped: bool = False


class _Undone(Exception):
    """Ends a try."""


def of(rule: Rule, *, reader: Any, at: datetime) -> Trial:
    """Try `rule` on the open applications of its plan, as if it had been at work; nothing stays written.

    Who owes a rating on an application is not told what the rule would make of it, where it looks at judgements.
    """
    found = _concerned(rule, reader, at)
    trial = Trial(rule, is_capped=len(found) > LOOKED_AT)
    shown = found[:LOOKED_AT]
    past, asked = Past([one.pk for one in shown]), _overdue(rule, shown, at)
    heard, met = _heard(rule, shown), _met(rule, shown)
    cases = deciding.cases(shown, judged=[one.pk for one in shown] if rule.judges else [], at=at)
    for one in shown:
        if rule.judges and not one.owes_nothing:
            trial.no.append((one, _("You owe a rating on it yourself, so this is not told.")))
        elif told := _not_yet(rule, one, heard.get(one.pk, 0), one.pk in asked, met.get(one.pk), at):
            trial.no.append((one, told))
        else:
            _decide(trial, rule, cases[one.pk], heard.get(one.pk) or past.last_move(one.pk), past, at)
    return trial


def _decide(trial: Trial, rule: Rule, case: Case, event: int, past: Past, at: datetime) -> None:
    answer = deciding.answer(rule, event, case, past)
    if not answer.is_yes:
        trial.no.append((case.application, answer.reason))
    elif len(trial.yes) < TRIED and (refused := _refused(rule, case.application, event, at)):
        trial.no.append((case.application, refused))
    else:
        trial.yes.append((case.application, answer.reason))


def _concerned(rule: Rule, reader: Any, at: datetime) -> list[Any]:
    """The open applications of the plan that `reader` may see, where the rule's occasion can lie."""
    visible = Application.objects.open().filter(plan=rule.plan_id, pk__in=Application.objects.visible_to(reader))
    if stage := words.comes_from(rule):
        visible = visible.filter(stage=stage)
    if rule.when == Rule.When.KNOCK_OUT:
        visible = visible.filter(is_marked=True)
    told = visible.annotate(owes_nothing=~Exists(firewall.owed_by(reader, at=at).filter(application=OuterRef("pk"))))
    related = told.select_related("candidate", "job", "plan").defer(*LONG)
    return list(related.order_by("-stage_since", "-pk")[: LOOKED_AT + 1])


def _heard(rule: Rule, applications: Iterable[Application]) -> dict[int, int]:
    """The last event that the rule listens to, by application."""
    if not rule.listens_to:
        return {}
    keys = [one.pk for one in applications]
    events = Event.objects.filter(application__in=keys, name=rule.listens_to).order_by()
    return dict(events.values("application").annotate(last=Max("pk")).values_list("application", "last"))


def _overdue(rule: Rule, applications: Iterable[Application], at: datetime) -> set[int]:
    if rule.when != Rule.When.OVERDUE:
        return set()
    late = Ask.objects.open().filter(page=rule.page, due_at__lte=at, application__in=[one.pk for one in applications])
    return set(late.values_list("application", flat=True))


def _met(rule: Rule, applications: Iterable[Application]) -> dict[int, Firing]:
    """The last firing of the rule, by application, of those that keep it from acting once more."""
    keys = [one.pk for one in applications]
    firings = Firing.objects.filter(rule=rule, application__in=keys).order_by("pk")
    return {
        one.application_id: one for one in firings.exclude(Q(occasion=AHEAD) & ~Q(outcome=Firing.Outcome.DISMISSED))
    }


def _not_yet(rule: Rule, one: Application, heard: int, is_overdue: bool, met: Firing | None, at: datetime) -> str:
    if met and (met.occasion == AHEAD or met.at >= one.stage_since):
        told = {"outcome": met.get_outcome_display(), "name": met.settled_by_name}
        return _("Met before: %(outcome)s %(name)s").strip() % told
    if rule.listens_to and not heard:
        return _("Not so far: %s.") % words.when(rule)
    if rule.when == Rule.When.OVERDUE and not is_overdue:
        return _("Nothing of the kind is overdue.")
    if rule.when == Rule.When.DAYS and falls_due(rule, one) > at:
        return _("It has not stood there long enough yet.")
    return ""


def _refused(rule: Rule, application: Application, event: int, at: datetime) -> str:
    """Why its verb would refuse, found out by doing it in a transaction that is rolled back; empty when it works."""
    try:
        with transaction.atomic():
            fresh = Application.objects.select_related("candidate", "job", "plan").get(pk=application.pk)
            firing = Firing(rule=rule, rule_name=rule.name, application=fresh, occasion="try", at=at)
            firing.outcome = Firing.Outcome.ACTED
            firing.save(force_insert=True)
            deeds.do(firing, fresh, at=at, by=rules.actor(rule, event))
            raise _Undone
    except _Undone:
        return ""
    except NotAllowed as refused:
        return str(refused)
