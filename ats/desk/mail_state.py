"""How a mail stands, in words with the reason; and which mails a colleague may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ats.desk import identity
from candidates.judging import firewall
from candidates.people.models import Application
from candidates.post.models import Message

DIGEST = "desk/digest"
TO_COLLEAGUES = ("ats/rule_tells", "ats/rule_failed", "candidates/to_do")  # their words may follow from judgements
Status = Message.Status
CHIPS = {Status.SENT: "done", Status.FAILED: "overdue", Status.UNCERTAIN: "overdue", Status.CANCELLED: "blocked"}


@dataclass(frozen=True)
class State:
    """A word or two, why it is so or what to do, and the colour that goes with it."""

    name: str
    why: str
    chip: str


def visible(user: Any, at: datetime) -> QuerySet[Message]:
    """About applications that `user` may see by name, and none of gradings that are not for them yet.

    A digest is for its reader alone: it was written for what they may know.
    """
    told = firewall.tells_no_grading(user, at, path="ask__")
    others = Q(template=DIGEST) & ~Q(to__iexact=user.email)
    mails = Message.objects.filter(identity.named_to(user), told, tells_nothing(user, at)).exclude(others)
    if user.is_superuser:
        return mails
    return mails.filter(application__in=Application.objects.visible_to(user))


def tells_nothing(user: Any, at: datetime) -> Q:
    """For a filter of mails: those that tell `user`, if they owe a rating, nothing of what others thought."""
    return ~Q(template__in=TO_COLLEAGUES) | Q(to__iexact=user.email) | ~Q(firewall.owes(user, at))


def of(message: Message, at: datetime) -> State:
    """How `message` stands at `at`."""
    status = Status(message.status)
    name = _("came back") if message.returned_at else str(status.label)
    chip = "overdue" if message.returned_at else CHIPS.get(status, "waiting")
    return State(name, _why(message, status, at), chip)


def when(at: datetime | None) -> str:
    """A moment as the desk writes it."""
    return date_format(localtime(at), "D j M Y, H:i") if at else ""


def _why(message: Message, status: Status, at: datetime) -> str:
    if message.returned_at:
        told = {"when": when(message.returned_at), "why": message.returned}
        return _("%(when)s: %(why)s. Correct the address, then send again.") % told
    if status == Status.QUEUED:
        return _waiting(message, at)
    if status == Status.UNCERTAIN:
        return _("%(error)s Ask them, or look into the log of the mail server; then decide.") % {"error": message.error}
    if status == Status.SENT:
        return when(message.sent_at)
    return message.error


def _waiting(message: Message, at: datetime) -> str:
    if message.next_try_at <= at:
        return _("leaves with the next sweep")
    told = {"when": when(message.next_try_at), "n": message.attempts, "error": message.error}
    if message.attempts and message.error:
        return _("tried %(n)s times, next on %(when)s: %(error)s") % told
    return _("until %(when)s") % told
