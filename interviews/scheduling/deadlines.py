"""What follows from the time of an interview: when its scorecards are due and reminded, when both sides are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from candidates.models import Ask, Stage
from candidates.post import asks
from candidates.post.reminding import calendars, schedule
from candidates.post.reminding.working_time import Calendar
from interviews.models import Interview

ASKED_AFTER = timedelta(hours=1)  # after the end: how was it?
UNKNOWN = timedelta(days=90)  # while no time is agreed nobody is late
REMINDERS = (timedelta(hours=24), timedelta(hours=1))  # before it begins


def of_card(interview: Interview, calendar: Calendar, *, at: datetime) -> dict[str, Any]:
    """The times of an interviewer's scorecard, as `asks.ask` and `asks.reschedule` take them.

    An hour after the end comes the first reminder, then the plan's, at the plan's intervals; after the last the
    recruiters are told, unless the plan says when. Without an agreed time nothing is due soon and nobody is reminded.

    Args:
        calendar: of the interviewer, where the plan counts working days.
    """
    plan = interview.application.plan
    if interview.ends_at is None:
        return {"due_at": at + UNKNOWN, "reminders": [], "escalate_at": None}
    first, pause = interview.ends_at + ASKED_AFTER, timedelta(hours=plan.card_reminder_hours)
    times = schedule.of(plan.time_for(Stage.INTERVIEWS), calendar, at=interview.ends_at)
    return {
        "due_at": times.due_at,
        "reminders": [first + number * pause for number in range(plan.card_reminders + 1)],
        "escalate_at": times.escalate_at or first + (plan.card_reminders + 1) * pause,
    }


def follow(interview: Interview, *, at: datetime) -> None:
    """Move everything that hangs on the time to where the time is now. Call inside a verb's transaction."""
    for asked in Ask.objects.open().filter(scorecard__panelist__interview=interview).select_related("user"):
        asked.application = interview.application
        asks.reschedule(asked, **of_card(interview, calendars.of(asked), at=at))
    interview.remind_at = next_reminder(interview, after=at)
    interview.save(update_fields=["remind_at"])


def next_reminder(interview: Interview, *, after: datetime) -> datetime | None:
    """When both sides are told next that it comes; None when it takes place too soon or not at all."""
    if interview.starts_at is None or interview.cancelled_at:
        return None
    times = [interview.starts_at - before for before in REMINDERS]
    return next((time for time in times if time > after), None)
