"""What a candidate may choose from: the free times by day, and whether the plan lets them change."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.post.models import Ask
from interviews.availability.free import Search, free_times
from interviews.models import Interview

DAYS_AT_ONCE = 7


@dataclass(frozen=True)
class Day:
    """The free times of one day of the reader's calendar."""

    date: date
    times: list[datetime]


@dataclass(frozen=True)
class Week:
    """A few days with free times, and from which day on earlier and later ones are shown."""

    days: list[Day]
    earlier: date | None
    later: date | None


def interview_of(asked: Ask) -> Interview | None:
    """What the candidate was asked to choose a time for, unless it was called off."""
    return Interview.objects.standing().filter(ask=asked).select_related("round").first()


def panel_of(interview: Interview) -> list[tuple[str, str]]:
    """Name and address of everybody who takes part."""
    return list(interview.panelists.standing().values_list("name", "email"))


def search_for(interview: Interview, *, at: datetime) -> Search:
    """The question whose answer are the times at which this interview could begin."""
    return Search(
        emails=[email for _name, email in panel_of(interview)],
        minutes=interview.minutes,
        at=at,
        candidate=interview.application.candidate_id,
        moving=interview.pk,
    )


def times_for(interview: Interview, *, at: datetime) -> list[datetime]:
    """When it could begin, without the time that it has."""
    return [moment for moment in free_times(search_for(interview, at=at)) if moment != interview.starts_at]


def by_day(times: Iterable[datetime], zone: ZoneInfo, *, since: date | None = None) -> Week:
    """The days with free times, a few at once, as the calendar in `zone` has them.

    Args:
        since: the first day to show; without, the first there is.
    """
    grouped = itertools.groupby(times, key=lambda moment: localtime(moment, zone).date())
    days = [Day(day, list(some)) for day, some in grouped]
    first = next((number for number, day in enumerate(days) if since is None or day.date >= since), len(days))
    last = first + DAYS_AT_ONCE
    earlier = days[max(0, first - DAYS_AT_ONCE)].date if first and days else None
    return Week(days[first:last], earlier, days[last].date if last < len(days) else None)


def refusal(interview: Interview, *, at: datetime) -> str:
    """Why the candidate cannot choose another time by themselves any more; nothing when they can."""
    plan, starts_at = interview.application.plan, interview.starts_at
    if starts_at and starts_at <= at:
        return _("This interview has begun; its time cannot be changed any more.")
    if starts_at and starts_at - timedelta(hours=plan.reschedule_hours) <= at:
        told = ngettext(
            "It begins in less than %d hour, so the time cannot be changed here any more.",
            "It begins in less than %d hours, so the time cannot be changed here any more.",
            plan.reschedule_hours,
        )
        return told % plan.reschedule_hours
    if _changes_left(interview) < (1 if starts_at else 0):
        return _("The time was changed as often as it can be here.")
    return ""


def limits(interview: Interview) -> str:
    """How often and until when the candidate may still change, in words."""
    left, hours = _changes_left(interview), interview.application.plan.reschedule_hours
    if left < 1:
        return ""
    often = ngettext("You can change the time %d more time", "You can change the time %d more times", left) % left
    before = ngettext("until %d hour before it begins.", "until %d hours before it begins.", hours) % hours
    return f"{often}, {before if hours else _('until it begins.')}"


def _changes_left(interview: Interview) -> int:
    return interview.application.plan.reschedules - interview.changes
