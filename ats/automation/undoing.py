"""Taking back what a rule did, as long as nothing came after it; afterwards it says why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ats import pipeline as process
from ats.automation import deeds
from ats.automation.models import Firing, Rule
from ats.rejections import actions as rejections
from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application, Note
from candidates.pipeline import MOVES, NotAllowed
from candidates.post.models import Ask, Message
from candidates.stages import CLOSED, Stage

UNDONE = "rule.undone"
DID = (Firing.Outcome.ACTED, Firing.Outcome.TAKEN)


@transaction.atomic
def undo(firing: Firing, *, at: datetime, by: Actor) -> None:
    """Take back what the firing did. The rule does not do it again on the same occasion.

    Raises:
        NotAllowed: see `obstacle`.
    """
    pipeline.lock(firing.application)
    related = Firing.objects.select_related("rule", "application__candidate", "application__plan")
    current = related.defer("application__letter").get(pk=firing.pk)
    if told := obstacle(current):
        raise NotAllowed(told)
    UNDOINGS[kind_of(current)](current, at, by)
    current.outcome, current.settled_at, current.settled_by_name = Firing.Outcome.UNDONE, at, by.name
    current.save(update_fields=["outcome", "settled_at", "settled_by_name"])
    told_of = {"firing": current.pk, "rule_name": current.rule_name}
    pipeline.record(current.application, UNDONE, at=at, by=by, **told_of)


def kind_of(firing: Firing) -> str:
    """What it did, by what it left behind: the rule itself may be gone or changed."""
    for name, then in (("to", Rule.Then.MOVE), ("planned", Rule.Then.REJECT), ("note", Rule.Then.NOTE)):
        if name in firing.data and (then != Rule.Then.MOVE or "came_from" in firing.data):
            return str(then)
    return str(Rule.Then.ASK if "asks" in firing.data else Rule.Then.MAIL)


def obstacle(firing: Firing) -> str:
    """Why it cannot be undone (any more), in words; empty when it can."""
    if firing.outcome not in DID:
        return _("There is nothing to undo: %s.") % firing.get_outcome_display()
    return OBSTACLES[kind_of(firing)](firing)


def _of_move(firing: Firing) -> str:
    application, data = firing.application, firing.data
    if data["to"] == Stage.HIRED:
        return _of_asks(firing)
    moved_on = application.events.filter(name__startswith="stage.").order_by("-pk").first()
    if application.stage != data["to"] or (moved_on and moved_on.data.get("event") != firing.event_id):
        return _("Somebody moved it on since.")
    if data["came_from"] not in MOVES[Stage(application.stage)] or application.stage in CLOSED:
        told = {"from": Stage(application.stage).label, "to": Stage(data["came_from"]).label}
        return _("No way leads back from %(from)s to %(to)s. Go on from here, or end it.") % told
    return ""


def _of_asks(firing: Firing) -> str:
    open_asks = Ask.objects.open().filter(pk__in=firing.data.get("asks", []))
    return "" if open_asks.exists() else _("It was answered or taken back before.")


def _of_mails(firing: Firing) -> str:
    waiting = Message.objects.filter(pk__in=firing.data.get("mails", []), status=Message.Status.QUEUED)
    return "" if waiting.exists() else _("The mail has left.")


def _of_rejection(firing: Firing) -> str:
    standing = PlannedRejection.objects.standing().filter(pk=firing.data["planned"])
    return "" if standing.exists() else _("It was carried out, undone or overtaken.")


def _of_note(firing: Firing) -> str:
    return "" if Note.objects.filter(pk=firing.data["note"]).exists() else _("The note is gone already.")


OBSTACLES: dict[str, Callable[[Firing], str]] = {
    Rule.Then.MOVE: _of_move,
    Rule.Then.ASK: _of_asks,
    Rule.Then.MAIL: _of_mails,
    Rule.Then.REJECT: _of_rejection,
    Rule.Then.NOTE: _of_note,
}


def _move_back(firing: Firing, at: datetime, by: Actor) -> None:
    """A step back: what was asked is asked no more, and mails that wait do not leave."""
    data, application = firing.data, _whole(firing)
    deeds.end_asks(data.get("asks", []), at=at)
    deeds.end_mails(data.get("mails", []))
    if data["to"] != Stage.HIRED:
        reason = _("Undone: %s") % firing.rule_name
        process.step_back(application, to=Stage(data["came_from"]), reason=reason, at=at, by=by)


def _whole(firing: Firing) -> Application:
    return Application.objects.select_related("candidate", "job", "plan").get(pk=firing.application_id)


def _end_mails(firing: Firing, at: datetime, by: Actor) -> None:
    if not deeds.end_mails(firing.data.get("mails", [])):
        raise NotAllowed(_("The mail has left."))


def _end_asks(firing: Firing, at: datetime, by: Actor) -> None:
    deeds.end_asks(firing.data.get("asks", []), at=at)
    deeds.end_mails(firing.data.get("mails", []))


def _take_rejection_back(firing: Firing, at: datetime, by: Actor) -> None:
    rejections.undo(PlannedRejection.objects.get(pk=firing.data["planned"]), at=at, by=by)


def _take_note_back(firing: Firing, at: datetime, by: Actor) -> None:
    Note.objects.filter(pk=firing.data["note"]).delete()


UNDOINGS: dict[str, Callable[[Firing, datetime, Actor], None]] = {
    Rule.Then.MOVE: _move_back,
    Rule.Then.ASK: _end_asks,
    Rule.Then.MAIL: _end_mails,
    Rule.Then.REJECT: _take_rejection_back,
    Rule.Then.NOTE: _take_note_back,
}
