"""What the desk shows and asks about reminders: those of an application, and to whom something is given on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.careers.texts import no_surrogates
from candidates.post.models import Ask, Message
from candidates.post.reminding import actions, queueing
from candidates.post.reminding.models import Reminder
from candidates.screening import handing_on
from candidates.staff.models import User

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
    """One open request of an application, with its next and its last reminder, and what may be done about it."""

    ask: Ask
    last: Reminder | None
    told: str  # what became of the last one
    may_remind: bool
    may_put_off: bool
    may_hand_on: bool


def lines(asks: Iterable[Ask], *, reader: Any, at: datetime, may_work: bool) -> list[Line]:
    """For the open `asks` of an application; one query, however many there are."""
    shown = list(asks)
    newest = (
        Reminder.objects.filter(ask__in=shown, kind=Reminder.Kind.REMINDER)
        .values("ask")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    last = {one.ask_id: one for one in Reminder.objects.filter(pk__in=newest).select_related("message")}
    found = []
    for asked in shown:
        row, is_mine = last.get(asked.pk), asked.user_id == reader.pk
        begun = asked.opens_at <= at
        can = asked.page in handing_on.PAGES and asked.user_id is not None and (is_mine or may_work)
        told = became(row, asked) if row else ""
        found.append(Line(asked, row, told, may_work and begun and bool(asked.email), is_mine and begun, can))
    return found


def became(row: Reminder, asked: Ask | None = None) -> str:
    """What became of a reminder, in words."""
    asked, mail = asked or row.ask, row.message
    if mail is None:
        return str(row.get_why_display())
    if mail.status == Status.SENT:
        return _("sent")
    if mail.status == Status.CANCELLED:
        return _why_cancelled(mail, asked)
    if mail.status == Status.FAILED:
        return _("failed: the mail could not be delivered")
    if mail.status in (Status.QUEUED, Status.HELD) and row.why:
        return str(row.get_why_display())
    return str(mail.get_status_display())


def _why_cancelled(mail: Message, asked: Ask) -> str:
    if asked.answered_at:
        return _("not sent: it was answered meanwhile")
    if asked.cancelled_at:
        return _("not sent: it was not wanted any more")
    if mail.error == actions.PUT_OFF_BY_THEM:
        return _("not sent: put off by the person asked")
    return _("not sent: a later one took its place") if mail.error == queueing.OVERTAKEN else _("not sent")


def can_be_sent_again(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """Those that were left out, failed or did not leave."""
    return rows.filter(kind=Reminder.Kind.REMINDER).exclude(
        message__status__in=[Status.SENT, Status.SENDING, Status.UNCERTAIN]
    )
