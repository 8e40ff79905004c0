"""How a trial stands, and what can be done with it: one table for the buttons and for the verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.pipeline import NotAllowed
from candidates.stages import Stage
from trials.offering.models import Pause, Trial
from trials.planning import schedule
from trials.planning.schedule import Rest

DAYS_A_WEEK = 7


class State(models.TextChoices):
    """Where a trial stands."""

    OFFERED = "offered", gettext_lazy("offered, waiting for an answer")
    TAKEN_BACK = "taken_back", gettext_lazy("offer taken back")
    DECLINED = "declined", gettext_lazy("declined")
    AHEAD = "ahead", gettext_lazy("agreed, begins soon")
    RUNNING = "running", gettext_lazy("going on")
    PAUSED = "paused", gettext_lazy("paused")
    OVER = "over", gettext_lazy("past its end, without a verdict")
    DECIDED = "decided", gettext_lazy("decided")
    ENDED = "ended", gettext_lazy("ended early")


class Act(models.TextChoices):
    """What a recruiter can do with a trial."""

    OFFER_AGAIN = "offer_again", gettext_lazy("Offer again")
    TAKE_BACK = "take_back", gettext_lazy("Take the offer back")
    MOVE = "move", gettext_lazy("Move the start")
    PAUSE = "pause", gettext_lazy("Pause")
    RESUME = "resume", gettext_lazy("Go on")
    EXTEND = "extend", gettext_lazy("Extend")
    LEADER = "leader", gettext_lazy("Change the lead")
    BUDDY = "buddy", gettext_lazy("Change the buddy")
    END = "end", gettext_lazy("End early")


PEOPLE = (Act.LEADER, Act.BUDDY)
ACTS: dict[State, tuple[Act, ...]] = {
    State.OFFERED: (Act.OFFER_AGAIN, Act.TAKE_BACK),
    State.TAKEN_BACK: (Act.OFFER_AGAIN,),
    State.DECLINED: (Act.OFFER_AGAIN,),
    State.AHEAD: (Act.MOVE, Act.EXTEND, *PEOPLE, Act.END),
    State.RUNNING: (Act.MOVE, Act.PAUSE, Act.EXTEND, *PEOPLE, Act.END),
    State.PAUSED: (Act.RESUME, *PEOPLE, Act.END),
    State.OVER: (Act.EXTEND, *PEOPLE, Act.END),
    State.DECIDED: (),
    State.ENDED: (Act.OFFER_AGAIN,),
}


@dataclass(frozen=True)
class Standing:
    """A trial as it stands on a day: its state, its pauses in their order, its week."""

    trial: Trial
    state: State
    today: date
    pauses: list[Pause]

    @property
    def acts(self) -> tuple[Act, ...]:
        """What can be done with it, while its application stands at the trial."""
        return ACTS[self.state] if self.trial.application.stage == Stage.TRIAL else ()

    @property
    def pause(self) -> Pause | None:
        """The pause that it is in, or that is agreed."""
        return next((one for one in self.pauses if is_current(one, self.today)), None)

    @property
    def rests(self) -> list[Rest]:
        """Its pauses, as days."""
        return [Rest(one.from_on, one.until_on) for one in self.pauses]

    @property
    def weeks(self) -> int:
        """How many weeks it has, begun ones counted."""
        days = schedule.worked(self.trial.starts_on, self.trial.ends_on, self.rests)
        return max(1, -(-days // DAYS_A_WEEK))

    @property
    def week(self) -> int:
        """The number of the present week; none before the first day and after the last."""
        if not self.trial.starts_on <= self.today <= self.trial.ends_on:
            return 0
        days = schedule.worked(self.trial.starts_on, self.today, self.rests)
        return min(max(days, 0) // DAYS_A_WEEK + 1, self.weeks)

    def first_day_of(self, week: int) -> date:
        """When the week with this number begins."""
        return schedule.day_after(self.trial.starts_on, DAYS_A_WEEK * (week - 1), self.rests)


def of(trial: Trial, *, at: datetime) -> Standing:
    """How `trial` stands at `at`; its days are those of the job's zone. At most two queries more than it has."""
    today = schedule.local_day(at, trial.application.job.zone)
    pauses = sorted(trial.pauses.all(), key=lambda pause: pause.from_on)
    return Standing(trial, _state(trial, pauses, today), today, pauses)


def require(trial: Trial, act: Act, *, at: datetime) -> Standing:
    """How `trial` stands, if `act` can be done with it.

    Raises:
        NotAllowed: it cannot, with the reason in words.
    """
    standing = of(trial, at=at)
    if trial.replaced_at or trial.application.stage != Stage.TRIAL:
        raise NotAllowed(_("This trial does not go on: the application stands elsewhere, or another trial has begun."))
    if act not in standing.acts:
        raise NotAllowed(_refusal(standing, act))
    return standing


def is_current(pause: Pause, today: date) -> bool:
    """Whether it is not over: its end is unknown, or lies ahead."""
    return pause.until_on is None or pause.until_on > today


def _state(trial: Trial, pauses: list[Pause], today: date) -> State:
    if trial.agreed_at is None:
        return _before_the_yes(trial)
    if trial.ended_at:
        return State.ENDED
    if trial.verdict:
        return State.DECIDED
    if any(is_current(pause, today) for pause in pauses):
        return State.PAUSED
    if today < trial.starts_on:
        return State.AHEAD
    return State.OVER if today > trial.ends_on else State.RUNNING


def _before_the_yes(trial: Trial) -> State:
    if trial.declined_at:
        return State.DECLINED
    return State.OFFERED if trial.offer_ask and trial.offer_ask.is_open else State.TAKEN_BACK


def _refusal(standing: Standing, act: Act) -> str:
    told = {
        State.OFFERED: _("The candidate has not said yes yet."),
        State.TAKEN_BACK: _("The offer was taken back."),
        State.DECLINED: _("The candidate has declined this trial."),
        State.AHEAD: _("This trial has not begun yet: move its first day instead."),
        State.RUNNING: _("This trial goes on; it is not paused."),
        State.PAUSED: _("This trial is paused: let it go on first."),
        State.OVER: _("This trial is past its end: extend it, or end it."),
        State.DECIDED: _("This trial is decided."),
        State.ENDED: _("This trial was ended."),
    }
    if act == Act.PAUSE and standing.state == State.PAUSED:
        return _("This trial is paused already.")
    if act in (Act.OFFER_AGAIN, Act.TAKE_BACK):
        return _("The candidate has said yes to this trial; nothing is offered any more.")
    return told[standing.state]
