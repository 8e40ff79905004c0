"""Saving, switching and deleting the rules of a plan: also of a locked one, for rules are how it runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ats.automation import checking
from ats.automation.models import Rule
from ats.automation.occasions import LOOK_BACK
from ats.content.rules import ShippedRule
from candidates.jobs.models import HiringPlan
from candidates.pipeline import NotAllowed
from candidates.staff.models import User


class Refused(NotAllowed):
    """A rule cannot be saved so; `objections` name what is wrong beside its cause."""

    def __init__(self, objections: Sequence[checking.Objection]) -> None:
        super().__init__(" ".join(one.words for one in objections))
        self.objections = list(objections)


@transaction.atomic
def save(rule: Rule, *, at: datetime, by: User) -> Rule:
    """Keep a rule, new or changed. One at work goes on from now: it does not look back with its new words.

    Raises:
        Refused: it contradicts another rule, leads in a circle, or cannot be done.
    """
    _lock(rule.plan)
    others = list(Rule.objects.filter(plan=rule.plan).select_related("plan"))
    found = checking.objections(rule, others)
    if any(one.name.casefold() == rule.name.casefold() and one.pk != rule.pk for one in others):
        found = [checking.Objection("name", _("Another rule of this plan has this name.")), *found]
    if found:
        raise Refused(found)
    is_new = rule.pk is None
    if is_new:
        rule.position = (max((one.position for one in others), default=0)) + 10
    if rule.mode != Rule.Mode.OFF:
        rule.since = at
    rule.changed_at, rule.changed_by_name = at, str(by)
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise Refused([checking.Objection("", _("A colleague changed the rules meanwhile. Look again."))]) from error
    _log(rule, _("New rule “%s”") if is_new else _("Rule “%s” changed"), by)
    return rule


@transaction.atomic
def switch(rule: Rule, mode: Rule.Mode, *, at: datetime, by: User, also_now: bool = False) -> None:
    """Let a rule act, only suggest, or nothing of both.

    Args:
        also_now: whether it acts on what has happened already and nobody has decided on since; else it looks only
            at what happens from now on.

    Raises:
        Refused: it contradicts another rule of the plan by now.
    """
    _lock(rule.plan)
    current = Rule.objects.select_related("plan").get(pk=rule.pk)
    if current.mode == mode and not also_now:
        return
    if mode != Rule.Mode.OFF:
        others = list(Rule.objects.filter(plan=current.plan).select_related("plan"))
        if found := checking.objections(current, others):
            raise Refused(found)
    if also_now:
        current.since = at - LOOK_BACK
    elif current.mode == Rule.Mode.OFF:
        current.since = at
    current.mode, current.changed_at, current.changed_by_name = mode, at, str(by)
    current.save()
    _log(
        current,
        {"off": _("Rule “%s”: off"), "suggest": _("Rule “%s”: suggests"), "act": _("Rule “%s”: acts")}[mode],
        by,
    )
    rule.refresh_from_db()


@transaction.atomic
def delete(rule: Rule, *, by: User) -> None:
    """Delete a rule; what it did stays on the timelines and in the list of firings, under its name.

    Raises:
        NotAllowed: it is at work.
    """
    _lock(rule.plan)
    if Rule.objects.at_work().filter(pk=rule.pk).exists():
        raise NotAllowed(_("Switch it off first."))
    _log(rule, _("Rule “%s” deleted"), by)
    rule.delete()


@transaction.atomic
def add_ready(plan: HiringPlan, *, at: datetime, by: User) -> int:
    """Add the ready rules that a plan lacks, all off. Returns how many."""
    _lock(plan)
    there = Rule.objects.filter(plan=plan)
    keys, names = set(there.values_list("key", flat=True)), set(there.values_list("name", flat=True))
    start = there.aggregate(last=Max("position"))["last"] or 0
    missing = [one for one in ShippedRule.ready() if one.key not in keys and one.rule_name not in names]
    for number, one in enumerate(missing, start=1):
        one.write_to(plan, position=start + 10 * number)
    if missing:
        told = ngettext("%d ready rule added, off", "%d ready rules added, all off", len(missing)) % len(missing)
        LogEntry.objects.log_actions(by.pk, [plan], CHANGE, told, single_object=True)
    return len(missing)


def _lock(plan: HiringPlan) -> None:
    """Of two who change the rules of a plan one waits: each looks at what the other made."""
    HiringPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)


def _log(rule: Rule, text: str, by: User) -> None:
    LogEntry.objects.log_actions(by.pk, [rule.plan], CHANGE, text % rule.name, single_object=True)
