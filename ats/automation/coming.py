"""What happens next by itself to one application: which rules wait for what, and when those that count days act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ats.automation import words
from ats.automation.models import AHEAD, Firing, Rule
from ats.automation.occasions import falls_due
from candidates.people.models import Application
from candidates.post.models import Ask

MOST = 30


@dataclass(frozen=True)
class Next:
    """One rule that can still act on an application from where it stands."""

    rule: Rule
    sentence: str
    at: datetime | None  # when it acts, if nothing comes in between; None where it waits for something
    waits_for: str
    is_kept_away: bool


def firings_of(application: Application) -> list[Firing]:
    """What rules made of `application` so far, the latest first, without what came to nothing."""
    quiet = [Firing.Outcome.NOT_MET, Firing.Outcome.OVERTAKEN]
    found = Firing.objects.filter(application=application).exclude(outcome__in=quiet).select_related("rule")
    return list(found.order_by("-pk")[:MOST])


def of(application: Application, firings: Sequence[Firing], asks: Iterable[Ask]) -> list[Next]:
    """What may come, the nearest first. Two queries, one of them only where a rule names a colleague.

    Args:
        firings: of `firings_of`.
        asks: what is open of the application.
    """
    if not application.is_open:
        return []
    rules = list(Rule.objects.at_work().filter(plan=application.plan_id))
    names, waiting = words.named(rules), list(asks)
    found = [_next(rule, application, firings, waiting, names) for rule in rules]
    return sorted((one for one in found if one), key=lambda one: (one.at is None, one.at or application.stage_since))


def _next(
    rule: Rule, application: Application, firings: Sequence[Firing], asks: list[Ask], names: dict[int, str]
) -> Next | None:
    if words.comes_from(rule) not in ("", application.stage) or _is_past(rule, application):
        return None
    mine = [one for one in firings if one.rule_id == rule.pk]
    is_kept = any(one.occasion == AHEAD and one.outcome == Firing.Outcome.DISMISSED for one in mine)
    if any(one.occasion != AHEAD and one.at >= application.stage_since for one in mine):
        return None
    at = _when(rule, application, asks)
    if rule.when == Rule.When.OVERDUE and at is None:
        return None
    waits_for = "" if at else _("waits until %s") % words.when(rule)
    return Next(rule, words.sentence(rule, people=names), at, waits_for, is_kept)


def _is_past(rule: Rule, application: Application) -> bool:
    """Whether its occasion was the arrival in this stage, or lies before the rule was at work."""
    if rule.listens_to == f"stage.{application.stage}":
        return True
    return rule.when == Rule.When.DAYS and rule.since is not None and falls_due(rule, application) <= rule.since


def _when(rule: Rule, application: Application, asks: list[Ask]) -> datetime | None:
    if rule.when == Rule.When.DAYS:
        return falls_due(rule, application)
    due = [one.due_at for one in asks if one.page == rule.page] if rule.when == Rule.When.OVERDUE else []
    return min(due, default=None)
