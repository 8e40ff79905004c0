"""What should be looked at early in a trial, for the application's page, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils import formats
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ats.desk.views import warnings as views
from candidates.models import Ask
from candidates.people.models import Application
from trials.check_ins import warnings
from trials.check_ins.forms import SeenToForm
from trials.figures.metrics import Metric, Tool
from trials.models import EarlyWarning, Trial

register = template.Library()
Told = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One warning: what it stands on, in words, and the form to say what was done."""

    warning: EarlyWarning
    stands_on: list[str]
    form: SeenToForm | None


@register.inclusion_tag("desk/early_warnings.html")
def early_warnings(application: Application, trial: Trial | str | None, is_open: bool, reader: Any) -> dict[str, Any]:
    """Each warning of the trial that `reader` may know of, those to be seen to first. One query, however many."""
    if not isinstance(trial, Trial) or trial.agreed_at is None:
        return {"rows": []}
    found = warnings.shown(application, is_open=is_open)
    may_see_to = views.may_see_to(reader, application, trial)
    rows = [_row(one, application, trial, may_see_to=may_see_to) for one in found]
    return {
        "rows": [row for row in rows if not row.warning.seen_at],
        "seen": [one for one in rows if one.warning.seen_at],
        "is_open": is_open,
    }


def _row(warning: EarlyWarning, application: Application, trial: Trial, *, may_see_to: bool) -> Row:
    names = {
        Ask.Role.CANDIDATE.value: application.candidate.name,
        Ask.Role.BUDDY.value: trial.buddy_name,
        Ask.Role.MANAGER.value: str(trial.leader),
    }
    form = views.form_of(warning) if may_see_to and not warning.seen_at else None
    return Row(warning, list(_TOLD[warning.kind](warning.data, names)), form)


def _late(data: Told, names: dict[str, str]) -> Iterable[str]:
    who = get_text_list([names[role] for role in data["roles"]], _("and"))
    numbers = get_text_list([str(number) for number in data["check_ins"]], _("and"))
    count = len(data["check_ins"])
    yield ngettext(
        "Nothing had come from %(who)s for check-in %(numbers)s.",
        "Nothing had come from %(who)s for check-ins %(numbers)s.",
        count,
    ) % {"who": who, "numbers": numbers}


def _low(data: Told, names: dict[str, str]) -> Iterable[str]:
    yield str(data["competency"])
    for one in data["said"]:
        told = {"who": names[one["role"]], "score": one["score"], "number": one["check_in"]}
        yield _("%(score)d of 5 by %(who)s at check-in %(number)d") % told


def _exhausted(data: Told, names: dict[str, str]) -> Iterable[str]:
    told = {"who": names[Ask.Role.CANDIDATE], "number": data["check_in"]}
    if data["tired"]:
        yield _("At check-in %(number)d %(who)s was drained and worn out on most days.") % told
    if data["leaving"]:
        yield _("At check-in %(number)d %(who)s would rather not stay.") % told


def _falling(data: Told, _names: dict[str, str]) -> Iterable[str]:
    metric, target = Metric(data["metric"]).label, formats.number_format(data["target"])
    yield _("%(metric)s (%(tool)s), wanted: %(target)s") % {
        "metric": str(metric).capitalize(),
        "tool": Tool(data["tool"]).label,
        "target": target,
    }
    for one in data["weeks"]:
        day = formats.date_format(date.fromisoformat(one["from"]), "j M")
        told = {"day": day, "value": formats.number_format(one["value"]), "n": one["n"]}
        yield _("week of %(day)s: %(value)s, n %(n)d") % told


_TOLD: dict[str, Callable[[Told, dict[str, str]], Iterable[str]]] = {
    EarlyWarning.Kind.LATE: _late,
    EarlyWarning.Kind.RATINGS: _low,
    EarlyWarning.Kind.EXHAUSTED: _exhausted,
    EarlyWarning.Kind.FIGURES: _falling,
}
