"""Others hear that a trial nears its end, or is over, without a verdict: there is no silent pass."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from candidates import pipeline
from candidates.people.actors import Actor, ActorKind
from candidates.people.models import Application
from candidates.post import mail
from candidates.post.models import Ask, Message
from candidates.post.reminding import calendars
from candidates.post.reminding.models import Reminder
from candidates.post.reminding.queueing import Ledger
from candidates.staff.models import User
from candidates.stages import Stage
from trials.offering.models import Pause, Trial, TrialQuerySet
from trials.planning import schedule
from trials.verdicts import times

MISSING = "trial.verdict_missing"


def undecided(at: datetime) -> TrialQuerySet:
    """Trials near their end or past it whose verdict nobody has given; those that rest are not among them."""
    resting = Pause.objects.filter(trial=OuterRef("pk"), until_on=None)
    waiting = Trial.objects.current().filter(
        application__stage=Stage.TRIAL,
        application__duplicate_of=None,
        verdict_ask__answered_at=None,
        verdict_ask__cancelled_at=None,
        verdict_ask__opens_at__lte=at,
        verdict_ask__due_at__lte=at + times.NEAR,
    )
    return waiting.exclude(Exists(resting)).order_by("verdict_ask__due_at", "pk")


def escalate(*, at: datetime) -> int:
    """Tell recruiters and hiring manager of each such trial, once when its end is near and once when it is past.

    Returns how many were told of. Safe to repeat, and for two at once: the event is the mark.
    """
    late = list(undecided(at).select_related("verdict_ask"))
    told = _told(late)
    return sum(_tell(trial.pk, at) for trial in late if (key := _key(trial, at)) and key not in told)


def _key(trial: Trial, at: datetime) -> str:
    """What is told of, once: this request, its deadline, and how late it is; nothing when it is not."""
    asked = trial.verdict_ask
    which = times.lateness(asked.opens_at, asked.due_at, at) if asked else ""
    return f"{asked.pk}:{asked.due_at.isoformat()}:{which}" if asked and which else ""


def _told(trials: Iterable[Trial]) -> set[str]:
    of_these = [trial.application_id for trial in trials]
    events = pipeline.Event.objects.filter(application__in=of_these, name=MISSING)
    return {str(data.get("key")) for data in events.values_list("data", flat=True)}


@transaction.atomic
def _tell(pk: int, at: datetime) -> bool:
    """Look again under the application's lock: another sweep, a verdict or a move may have come first."""
    application = pipeline.lock(Application.objects.get(trials=pk))
    trial = undecided(at).select_related("leader", "verdict_ask").filter(pk=pk).first()
    key = _key(trial, at) if trial else ""
    if trial is None or trial.verdict_ask is None or not key or key in _told([trial]):
        return False
    pipeline.record(application, MISSING, at=at, by=Actor(ActorKind.RULE, "Rapport"), key=key)
    ledger, told = Ledger(at), _to_tell(application, trial.leader)
    for colleague in told:
        message = _mail(trial, key, colleague)
        ledger.mail(message, _row(trial.verdict_ask, key, at), calendars.of_colleague(colleague))
    if not told:
        ledger.leave_out(_row(trial.verdict_ask, key, at), Reminder.Why.NOBODY)
    ledger.write()
    return True


def _mail(trial: Trial, key: str, colleague: User) -> Message:
    data = {
        "name": str(colleague),
        "which": _which(key),
        "leader": str(trial.leader),
        "ends_on": schedule.in_words(trial.ends_on, colleague.language),
    }
    name = f"verdict:{key}:{colleague.pk}"
    return mail.to_colleague(trial.application_id, "trials/verdict_missing", colleague, key=name, data=data)


def _row(asked: Ask, key: str, at: datetime) -> Reminder:
    """A row of the ledger: others were told, near the end and past it."""
    is_past = _which(key) == "past"
    due_at = asked.due_at if is_past else times.near(asked.opens_at, asked.due_at)
    kind = Reminder.Kind.ESCALATION
    return Reminder(ask=asked, kind=kind, due_at=due_at, at=at, number=1 + is_past, is_last=is_past)


def _which(key: str) -> str:
    return key.rpartition(":")[2]


def _to_tell(application: Application, leader: User) -> list[User]:
    """The recruiters of the job and its hiring manager; not the leader, nor who is not to know whose it is yet."""
    job = application.job
    blind = Ask.objects.open().blind().filter(application=application, user__isnull=False).values("user")
    keys = [job.hiring_manager_id, *job.recruiters.values_list("pk", flat=True)]
    told = User.objects.filter(pk__in=keys, is_active=True).exclude(email="").exclude(pk__in=blind)
    return list(told.exclude(pk=leader.pk).order_by("pk"))
