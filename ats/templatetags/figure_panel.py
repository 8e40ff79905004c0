"""The help desk's figures of a trial, for the application's page, the verdict and the approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import number_format
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ats.desk import roles
from candidates.judging import firewall
from trials.figures import charts, weeks
from trials.figures.charts import Chart, rounded, shown
from trials.figures.weeks import Point, Reached, Series
from trials.models import Trial
from trials.planning import schedule

register = template.Library()


@dataclass(frozen=True)
class Row:
    """One line of the table, in words; n is empty where nobody knows it."""

    days: str
    is_running: bool
    value: str
    n: str
    interval: str
    team: str
    agents: int


@dataclass(frozen=True)
class Panel:
    """One figure: its chart and its table."""

    series: Series
    title: str
    target: str
    chart: Chart | None
    rows: list[Row]


@register.inclusion_tag("desk/trial_figures.html", takes_context=True)
def figures_of(
    context: Context, trial: Trial | None, *, is_open: bool | None = None, compact: bool = False
) -> dict[str, Any]:
    """A chart and a table for each figure. Four queries where they may be shown, none where they may not.

    Args:
        trial: whose figures; of none, or of one that is not agreed yet, nothing is shown.
        is_open: whether the reader may see judgements of the application; where the page does not say, the firewall
            is asked for whoever is signed in, and nobody else sees anything.
        compact: the tables are folded.
    """
    if not trial or not trial.agreed_at:
        return {"is_agreed": False}
    at, user = now(), getattr(context.get("request"), "user", None)
    if is_open is None:
        is_open = bool(user and user.is_authenticated) and firewall.is_open(trial.application, at=at, reader=user)
    return {
        "is_agreed": True,
        "is_open": is_open,
        "compact": compact,
        "panels": _panels(trial, at) if is_open else [],
        "may_connect": user is not None and roles.is_recruiter(user),
    }


def _panels(trial: Trial, at: datetime) -> list[Panel]:
    today = schedule.local_day(at, trial.application.job.zone)
    found = weeks.of(trial, today=today)
    tools = {series.tool for series in found if series.tool}
    return [_panel(series, with_tool=len(tools) > 1) for series in found]


def _panel(series: Series, *, with_tool: bool) -> Panel:
    title = f"{series.metric.label} ({series.tool_name})" if with_tool and series.tool else str(series.metric.label)
    told = [point for point in series.points if point.own or point.team is not None]
    rows = [_row(series, point) for point in told] + _longer(series)
    return Panel(
        series=series,
        title=title[:1].upper() + title[1:],
        target=_target(series),
        chart=charts.draw(series) if series.measured else None,
        rows=rows if series.measured or series.longer else [],
    )


def _target(series: Series) -> str:
    if series.target is None:
        return ""
    said = _("at most %s") if series.is_lower_better else _("at least %s")
    return said % rounded(series.target)


def _row(series: Series, point: Point) -> Row:
    team = "" if point.team is None else shown(series.metric, point.team)
    return Row(
        days=charts.day(point.week.starts_on),
        is_running=not point.week.is_over,
        **_said(series, point.own),
        team=team,
        agents=point.agents,
    )


def _longer(series: Series) -> list[Row]:
    """Figures that cover more than a week: there is no team to lay beside them."""
    return [
        Row(
            f"{charts.day(one.starts_on)} – {charts.day(one.ends_on)}",
            False,
            **_said(series, one.own),
            team="",
            agents=0,
        )
        for one in series.longer
    ]


def _said(series: Series, own: Reached | None) -> dict[str, str]:
    if own is None:
        return {"value": "", "n": "", "interval": ""}
    interval = own.interval
    ends = f"{shown(series.metric, interval.low)} – {shown(series.metric, interval.high)}" if interval else ""
    n = "" if own.n is None else number_format(own.n, use_l10n=True)
    return {"value": shown(series.metric, own.value), "n": n, "interval": ends}
