"""Hours, pay and weeks of a trial: kept as they were offered, and told in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.jobs.models import HiringPlan, Job
from trials.offering.models import Trial
from trials.planning import schedule, terms
from trials.planning.models import PlannedCheckIn, TrialWeek


@dataclass(frozen=True)
class Week:
    """A week of a trial, in words for whoever reads it now."""

    number: int
    work: str
    aim: str


def kept(plan: HiringPlan) -> dict[str, Any]:
    """What a plan offers, as a trial keeps it."""
    offered = terms.of(plan)
    return {
        "hours_a_week": offered.hours_a_week,
        "pay": None if offered.pay is None else str(offered.pay),
        "pay_currency": offered.pay_currency,
        "pay_period": offered.pay_period,
        "note": offered.note,
    }


def hours(trial: Trial) -> str:
    """At most how many hours a week; empty when nothing was said."""
    most = trial.terms.get("hours_a_week")
    return ngettext("%(n)d hour a week at most", "%(n)d hours a week at most", most) % {"n": most} if most else ""


def pay(trial: Trial) -> str:
    """What they are paid; empty when nothing was said."""
    if not trial.terms.get("pay"):
        return ""
    amount = number_format(trial.terms["pay"], force_grouping=True)
    return f"{amount} {trial.terms['pay_currency']} {Job.Period(trial.terms['pay_period']).label}"


def note(trial: Trial) -> str:
    """What else the candidate should know."""
    return str(trial.terms.get("note") or "")


def length(days: int) -> str:
    """As "4 weeks", or "10 days" where it is no number of weeks."""
    weeks, rest = divmod(days, 7)
    if weeks and not rest:
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def weeks(plan: HiringPlan) -> list[Week]:
    """What the weeks are for, as far as the plan says."""
    return [Week(row.number, str(row.get_work_display()), row.aim) for row in TrialWeek.objects.filter(plan=plan)]


def check_in_days(plan: HiringPlan, starts_on: date, ends_on: date) -> list[date]:
    """On which days people would be asked, for a trial that is not planned yet."""
    planned = [starts_on + timedelta(days=row.day) for row in PlannedCheckIn.objects.filter(plan=plan)]
    within = [day for day in planned if day <= ends_on]
    return within or schedule.check_in_days(starts_on, ends_on, every=plan.check_in_days)


def answer_time(plan: HiringPlan) -> timedelta:
    """How long a candidate may think about an offer."""
    return timedelta(days=terms.of(plan).answer_days)


def in_lines(weeks: list[Week]) -> list[str]:
    """The weeks, a line each."""
    return [_week(one) for one in weeks]


def _week(one: Week) -> str:
    return _("Week %(number)d, %(work)s: %(aim)s") % {"number": one.number, "work": one.work, "aim": one.aim}
