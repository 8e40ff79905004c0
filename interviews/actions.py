"""Interviews: invite, arrange, change, call off; take each interviewer's scorecard.

When somebody cannot, see `scheduling.standing_in`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.models import Application, Ask, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.reminding.schedule import Within
from interviews import completion
from interviews.models import Interview, Round
from interviews.scheduling import booking, panel, telling
from interviews.scheduling.panel import Invited, check_panel

__all__ = ["Invited", "arrange", "call_off", "cancel", "change", "check_panel", "invite", "submit_scorecard", "tend"]

ARRANGED, CHANGED, CANCELLED = "interviews.arranged", "interviews.changed", "interviews.cancelled"
AT_ONCE = 200
FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Plan:
    """How a conversation is to be: with whom, how long, where; when, or whether the candidate chooses that."""

    interviewers: Sequence[Invited]
    round: Round | None
    starts_at: datetime | None
    minutes: int
    place: str
    video_link: str


@transaction.atomic
def invite(
    application: Application,
    *,
    interviewers: Sequence[Invited],
    round: Round | None = None,
    starts_at: datetime | None = None,
    minutes: int,
    place: str = "",
    video_link: str = "",
    at: datetime,
    by: Actor,
) -> Interview:
    """Open the stage: the candidate is invited, every interviewer is asked for a scorecard of their own.

    Args:
        application: as the recruiter saw it.
        interviewers: at least as many as the round (else the plan) asks for, each with an address of their own.
        round: of the application's plan: its kit is what the scorecards are rated against.
        starts_at, minutes: when it begins and how long it takes. Without a time the candidate is asked to choose one;
            the interviewers get their mail when it is agreed.
        place, video_link: an address, a video call, or both.

    Returns:
        The interview; of a round with one conversation for each interviewer the first.

    Raises:
        NotAllowed: moved meanwhile, no such move, not in the future, a panel that cannot judge, an empty kit, or
            people of whom it is not known when they can.
        booking.Taken: somebody has another interview then.
    """
    plan = Plan(interviewers, round, starts_at, minutes, place, video_link)
    _check(application, plan, at)
    pipeline.move(application, Stage.INTERVIEWS, at=at, by=by)
    return _begin(application, plan, at=at)


@transaction.atomic
def arrange(
    application: Application,
    *,
    interviewers: Sequence[Invited],
    round: Round | None = None,
    starts_at: datetime | None = None,
    minutes: int,
    place: str = "",
    video_link: str = "",
    at: datetime,
    by: Actor,
) -> Interview:
    """Add an interview within the stage: the next round, or once more. As `invite`, without a move.

    Raises:
        NotAllowed: as `invite`; or the application does not stand at interviews.
    """
    locked = pipeline.lock(application)
    pipeline.require_unmoved(locked, application)
    if locked.stage != Stage.INTERVIEWS or locked.duplicate_of_id:
        raise NotAllowed(_("An interview can be arranged while the application stands at interviews."))
    plan = Plan(interviewers, round, starts_at, minutes, place, video_link)
    _check(application, plan, at)
    interview = _begin(application, plan, at=at)
    pipeline.record(locked, ARRANGED, at=at, by=by, interview=interview.pk, round=round.name if round else "")
    return interview


@transaction.atomic
def change(
    interview: Interview,
    *,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    video_link: str = "",
    at: datetime,
    by: Actor,
) -> None:
    """Another time, length or place; everybody who takes part is told, and their calendars follow.

    Raises:
        NotAllowed: it was called off, has begun, or the application stands elsewhere.
        booking.Taken: somebody has another interview then.
    """
    current = lock(interview)
    _require_to_come(current, at)
    had_a_time = current.starts_at is not None
    _check_facts(Plan((), current.round, starts_at, minutes, place, video_link), at)
    current.minutes, current.place, current.video_link = minutes, place, video_link
    current.save(update_fields=["minutes", "place", "video_link"])
    booking.agree(current, starts_at, at=at)
    if asked := current.ask:
        settle_ask(asked, until=starts_at)
    tell = telling.tell_changed if had_a_time else telling.tell_agreed
    tell(current, at=at)
    told = {"interview": current.pk, "starts_at": starts_at.isoformat()}
    pipeline.record(current.application, CHANGED, at=at, by=by, **told)


@transaction.atomic
def cancel(interview: Interview, *, reason: str = "", at: datetime, by: Actor) -> None:
    """Call an interview off: nobody is waited for any more, everybody who was invited is told.

    Raises:
        NotAllowed: it was called off before, or has begun.
    """
    current = lock(interview)
    _require_to_come(current, at, stands_anywhere=True)
    call_off(current, at=at)
    pipeline.record(current.application, CANCELLED, at=at, by=by, interview=current.pk, reason=reason.strip())
    settle(current.application, at=at, by=by)


@transaction.atomic
def submit_scorecard(card: Scorecard, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Lock an interviewer's scorecard; the last one completes the stage.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    judging.lock(card, answers, at=at, by=by)
    chosen = Ask.objects.open().filter(interview__panelists__scorecard=card)
    chosen.filter(interview__starts_at__isnull=False).update(answered_at=at, remind_at=None)
    chosen.update(cancelled_at=at, remind_at=None)  # they met although no time was ever chosen
    completion.settle(card.application, at=at, by=by)


def settle(application: Application, *, at: datetime, by: Actor) -> None:
    """Whether the stage is complete without what was just called off; only a stage with a judgement can be."""
    if application.scorecards.locked().filter(stage=Stage.INTERVIEWS).exists():
        completion.settle(application, at=at, by=by)


def call_off(interview: Interview, *, at: datetime, by_candidate: bool = False) -> None:
    """End an interview that is to come. Call inside a verb's transaction, with the application locked."""
    telling.tell_cancelled(interview, at=at, by_candidate=by_candidate)
    end_asks(interview, at=at)
    booking.release(interview)
    interview.cancelled_at, interview.remind_at = at, None
    interview.save(update_fields=["cancelled_at", "remind_at"])


def end_asks(interview: Interview, *, at: datetime) -> None:
    """Nobody is asked for anything about this interview any more; what was answered stays."""
    about = Q(interview=interview) | Q(scorecard__panelist__interview=interview)
    Ask.objects.open().filter(about).update(cancelled_at=at, remind_at=None)


def to_call_off(at: datetime) -> QuerySet[Interview]:
    """Interviews to come that nobody wants any more: their application was closed, moved away or set aside."""
    to_come = Interview.objects.standing().filter(Q(starts_at=None) | Q(starts_at__gt=at), missed="")
    moved = ~Q(application__stage=Stage.INTERVIEWS) | Q(application__stage_since__gt=F("created_at"))
    return to_come.filter(moved | Q(application__duplicate_of__isnull=False))


def tend(*, at: datetime) -> int:
    """Call off what nobody wants any more, so that nobody waits in a room. Safe to repeat. Returns how many."""
    keys = list(to_call_off(at).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_call_off_if_due(pk, at) for pk in keys)


def lock(interview: Interview) -> Interview:
    """Lock the interview's application until the transaction ends, and return the interview as it is now."""
    application = pipeline.lock(interview.application)
    current = Interview.objects.select_related("round__kit", "ask").get(pk=interview.pk)
    current.application = application
    return current


def settle_ask(asked: Ask, *, until: datetime) -> None:
    """The candidate has a time: nobody waits for them, and their link works until the interview begins."""
    over = max(asked.expires_at, until)
    mine = Ask.objects.open().filter(pk=asked.pk)
    mine.update(opens_at=over, due_at=over, expires_at=over, remind_at=None, remind_later=[], escalate_at=None)


@transaction.atomic
def _call_off_if_due(pk: int, at: datetime) -> bool:
    """Look again under the application's lock: somebody may have called it off, or moved the application back."""
    current = lock(Interview.objects.select_related("application").get(pk=pk))
    if not to_call_off(at).filter(pk=pk).exists():
        return False
    call_off(current, at=at, by_candidate=current.application.stage == Stage.WITHDRAWN)
    return True


def _check(application: Application, plan: Plan, at: datetime) -> None:
    check_panel(application, plan.interviewers, plan.round)
    panel.check_kit(plan.round)
    if plan.round and plan.round.plan_id != application.plan_id:
        raise NotAllowed(_("%s belongs to another hiring plan.") % plan.round.name)
    if plan.starts_at is None:
        panel.check_bookable(plan.interviewers, at=at)
    _check_facts(plan, at)


def _check_facts(plan: Plan, at: datetime) -> None:
    if not plan.place and not plan.video_link:
        raise NotAllowed(_("Say where it takes place, or give the link of the video call."))
    if plan.starts_at and plan.starts_at > at + FURTHEST:
        raise NotAllowed(_("That is more than a year away. Choose an earlier day."))


def _begin(application: Application, plan: Plan, *, at: datetime) -> Interview:
    """One conversation with all of them, or one after the other with each."""
    booking.queue_up([one.email for one in plan.interviewers], application.candidate_id)
    separate = plan.round is not None and plan.round.kind == Round.Kind.SEPARATE
    groups = [[one] for one in plan.interviewers] if separate else [list(plan.interviewers)]
    made = [_make(application, plan, group, number, at) for number, group in enumerate(groups)]
    return made[0]


def _make(application: Application, plan: Plan, group: list[Invited], number: int, at: datetime) -> Interview:
    interview = Interview.objects.create(
        application=application,
        round=plan.round,
        minutes=plan.minutes,
        zone=application.job.zone,
        place=plan.place,
        video_link=plan.video_link,
        created_at=at,
    )
    for invited in group:
        panel.add(interview, invited, at=at)
    if plan.starts_at is None:
        _ask_for_a_time(interview, group, at=at)
    else:
        booking.agree(interview, plan.starts_at + number * timedelta(minutes=plan.minutes), at=at)
        telling.tell_agreed(interview, at=at)
    return interview


def _ask_for_a_time(interview: Interview, group: list[Invited], *, at: datetime) -> None:
    application = interview.application
    allowed = application.plan.time_for(Stage.INTERVIEWS)
    interview.ask = asks.ask_candidate(
        application,
        page="interviews:choose_time",
        template="interviews/choose_time",
        title=_("Choose a time for your interview"),
        within=Within(allowed, share=0.5, patience=allowed.allowed / 2),
        at=at,
        data={"minutes": interview.minutes, "interviewers": [one.name for one in group]},
    )
    interview.save(update_fields=["ask"])


def _require_to_come(interview: Interview, at: datetime, *, stands_anywhere: bool = False) -> None:
    if interview.cancelled_at:
        raise NotAllowed(_("This interview was called off."))
    if interview.missed or (interview.starts_at and interview.starts_at <= at):
        raise NotAllowed(_("This interview has begun. If it did not take place, say so, and arrange another one."))
    if not stands_anywhere and interview.application.stage != Stage.INTERVIEWS:
        raise NotAllowed(_("The application does not stand at interviews any more."))
