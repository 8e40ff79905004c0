"""What the verb that opens a stage has to know, out of a rule's settings and what is known of the application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ats.automation.models import Rule
from ats.automation.rules import undo_time
from candidates.judging import firewall
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.staff.models import User
from candidates.stages import Stage
from interviews import completion
from interviews.actions import Invited
from interviews.models import LONGEST, SHORTEST, Interview, Round
from trials.planning import schedule

USUAL_MINUTES = 45
Arguments = dict[str, Any]


def person(application: Application, setting: Any, *, judges: bool = False, turn: int = 0) -> User:
    """Whom a rule means: a colleague, the hiring manager, or one of the recruiters in turn.

    Args:
        setting: `{"who": ..., "user": key}`.
        judges: whether the rule tells something of what people thought; then nobody who still owes a rating.
        turn: the next but so many, where two different people are wanted.

    Raises:
        NotAllowed: nobody who could be asked is there any more.
    """
    found = [one for one in _people(application, setting) if not _is_blind(one, application, judges)]
    if not found:
        raise NotAllowed(_("Nobody whom the rule means can be asked: they have left, or still judge this application."))
    return found[(application.pk + turn) % len(found)]


def _people(application: Application, setting: Any) -> list[User]:
    setting = setting if isinstance(setting, dict) else {}
    active = User.objects.filter(is_active=True, is_staff=True)
    if setting.get("who") == "colleague":
        return list(active.filter(pk=setting.get("user") or 0))
    if setting.get("who") == "manager":
        return list(active.filter(pk=application.job.hiring_manager_id))
    return list(active.filter(jobs_recruited=application.job_id).order_by("pk"))


def _is_blind(user: User, application: Application, judges: bool) -> bool:
    """Whether they are not to know whose it is, or nothing of what others thought."""
    if firewall.blind_readings(user).filter(application=application).exists():
        return True
    return judges and firewall.owed_by(user, at=application.stage_since).filter(application=application).exists()


def arguments(rule: Rule, application: Application, to: Stage, *, at: datetime) -> Arguments:
    """The keyword arguments of the verb that leads to `to`.

    Raises:
        NotAllowed: something that it needs is not known; in words for recruiters.
    """
    opening = OPENINGS.get(to) if is_forward(application, to) else _back
    return (opening or _back)(rule, application, at)


def is_forward(application: Application, to: Stage) -> bool:
    """Whether `to` lies ahead; else the move is a step back."""
    order = list(Stage)
    return order.index(to) > order.index(Stage(application.stage))


def _screening(rule: Rule, application: Application, at: datetime) -> Arguments:
    reader = person(application, rule.settings.get("reader"))
    caller = person(application, rule.settings.get("caller"))
    if caller == reader:
        caller = person(application, rule.settings.get("caller"), turn=1)
    return {"reader": reader, "caller": caller, "chooses_time": bool(rule.settings.get("chooses_time"))}


def _interviews(rule: Rule, application: Application, at: datetime) -> Arguments:
    """The next round with the people of last time or those named; the candidate chooses the time."""
    last = Interview.objects.filter(application__job=application.job_id).order_by("pk").last()
    round = next((one for one in completion.rounds_to_come(application) if one.kind != Round.Kind.WRITTEN), None)
    people = [Invited(one["name"], one["email"]) for one in rule.settings.get("interviewers") or []]
    if not people and last:
        people = [Invited(one.name, one.email) for one in last.panelists.standing()]
    if not people:
        raise NotAllowed(_("It is not known who interviews: name them in the rule, or arrange the first one by hand."))
    own = {name: rule.settings.get(name) or "" for name in ("place", "video_link")}
    if not any(own.values()) and last:
        own = {"place": last.place, "video_link": last.video_link}
    return {"interviewers": people, "round": round, "starts_at": None, "minutes": _minutes(rule, round, last)} | own


def _minutes(rule: Rule, round: Round | None, last: Interview | None) -> int:
    of_kit = sum(part.minutes for part in round.kit.parts.all()) if round and round.kit else 0
    minutes = rule.settings.get("minutes") or of_kit or (last.minutes if last else USUAL_MINUTES)
    return min(max(int(minutes), SHORTEST), LONGEST)


def _references(rule: Rule, application: Application, at: datetime) -> Arguments:
    return {"note": str(rule.settings.get("note") or ""), "wait": undo_time(application.plan)}


def _trial(rule: Rule, application: Application, at: datetime) -> Arguments:
    """An offer from next Monday on; they choose the first day within two weeks."""
    today = schedule.local_day(at, application.job.zone)
    monday = today + timedelta(days=7 - today.weekday())
    return {
        "is_agreed": False,
        "starts_on": monday,
        "starts_until": monday + timedelta(days=11),
        "leader": person(application, rule.settings.get("leader") or {"who": "manager"}),
        "buddy_name": str(rule.settings.get("buddy_name") or ""),
        "buddy_email": str(rule.settings.get("buddy_email") or ""),
    }


def _hire(rule: Rule, application: Application, at: datetime) -> Arguments:
    return {"approver": person(application, rule.settings.get("approver")), "then": _second(rule, application)}


def _second(rule: Rule, application: Application) -> User | None:
    then = rule.settings.get("second")
    return person(application, then) if then else None


def _back(rule: Rule, application: Application, at: datetime) -> Arguments:
    return {"reason": rule.name}


OPENINGS: dict[Stage, Callable[[Rule, Application, datetime], Arguments]] = {
    Stage.SCREENING: _screening,
    Stage.INTERVIEWS: _interviews,
    Stage.REFERENCES: _references,
    Stage.TRIAL: _trial,
    Stage.HIRED: _hire,
}
