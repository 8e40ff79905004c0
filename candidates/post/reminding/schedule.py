"""The one seam between what a plan says of a stage and the times of an ask: deadline, reminders, who is told when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from candidates.jobs.models import PlanStage
from candidates.post.reminding import working_time
from candidates.post.reminding.working_time import Calendar


@dataclass(frozen=True)
class Within:
    """What a plan says of a stage, as one request takes it.

    `share` is how much of the plan's time it may take; `patience` goes from the deadline to when others are told,
    where the plan does not say.
    """

    stage: PlanStage
    share: float = 1
    patience: timedelta | None = None


@dataclass(frozen=True)
class Times:
    """When it is due, when its person is reminded, and when whom is told that nothing came."""

    due_at: datetime
    before: tuple[datetime, ...]
    last: tuple[datetime, ...]  # none or one
    escalate_at: datetime | None
    escalate_to: str

    @property
    def reminders(self) -> tuple[datetime, ...]:
        """All of them, in order."""
        return tuple(sorted({*self.before, *self.last}))


def of(within: PlanStage | Within, calendar: Calendar, *, at: datetime, due_at: datetime | None = None) -> Times:
    """What the plan says, in moments.

    Args:
        within: the plan's row for the stage; the notice shrinks with the share of its time.
        calendar: of whoever is asked; where the plan counts working days, theirs count.
        at: from when on.
        due_at: the deadline, where something else than the plan sets it.
    """
    taken = within if isinstance(within, Within) else Within(within)
    time, share, patience = taken.stage, taken.share, taken.patience
    days = _days(time, calendar)
    due = due_at or days(at, time.days * share)
    notices = [notice for notice in (time.remind_days, time.remind_again_days) if notice is not None]
    last = [] if time.remind_last_days is None else [days(due, time.remind_last_days)]
    told_after = None if patience is None else due + patience
    return Times(
        due_at=due,
        before=tuple(days(due, -notice * share) for notice in notices),
        last=tuple(last),
        escalate_at=told_after if time.escalate_days is None else days(due, time.escalate_days),
        escalate_to=time.escalate_to,
    )


def _days(time: PlanStage, calendar: Calendar) -> Callable[[datetime, float], datetime]:
    return partial(working_time.ahead, calendar) if time.working_days else _plain


def _plain(at: datetime, days: float) -> datetime:
    return at + timedelta(days=days)
