"""The days of a trial: moved, paused, prolonged, ended early. What is done stays, what is not follows, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from trials.check_ins import requests as check_ins
from trials.check_ins.models import CheckIn
from trials.offering import holding, standing, telling
from trials.offering.actions import FARTHEST_START, lock, said
from trials.offering.models import Trial
from trials.offering.standing import Act, Standing
from trials.planning import schedule
from trials.verdicts import requests as verdicts

MOVED, PAUSED, RESUMED, EXTENDED, ENDED = (
    "trial.moved", "trial.paused", "trial.resumed", "trial.extended", "trial.ended",
)  # fmt: skip
LONGEST_EXTENSION = timedelta(days=92)
LONGEST_TRIAL = timedelta(days=400)
PAUSED_LATE = timedelta(days=14)  # how far back a pause may begin that is entered late


@transaction.atomic
def move_start(trial: Trial, *, starts_on: date, reason: str, note: str = "", at: datetime, by: Actor) -> None:
    """Let the trial begin on another day; its end, the check-ins not held yet and the verdict follow by as many days.

    Args:
        starts_on: the new first day.
        reason: for colleagues, on the timeline.
        note: a sentence for everybody who is told.
        at: now.
        by: who moves it.

    Raises:
        NotAllowed: no reason; not agreed, paused, decided or ended; or see `start_obstacle`.
    """
    trial = lock(trial)
    stands = standing.require(trial, Act.MOVE, at=at)
    if obstacle := start_obstacle(stands, starts_on):
        raise NotAllowed(obstacle)
    days = (starts_on - trial.starts_on).days
    told = {"was": trial.starts_on.isoformat(), "starts_on": starts_on.isoformat(), "reason": said(reason)}
    event = pipeline.record(trial.application, MOVED, at=at, by=by, **told)
    first = trial.starts_on
    trial.starts_on, trial.ends_on = starts_on, trial.ends_on + timedelta(days=days)
    trial.save(update_fields=["starts_on", "ends_on"])
    _follow(trial, days=days, from_day=first, at=at)
    telling.tell_everybody(trial, template="trials/moved", event=event, at=at, by=by, note=note.strip())


@transaction.atomic
def pause(
    trial: Trial,
    *,
    from_on: date,
    until_on: date | None = None,
    reason: str,
    note: str = "",
    at: datetime,
    by: Actor,
) -> None:
    """Let the trial rest: nobody is asked, and what lies after moves by the days paused.

    Args:
        from_on: the first day of rest.
        until_on: when it goes on; unknown when nothing is said, until `resume`.
        reason, note: as of `move_start`.

    Raises:
        NotAllowed: no reason; does not go on, is paused already; or see `pause_obstacles`.
    """
    trial = lock(trial)
    stands = standing.require(trial, Act.PAUSE, at=at)
    for obstacle in pause_obstacles(stands, from_on, until_on).values():
        raise NotAllowed(obstacle)
    told = {
        "from_on": from_on.isoformat(),
        "until_on": until_on.isoformat() if until_on else "",
        "reason": said(reason),
    }
    event = pipeline.record(trial.application, PAUSED, at=at, by=by, **told)
    trial.pauses.create(from_on=from_on, until_on=until_on, reason=said(reason), at=at, by_name=by.name)
    if until_on:
        _postpone(trial, days=(until_on - from_on).days, from_day=from_on, at=at)
    else:
        holding.hold(trial, from_day=from_on, at=at)
    days = {"from_on": from_on, "until_on": until_on}
    telling.tell_everybody(trial, template="trials/paused", event=event, at=at, by=by, note=note.strip(), **days)


@transaction.atomic
def resume(trial: Trial, *, on: date, note: str = "", at: datetime, by: Actor) -> None:
    """Let a paused trial go on, from a day on; also earlier or later than was said when it was paused.

    Args:
        on: the first day of work again.
        note: as of `move_start`.

    Raises:
        NotAllowed: it is not paused; or see `resume_obstacle`.
    """
    trial = lock(trial)
    stands = standing.require(trial, Act.RESUME, at=at)
    rest = stands.pause
    if obstacle := resume_obstacle(stands, on):
        raise NotAllowed(obstacle)
    if rest is None:
        return  # as its state and the obstacle say, it is not so
    event = pipeline.record(trial.application, RESUMED, at=at, by=by, on=on.isoformat())
    was, rest.until_on = rest.until_on or rest.from_on, on
    rest.save(update_fields=["until_on"])
    holding.bring_back(trial, at=at)
    _postpone(trial, days=(on - was).days, from_day=was, at=at)
    telling.tell_everybody(trial, template="trials/resumed", event=event, at=at, by=by, note=note.strip(), on=on)


@transaction.atomic
def extend(trial: Trial, *, ends_on: date, reason: str, note: str = "", at: datetime, by: Actor) -> None:
    """Let the trial go on longer: more check-ins are planned, the verdict is asked for before the new end.

    Args:
        ends_on: the new end.
        reason, note: as of `move_start`.

    Raises:
        NotAllowed: no reason; not agreed, paused, decided or ended; or see `extension_obstacle`.
    """
    trial = lock(trial)
    stands = standing.require(trial, Act.EXTEND, at=at)
    if obstacle := extension_obstacle(stands, ends_on):
        raise NotAllowed(obstacle)
    told = {"was": trial.ends_on.isoformat(), "ends_on": ends_on.isoformat(), "reason": said(reason)}
    event = pipeline.record(trial.application, EXTENDED, at=at, by=by, **told)
    last = trial.check_ins.aggregate(last=Max("due_on"))["last"] or trial.starts_on
    trial.ends_on = ends_on
    trial.save(update_fields=["ends_on"])
    check_ins.plan(trial, after=max(last, stands.today - schedule.ONE_DAY), at=at)
    _move_verdict(trial, at)
    telling.tell_everybody(trial, template="trials/extended", event=event, at=at, by=by, note=note.strip())


@transaction.atomic
def end_early(trial: Trial, *, reason: str, note: str = "", at: datetime, by: Actor) -> None:
    """End the trial before its time: nobody is asked any more, also not for a verdict. The application stays.

    Args:
        reason, note: as of `move_start`.

    Raises:
        NotAllowed: no reason; not agreed, decided, or ended before.
    """
    trial = lock(trial)
    stands = standing.require(trial, Act.END, at=at)
    trial.ended_at, trial.end_reason = at, said(reason)
    trial.save(update_fields=["ended_at", "end_reason"])
    event = pipeline.record(trial.application, ENDED, at=at, by=by, reason=trial.end_reason)
    for rest in (one for one in stands.pauses if one.until_on is None):
        rest.until_on = max(rest.from_on, stands.today)
        rest.save(update_fields=["until_on"])
    check_ins.call_off(trial, after=date.min, at=at)
    if trial.verdict_ask:
        asks.cancel(trial.verdict_ask, at=at)
    telling.tell_everybody(trial, template="trials/ended", event=event, at=at, by=by, note=note.strip())


def start_obstacle(stands: Standing, starts_on: date) -> str:
    """Why the trial cannot begin on this day instead, in words; empty when it can."""
    trial, tolerated = stands.trial, timedelta(days=stands.trial.application.plan.check_in_days)
    if starts_on == trial.starts_on:
        return _("It begins on this day already.")
    if stands.pauses:
        return _("This trial was paused, so its days are not those of the plan any more. Extend it instead.")
    if starts_on > stands.today + FARTHEST_START:
        return _("This is more than a year away.")
    if starts_on < min(trial.starts_on, stands.today - tolerated):
        return _("This lies too far back.")
    if trial.ends_on + (starts_on - trial.starts_on) < stands.today:
        return _("Such a trial would be over already.")
    return _beside_what_was_answered(trial, starts_on)


def pause_obstacles(stands: Standing, from_on: date, until_on: date | None) -> dict[str, str]:
    """Why it cannot rest then, in words, by the name of what is wrong; empty when it can."""
    trial, found = stands.trial, {}
    if from_on < trial.starts_on:
        found["from_on"] = _("The trial has not begun by then.")
    elif from_on < stands.today - PAUSED_LATE:
        found["from_on"] = _("This lies too far back.")
    elif from_on > trial.ends_on:
        found["from_on"] = _("The trial is over by then.")
    elif any(rest.until_on and from_on < rest.until_on for rest in stands.pauses):
        found["from_on"] = _("The trial was paused then already.")
    if until_on and until_on <= from_on:
        found["until_on"] = _("This must lie after the first day of the pause.")
    elif until_on and until_on > from_on + FARTHEST_START:
        found["until_on"] = _("This is more than a year away.")
    return found


def resume_obstacle(stands: Standing, on: date) -> str:
    """Why it cannot go on on this day, in words; empty when it can."""
    rest = stands.pause
    if rest is None:
        return _("This trial goes on; it is not paused.")
    if on < rest.from_on:
        return _("The pause begins later than that.")
    if on > stands.today + FARTHEST_START:
        return _("This is more than a year away.")
    if rest.until_on and _answered(stands.trial).filter(due_on__gte=on).exists():
        return _("A check-in after this day has been answered.")
    return ""


def extension_obstacle(stands: Standing, ends_on: date) -> str:
    """Why it cannot go on until this day, in words; empty when it can."""
    trial = stands.trial
    if ends_on <= trial.ends_on:
        return _("Choose a day later than the present end.")
    if ends_on <= stands.today:
        return _("This day is over.")
    if ends_on > max(trial.ends_on, stands.today) + LONGEST_EXTENSION:
        return _("Extend by %d days at most.") % LONGEST_EXTENSION.days
    if ends_on > trial.starts_on + max(LONGEST_TRIAL, timedelta(days=trial.application.plan.trial_days)):
        return _("No trial lasts longer than %d days.") % LONGEST_TRIAL.days
    return ""


def _follow(trial: Trial, *, days: int, from_day: date, at: datetime) -> None:
    """Check-ins from a day on, but not before the last that was answered, move by so many days; so does the verdict."""
    last = _answered(trial).aggregate(last=Max("due_on"))["last"]
    check_ins.move(trial, days=days, from_day=max(from_day, last or from_day), at=at)
    _move_verdict(trial, at)


def _postpone(trial: Trial, *, days: int, from_day: date, at: datetime) -> None:
    """The same, with the end."""
    trial.ends_on += timedelta(days=days)
    trial.save(update_fields=["ends_on"])
    _follow(trial, days=days, from_day=from_day, at=at)


def _move_verdict(trial: Trial, at: datetime) -> None:
    """The verdict is asked for before the new end; after an extension not before what was added began."""
    if trial.verdict_ask is None:
        return
    application, since = trial.application, trial.starts_on
    if extended := trial.verdicts.last():  # another kind would have decided it
        since = schedule.local_day(extended.at, application.job.zone)
    since = min(since, trial.ends_on - schedule.ONE_DAY)
    verdicts.move_verdict(trial.verdict_ask, application, starts_on=since, ends_on=trial.ends_on, at=at)


def _beside_what_was_answered(trial: Trial, starts_on: date) -> str:
    """Days stay in their order: no check-in that was answered lies before the first day or after one to come."""
    answered = _answered(trial).aggregate(first=Min("due_on"), last=Max("due_on"))
    if not answered["last"]:
        return ""
    if starts_on >= answered["first"]:
        return _("A check-in has been answered before that day.")
    later = trial.check_ins.filter(due_on__gt=answered["last"], called_off_at=None)
    next_one = later.aggregate(first=Min("due_on"))["first"]
    if next_one and next_one + (starts_on - trial.starts_on) <= answered["last"]:
        return _("Then the next check-in would come before one that has been answered.")
    return ""


def _answered(trial: Trial) -> QuerySet[CheckIn]:
    """The check-ins at which somebody has answered."""
    return trial.check_ins.filter(cards__scorecard__locked_at__isnull=False).distinct()
