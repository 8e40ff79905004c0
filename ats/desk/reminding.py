"""What the desk shows and asks about reminders: those of an application, and to whom something is given on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.careers.texts import no_surrogates
from candidates.post.models import Ask, Message
from candidates.post.reminding import actions, queueing
from candidates.post.reminding.models import Reminder
from candidates.screening import handing_on
from candidates.staff.models import User
from interviews.scheduling.telling import OVERTAKEN

Status = Message.Status


class HandOnForm(forms.Form):
    """To whom, and a word that goes with it."""

    to: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who takes it over"), empty_label=gettext_lazy("Choose a colleague")
    )
    word = forms.CharField(
        label=gettext_lazy("A word to the colleague who has it now"),
        help_text=gettext_lazy("It stands on the timeline, too. What they have typed so far is not handed on."),
        required=False,
        max_length=handing_on.LONGEST_WORD,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, asked: Ask, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = handing_on.who_may(asked)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Line:
    """One open request of an application, with its last reminder, and what may be done about it."""

    ask: Ask
    last_at: datetime | None
    told: str  # what became of the last one
    may_remind: bool
    may_put_off: bool
    may_hand_on: bool


def with_last(asks: QuerySet[Ask]) -> QuerySet[Ask]:
    """Asks, each with its last reminder as `last_reminder`: why, when, and how its mail stands; no query more."""
    mine = Reminder.objects.filter(ask=OuterRef("pk"), kind=Reminder.Kind.REMINDER).order_by("-pk")
    told = JSONObject(why="why", due_at="due_at", status="message__status", error="message__error")
    return asks.annotate(last_reminder=Subquery(mine.values(told=told)[:1]))


def lines(asks: Iterable[Any], *, reader: Any, at: datetime, may_work: bool) -> list[Line]:
    """For the open asks of an application, as `with_last` gives them."""
    found = []
    for asked in asks:
        is_mine, begun, last = asked.user_id == reader.pk, asked.opens_at <= at, asked.last_reminder
        can = asked.page in handing_on.PAGES and asked.user_id is not None and (is_mine or may_work)
        may_remind = may_work and begun and bool(asked.email)
        last_at = datetime.fromisoformat(last["due_at"]) if last else None
        told = _told(last["why"], last["status"], last["error"], asked) if last else ""
        found.append(Line(asked, last_at, told, may_remind, is_mine and begun, can))
    return found


def became(row: Reminder) -> str:
    """What became of a reminder, in words; the row with its ask and mail."""
    mail = row.message
    if mail and mail.status == Status.CANCELLED and row.kind != Reminder.Kind.REMINDER:
        is_other = mail.error == OVERTAKEN
        return _("not sent: the interview was changed or called off") if is_other else _("not sent")
    return _told(row.why, mail.status if mail else None, mail.error if mail else None, row.ask)


def _told(why: str, status: str | None, error: str | None, asked: Ask | None) -> str:
    if status is None or (why and status in (Status.QUEUED, Status.HELD)):
        return str(Reminder.Why(why).label)
    if status == Status.CANCELLED and asked:
        return _why_cancelled(error or "", asked)
    if status == Status.FAILED:
        return _("failed: the mail could not be delivered")
    return _("sent") if status == Status.SENT else str(Status(status).label)


def _why_cancelled(error: str, asked: Ask) -> str:
    if asked.answered_at:
        return _("not sent: it was answered meanwhile")
    if asked.cancelled_at:
        return _("not sent: it was not wanted any more")
    if error == actions.PUT_OFF_BY_THEM:
        return _("not sent: put off by the person asked")
    return _("not sent: a later one took its place") if error == queueing.OVERTAKEN else _("not sent")


def can_be_sent_again(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """Those that were left out, failed or did not leave."""
    return rows.filter(kind=Reminder.Kind.REMINDER).exclude(
        message__status__in=[Status.SENT, Status.SENDING, Status.UNCERTAIN]
    )
