"""When the leader of a trial is asked for the verdict, reminded, and when others hear that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trials.planning.schedule import EVENING, MORNING, ONE_DAY, local

REMINDED = (7, 3, 1, 0, -1)  # days before the end, on its morning, and on the morning after
NEAR = timedelta(days=3)


@dataclass(frozen=True)
class Times:
    """From when the verdict can be given, by when it should be, and the reminders between."""

    opens_at: datetime
    due_at: datetime
    reminders: tuple[datetime, ...]


def of(starts_on: date, ends_on: date, *, days: int, zone: str, at: datetime) -> Times:
    """The times of a verdict on the days from `starts_on` to `ends_on`.

    Args:
        starts_on: the first day, or that of an extension: before the middle of it nobody can tell yet.
        days: how long before the end to ask.
        zone: of the job; every time is computed there, so that summer time moves nothing.
        at: now; nothing opens earlier.
    """
    middle = starts_on + timedelta(days=((ends_on - starts_on).days + 1) // 2)
    opens_at = max(local(max(ends_on - timedelta(days=days), middle), MORNING, zone), at)
    due_at = max(local(ends_on, EVENING, zone), opens_at + ONE_DAY)
    mornings = tuple(local(ends_on - timedelta(days=before), MORNING, zone) for before in REMINDED)
    return Times(opens_at, due_at, tuple(time for time in mornings if time > opens_at) or (due_at,))


def lateness(opens_at: datetime, due_at: datetime, at: datetime) -> str:
    """Of a verdict that has not been given: "past" its end, "near" it, or nothing to tell yet.

    A short trial is not near its end on the very day on which the verdict is asked for.
    """
    if at >= due_at:
        return "past"
    return "near" if at >= near(opens_at, due_at) else ""


def near(opens_at: datetime, due_at: datetime) -> datetime:
    """From when on the end is near."""
    return max(due_at - NEAR, opens_at + ONE_DAY)
