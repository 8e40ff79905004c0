"""Whom a check-in asks, and when: planned with the trial, moved with its days, called off with its end.

Call each inside the transaction of a verb that has locked the application: then nobody answers meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from candidates.jobs.models import HiringPlan
from candidates.judging import actions as judging
from candidates.judging import wording
from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.post import asks, language
from candidates.post.models import Ask
from trials.check_ins.models import CheckIn, CheckInCard
from trials.offering.models import Trial
from trials.planning import schedule
from trials.planning.models import EVERYBODY, PlannedCheckIn

TITLES: dict[str, str | Promise] = {
    Ask.Role.CANDIDATE: gettext_lazy("Check-in %(number)d: how is your trial going?"),
    Ask.Role.BUDDY: gettext_lazy("Check-in %(number)d: how is %(name)s doing?"),
    Ask.Role.MANAGER: gettext_lazy("Check-in %(number)d: how is %(name)s doing?"),
}


@dataclass(frozen=True)
class Occasion:
    """A day on which some are to be asked, and about what; no competency means all of the plan."""

    day: date
    roles: Sequence[str]
    competencies: Sequence[int] = ()


def plan(trial: Trial, *, at: datetime, after: date | None = None) -> None:
    """Plan the check-ins of a trial that was agreed, and ask for each; one entered late asks for the last day gone by.

    Args:
        at: now.
        after: of a trial that goes on longer than it was to: the day after which more are planned.
    """
    if after is None and trial.check_ins.exists():
        return  # planned before
    taken = set(trial.check_ins.values_list("due_on", flat=True))
    last = trial.check_ins.last()
    occasions = _occasions(trial) if after is None else _more(trial, after)
    worth = schedule.worth_asking([one.day for one in occasions], schedule.local_day(at, trial.application.job.zone))
    for number, one in enumerate(occasions, start=last.number + 1 if last else 1):
        if one.day in worth:
            day = _free(one.day, taken)
            about = list(one.competencies)
            new = trial.check_ins.create(number=number, due_on=day, competencies=about)
            _ask(new, one.roles, trial, at)


def move(trial: Trial, *, days: int, from_day: date, at: datetime) -> None:
    """Move the check-ins from a day on, with what was asked for them and the mails that still wait.

    One at which somebody has answered stays on its day, as that is what they told about; who still owes an answer
    gets as many days more. A mail that has left is not sent again: its reader is reminded before the new deadline.

    Args:
        days: by how many; less than none for earlier.
        from_day: the first day that moves.
        at: now.
    """
    if not days:
        return
    standing = trial.check_ins.filter(called_off_at=None, due_on__gte=from_day).order_by("due_on")
    moved = [one for one in standing.prefetch_related("cards__scorecard__ask") if _unless_answered(one, days, trial)]
    taken = set(trial.check_ins.exclude(pk__in=[one.pk for one in moved]).values_list("due_on", flat=True))
    for one in moved:
        one.due_on = _free(one.due_on + timedelta(days=days), taken)
    CheckIn.objects.bulk_update(moved, ["due_on"])
    zone = trial.application.job.zone
    worth = schedule.worth_asking([one.due_on for one in moved], schedule.local_day(at, zone))
    for one in moved:
        if days > 0 or one.due_on in worth:
            _ask_then(one, zone, at)
        else:  # moved into the past, where another follows it
            _call_off([one.pk], at)


def call_off(trial: Trial, *, after: date, at: datetime) -> None:
    """Ask nobody for the check-ins after a day any more; who has answered one has answered it.

    Args:
        after: the last day whose check-in is still wanted.
        at: now.
    """
    to_come = trial.check_ins.filter(called_off_at=None, due_on__gt=after)
    _call_off(to_come.values_list("pk", flat=True), at)


def ask_for_check_ins(trial: Trial, *, after: date, at: datetime) -> None:
    """As `plan`, by the day after which they begin."""
    plan(trial, at=at, after=None if after == trial.starts_on else after)


def cancel_check_ins_to_come(application: Application, *, at: datetime) -> None:
    """After the last word nobody is asked any more; who was asked already may still answer."""
    zone = application.job.zone
    today = schedule.local_day(at, zone)
    is_morning = at < schedule.local(today, schedule.MORNING, zone)
    for trial in application.trials.current():
        call_off(trial, after=today - schedule.ONE_DAY if is_morning else today, at=at)


def _occasions(trial: Trial) -> list[Occasion]:
    """What the plan names, as far as the trial is long; else everybody every so many days about everything."""
    planned = PlannedCheckIn.objects.filter(plan=trial.application.plan)
    found = [Occasion(trial.starts_on + timedelta(days=one.day), one.roles, one.competencies) for one in planned]
    within = [one for one in found if one.day <= trial.ends_on]
    return within or [Occasion(day, EVERYBODY) for day in _regular(trial, trial.starts_on)]


def _more(trial: Trial, after: date) -> list[Occasion]:
    """Every so many days, of whom and about what the plan's last check-in is."""
    last = PlannedCheckIn.objects.filter(plan=trial.application.plan).last()
    roles, about = (last.roles, last.competencies) if last else (EVERYBODY, [])
    return [Occasion(day, roles, about) for day in _regular(trial, after)]


def _regular(trial: Trial, after: date) -> list[date]:
    every = trial.application.plan.check_in_days
    return schedule.check_in_days(after, trial.ends_on, every=every) if after < trial.ends_on else []


def _free(day: date, taken: set[date]) -> date:
    """The day, or the next on which there is no check-in yet; taken from now on."""
    while day in taken:
        day += schedule.ONE_DAY
    taken.add(day)
    return day


def _unless_answered(check_in: CheckIn, days: int, trial: Trial) -> bool:
    """Whether nobody has answered yet; if somebody has, the others get more time."""
    cards = [one.scorecard for one in check_in.cards.all()]
    if not any(card.is_locked for card in cards):
        return True
    day = check_in.due_on + timedelta(days=days) + schedule.CHECK_IN_TIME
    until = schedule.local(day, schedule.MORNING, trial.application.job.zone)
    for asked in (card.ask for card in cards if card.ask.is_open):
        due_at = max(until, asked.due_at)
        asks.reschedule(asked, due_at=due_at, reminders=(due_at - schedule.ONE_DAY, due_at))
    return False


def _call_off(check_ins: Iterable[int], at: datetime) -> None:
    keys = list(check_ins)
    for asked in Ask.objects.open().filter(scorecard__check_in_card__check_in__in=keys):
        asks.cancel(asked, at=at)
    answered = CheckInCard.objects.filter(scorecard__locked_at__isnull=False).values("check_in")
    CheckIn.objects.filter(pk__in=keys).exclude(pk__in=answered).update(called_off_at=at)


def _ask_then(check_in: CheckIn, zone: str, at: datetime) -> None:
    """What was asked opens on the check-in's day, and its mail leaves then."""
    window = schedule.check_in_window(check_in.due_on, zone, at)
    for card in check_in.cards.all():
        if card.scorecard.ask.is_open:
            asked = card.scorecard.ask
            asks.move(asked, opens_at=window.opens_at, due_at=window.due_at, notice=schedule.ONE_DAY)


def _ask(check_in: CheckIn, roles: Iterable[str], trial: Trial, at: datetime) -> None:
    application = trial.application
    window = schedule.check_in_window(check_in.due_on, application.job.zone, at)
    words, people = _words(check_in, application.plan), _people(trial)
    for role in (one for one in people if one in roles):
        card = judging.request_scorecard(
            application,
            Scorecard.Kind.CHECK_IN,
            words=words,
            page="trials:check_in",
            template="trials/check_in",
            title=_title(role, check_in, application),
            role=role,
            at=at,
            opens_at=window.opens_at,
            due_at=window.due_at,
            notice=schedule.ONE_DAY,
            data={"number": check_in.number},
            **people[role],
        )
        CheckInCard.objects.create(check_in=check_in, role=role, scorecard=card)


def _title(role: str, check_in: CheckIn, application: Application) -> str:
    """In our language, whoever's page this comes from; `Ask.spoken_title` says it in that of whoever is asked."""
    with translation.override(settings.LANGUAGE_CODE):
        return TITLES[role] % {"number": check_in.number, "name": application.candidate.name}


def _words(check_in: CheckIn, plan: HiringPlan) -> dict[str, Any]:
    """What this check-in is about, in the plan's order; all of the plan where nothing is named, or left."""
    whole = wording.of_plan(plan)
    about = [row for row in whole["competencies"] if row["key"] in check_in.competencies]
    return {"competencies": about} if about else whole


def _people(trial: Trial) -> dict[Ask.Role, dict[str, Any]]:
    candidate, leader = trial.application.candidate, trial.leader
    return {
        Ask.Role.CANDIDATE: {
            "name": candidate.name,
            "email": candidate.email,
            "zone": candidate.zone,
            "language": candidate.language,
        },
        Ask.Role.BUDDY: {
            "name": trial.buddy_name,
            "email": trial.buddy_email,
            "language": language.spoken(trial.application.job.language),
        },
        Ask.Role.MANAGER: {"name": str(leader), "email": leader.email, "user": leader},
    }
