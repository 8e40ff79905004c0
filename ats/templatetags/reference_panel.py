"""The referees of an application and what became of each, for its page: never what they said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils.timezone import now

from candidates.people.models import Application
from candidates.post.models import Ask, Message
from candidates.stages import Stage
from references.models import Referee, Reference
from references.naming import standing

register = template.Library()
BEFORE = (Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEWS)
TROUBLE = (Message.Status.FAILED, Message.Status.UNCERTAIN)
UNSENT = (Message.Status.QUEUED, Message.Status.HELD)


@dataclass(frozen=True)
class Row:
    """One referee: how it stands, and what can be done about it."""

    referee: Referee
    reference: Reference | None
    state: str  # in, declined, expired, withdrawn, trouble, unsent, overdue, waiting
    reminders: int
    reminded_at: datetime | None
    replaced_by: str

    @property
    def ask(self) -> Ask | None:
        """What they were asked last."""
        return self.reference.scorecard.ask if self.reference else None

    @property
    def is_asked(self) -> bool:
        """Whether they can still answer."""
        return self.state in ("trouble", "unsent", "overdue", "waiting")

    @property
    def has_begun(self) -> bool:
        """Whether they have opened the questions or written something; of those that are still asked."""
        begun = self.reference and (self.reference.began_at or self.reference.scorecard.saved_at)
        return bool(self.is_asked and begun)

    @property
    def may_be_asked_again(self) -> bool:
        """Whether a recruiter may write to them once more: not to who declined."""
        return self.state in ("expired", "withdrawn") and not self.replaced_by

    @property
    def may_be_replaced(self) -> bool:
        """Whether somebody else may be named instead."""
        return self.state != "in" and not self.replaced_by


@register.inclusion_tag("desk/references.html", takes_context=True)
def reference_panel(context: Any, application: Application, may_work: bool) -> dict[str, Any]:
    """Each referee with state and buttons. Three queries, however many; none before the stage can have begun."""
    told = {"request": context.get("request"), "application": application}
    if application.stage in BEFORE:
        return told
    rows, stands = _rows(application, now()), application.stage == Stage.REFERENCES
    if not rows and not stands:
        return told
    return told | {
        "is_shown": True,
        "rows": rows,
        "standing": standing.of_those(application, [row.reference for row in rows if row.reference]),
        "may_work": may_work and stands,
        "is_told": getattr(application, "is_told", False),
    }


def _rows(application: Application, at: datetime) -> list[Row]:
    related = ("reference__scorecard__ask", "replaced_by")
    referees = list(application.referees.select_related(*related))
    mails: defaultdict[int | None, list[Message]] = defaultdict(list)
    if not referees:
        return []
    sent = Message.objects.filter(application=application, ask__role=Ask.Role.REFEREE)
    for message in sent.only("ask_id", "key", "template", "status", "sent_at").order_by("created_at"):
        mails[message.ask_id].append(message)
    return [_row(referee, mails, at) for referee in referees]


def _row(referee: Referee, mails: dict[int | None, list[Message]], at: datetime) -> Row:
    reference: Reference | None = getattr(referee, "reference", None)
    written = mails.get(reference.scorecard.ask_id, []) if reference else []
    reminded = [one for one in written if one.key.startswith("remind:") and one.sent_at]
    successor = getattr(referee, "replaced_by", None)
    return Row(
        referee=referee,
        reference=reference,
        state=_state(reference, written, at) if reference else "withdrawn",
        reminders=len(reminded),
        reminded_at=reminded[-1].sent_at if reminded else None,
        replaced_by=successor.name if successor else "",
    )


def _state(reference: Reference, written: list[Message], at: datetime) -> str:
    asked = reference.scorecard.ask
    if reference.scorecard.is_locked:
        return "in"
    if reference.declined_at:
        return "declined"
    if reference.expired_at:
        return "expired"
    return _state_of_open(asked, written, at) if asked.is_open else "withdrawn"


def _state_of_open(asked: Ask, written: list[Message], at: datetime) -> str:
    links = [one for one in written if one.template == asked.template]
    if links and links[-1].status in TROUBLE:
        return "trouble"
    if links and links[-1].status in UNSENT:
        return "unsent"
    return "overdue" if asked.is_overdue(at) else "waiting"
