"""Nobody is asked while a trial is paused: what was to be asked is put far away, and comes back with the trial."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from candidates.post import asks
from candidates.post.models import Ask
from trials.check_ins.models import CheckIn, CheckInCard
from trials.offering.models import Trial
from trials.planning import schedule

AWAY = timedelta(days=3650)
FAR = timedelta(days=1000)  # what opens later than that is held


def hold(trial: Trial, *, from_day: date, at: datetime) -> None:
    """Put away the verdict, and the check-ins from a day on at which nobody has answered yet. Safe to repeat."""
    answered = CheckIn.objects.filter(trial=trial, cards__scorecard__locked_at__isnull=False)
    later = _asks_of(trial).filter(scorecard__check_in_card__check_in__due_on__gte=from_day)
    verdict = Ask.objects.open().filter(trial=trial)
    for asked in [*later.exclude(scorecard__check_in_card__check_in__in=answered), *verdict]:
        if asked.opens_at < at + FAR:
            _put_away(asked)


def hold_what_is_new(trial: Trial, *, at: datetime) -> None:
    """What was planned while the trial rests, as an extension does, rests with it."""
    if rest := trial.pauses.filter(until_on=None).first():
        hold(trial, from_day=rest.from_on, at=at)


def bring_back(trial: Trial, *, at: datetime) -> None:
    """What was put away is asked on its day again; the verdict follows with `verdicts.requests.move_verdict`."""
    cards = CheckInCard.objects.filter(scorecard__ask__in=_asks_of(trial).filter(opens_at__gt=at + FAR))
    for card in cards.select_related("check_in", "scorecard__ask"):
        window = schedule.check_in_window(card.check_in.due_on, trial.application.job.zone, at)
        asks.move(card.scorecard.ask, opens_at=window.opens_at, due_at=window.due_at, notice=schedule.ONE_DAY)


def _asks_of(trial: Trial) -> QuerySet[Ask]:
    return Ask.objects.open().filter(scorecard__check_in_card__check_in__trial=trial)


def _put_away(asked: Ask) -> None:
    opens_at, due_at = asked.opens_at + AWAY, asked.due_at + AWAY
    asks.move(asked, opens_at=opens_at, due_at=due_at, notice=schedule.ONE_DAY)
