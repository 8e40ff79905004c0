"""A trial in the candidate's words: its days, its people, what this week is for. Never what anybody thinks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from candidates.people.models import Application
from candidates.stages import Stage
from trials.models import Trial
from trials.offering import conditions, standing
from trials.offering.actions import current
from trials.offering.standing import Standing
from trials.planning import schedule


@dataclass(frozen=True)
class Told:
    """What stands on the candidate's page."""

    is_agreed: bool
    starts_on: date
    ends_on: date
    ends_at: datetime
    leader: str
    buddy: str
    week: int = 0
    weeks: int = 0
    work: str = ""
    aim: str = ""
    next_check_in: date | None = None
    paused_from: date | None = None
    paused_until: date | None = None


def told(application: Application, stage: Stage, *, at: datetime) -> Told | None:
    """The trial of an application that stands there for the candidate; none when it was ended, or no longer counts.

    Whether a verdict was given does not show: it is told by people.
    """
    trial = current(application) if stage == Stage.TRIAL else None
    if trial is None or trial.ended_at:
        return None
    stands = standing.of(trial, at=at)
    pause = stands.pause
    week = 0 if pause and pause.from_on <= stands.today else stands.week
    weeks = {one.number: one for one in conditions.weeks(application.plan)} if week else {}
    return Told(
        is_agreed=trial.agreed_at is not None,
        starts_on=trial.starts_on,
        ends_on=trial.ends_on,
        ends_at=schedule.local(trial.ends_on, schedule.EVENING, application.job.zone),
        leader=str(trial.leader),
        buddy=trial.buddy_name,
        week=week,
        weeks=stands.weeks,
        work=weeks[week].work if week in weeks else "",
        aim=weeks[week].aim if week in weeks else "",
        next_check_in=None if pause and pause.until_on is None else _next_check_in(trial, stands),
        paused_from=pause.from_on if pause else None,
        paused_until=pause.until_on if pause else None,
    )


def _next_check_in(trial: Trial, stands: Standing) -> date | None:
    to_come = trial.check_ins.filter(called_off_at=None, due_on__gte=stands.today, cards__role="candidate")
    return to_come.order_by("due_on").values_list("due_on", flat=True).first()
