"""How it went in the end: what became of applications that reached a trial, as one row each.

It is what signals are checked against later. It is never mixed into the composite, which would then be checked
against itself. It asks no firewall: whoever shows it must. What new colleagues say looking back is for recruiters
alone (`may_read_colleague`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, Sum

from ats.desk import roles
from candidates.models import Application, Ask, Event
from trials.afterwards.pulses import CALLED_OFF
from trials.figures.metrics import LOWER_IS_BETTER, Metric
from trials.figures.models import Agent, Figure
from trials.figures.weeks import COUNTS, LONGEST, MiddleMonday
from trials.models import Approval, FigureTarget, Pulse, Trial, Verdict

DECIDED = (Approval.Decision.APPROVE, Approval.Decision.REFUSE, Approval.Decision.SEND_BACK)
ON_TRIAL = "agent__application__trials__"


@dataclass(frozen=True)
class Wanted:
    """A figure that the trial should reach: value over all of it (of counts a week's), None where nobody knows it.

    `n` is how many cases it stands on, None where that is not known.
    """

    metric: Metric
    target: float
    value: float | None = None
    n: int | None = None

    @property
    def is_reached(self) -> bool:
        """Whether it is as good as wanted."""
        if self.value is None:
            return False
        return self.value <= self.target if self.metric in LOWER_IS_BETTER else self.value >= self.target


@dataclass
class Outcome:
    """What became of one application; empty where nothing is known yet."""

    verdict: str = ""  # a value of Verdict.Kind: the last one
    extensions: int = 0
    ended_early: bool = False
    approval: str = ""  # a value of Approval.Decision: the last decided
    figures: list[Wanted] = field(default_factory=list)
    pulse_lead: Pulse | None = None  # also while it waits for an answer
    pulse_colleague: Pulse | None = None
    still_here: bool | None = None  # False when a recruiter said that they left; nobody knows otherwise

    @property
    def measured(self) -> list[Wanted]:
        """The wanted figures of which something is known."""
        return [one for one in self.figures if one.value is not None]

    @property
    def reached(self) -> list[Wanted]:
        """Those that are as good as wanted."""
        return [one for one in self.figures if one.is_reached]

    @property
    def n(self) -> int:
        """How many cases the measured figures stand on, as far as that is known."""
        return sum(one.n or 0 for one in self.measured)

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell."""
        told = self.verdict or self.approval or self.measured or self.pulse_lead or self.pulse_colleague
        return bool(told or self.ended_early or self.still_here is not None)


def of(applications: Iterable[Application]) -> dict[int, Outcome]:
    """The outcomes of many, by the application's key, in seven queries however many they are."""
    wanted = list(applications)
    found = {one.pk: Outcome() for one in wanted}
    _add_trials(found)
    _add_verdicts(found)
    _add_approvals(found)
    _add_figures(wanted, found)
    _add_pulses(found)
    told = Event.objects.filter(application__in=found, name=CALLED_OFF, data__has_left=True)
    for pk in told.values_list("application", flat=True):
        found[pk].still_here = False
    return found


def may_read_colleague(user: Any, application: Application, outcome: Outcome, trial: Trial | None = None) -> bool:
    """Whether `user` may read what the new colleague says looking back: who recruits for the job and never led them."""
    led = {outcome.pulse_lead.ask.user_id if outcome.pulse_lead else None, trial.leader_id if trial else None}
    return user.pk not in led and roles.recruits(user, application.job)


def _add_trials(found: dict[int, Outcome]) -> None:
    ended = Trial.objects.current().filter(application__in=found, ended_at__isnull=False)
    for pk in ended.values_list("application", flat=True):
        found[pk].ended_early = True


def _add_verdicts(found: dict[int, Outcome]) -> None:
    verdicts = Verdict.objects.filter(trial__application__in=found, trial__replaced_at=None).order_by("pk")
    for pk, kind in verdicts.values_list("trial__application", "kind"):
        found[pk].verdict = kind
        found[pk].extensions += kind == Verdict.Kind.EXTEND


def _add_approvals(found: dict[int, Outcome]) -> None:
    decided = Approval.objects.filter(trial__application__in=found, trial__replaced_at=None, decision__in=DECIDED)
    for pk, decision in decided.order_by("decided_at", "pk").values_list("trial__application", "decision"):
        found[pk].approval = decision


def _add_pulses(found: dict[int, Outcome]) -> None:
    for pulse in Pulse.objects.filter(application__in=found).select_related("ask"):
        if pulse.role == Ask.Role.MANAGER:
            found[pulse.application_id].pulse_lead = pulse
        else:
            found[pulse.application_id].pulse_colleague = pulse


def _add_figures(applications: list[Application], found: dict[int, Outcome]) -> None:
    targets = defaultdict(list)
    for plan, metric, target in FigureTarget.objects.filter(plan__in={one.plan_id for one in applications}).values_list(
        "plan", "metric", "target"
    ):
        targets[plan].append((metric, float(target)))
    rows = defaultdict(list)
    for row in _weeks(found):
        rows[row["agent__application"], row["metric"]].append(row)
    for one in applications:
        found[one.pk].figures = [
            Wanted(Metric(metric), target, *_value(metric, rows[one.pk, metric]))
            for metric, target in targets[one.plan_id]
        ]


def _weeks(applications: Iterable[int]) -> Iterable[Any]:
    """A row for each application, figure and week of its trial, longer times apart; by the rules of `figures.weeks`."""
    number = DecimalField(max_digits=40, decimal_places=8)
    several = Figure.objects.filter(
        agent=OuterRef("agent"),
        metric=OuterRef("metric"),
        starts_on__lte=OuterRef("starts_on"),
        starts_on__gte=OuterRef("starts_on") - LONGEST,
        ends_on__gte=OuterRef("ends_on"),
        ends_on__lte=F("starts_on") + LONGEST,
    ).exclude(starts_on=OuterRef("starts_on"), ends_on=OuterRef("ends_on"))
    in_trial = {
        f"{ON_TRIAL}replaced_at": None,
        f"{ON_TRIAL}starts_on__lte": F("ends_on"),
        f"{ON_TRIAL}ends_on__gte": F("starts_on"),
    }
    on_trial = Figure.objects.filter(
        agent__part=Agent.Part.TRIAL, agent__application__in=list(applications), **in_trial
    )
    measured = on_trial.filter(Q(metric__in=COUNTS) | ~Q(n=0), ~Exists(several)).order_by()
    by_week = measured.values(
        "agent__application",
        "metric",
        is_long=Q(ends_on__gt=F("starts_on") + LONGEST),
        monday=MiddleMonday("starts_on", "ends_on"),
    )
    return by_week.annotate(
        rows=Count("pk"),
        known=Count("n"),
        cases=Sum("n"),
        plain=Sum("value"),
        weighted=Sum(F("value") * F("n"), output_field=number),
    )


def _value(metric: str, rows: list[dict[str, Any]]) -> tuple[float | None, int | None]:
    """Value and n over the trial; shares and means of more than a week count where nothing shorter is known."""
    short = [row for row in rows if not row["is_long"]]
    rows = short if short or metric in COUNTS else rows
    if not rows:
        return None, None
    plain, count = sum(row["plain"] for row in rows), sum(row["rows"] for row in rows)
    if metric in COUNTS:
        return float(plain / len(rows)), round(plain)
    if sum(row["known"] for row in rows) < count:
        return float(plain / count), None
    cases = sum(row["cases"] for row in rows)
    return float(sum(row["weighted"] for row in rows) / cases), cases
