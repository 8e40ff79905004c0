"""The mails about an application that wait, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django import template
from django.utils.timezone import now

from ats.desk import mail_state, roles
from ats.desk.mail_state import State
from ats.desk.timeline import Mails
from candidates.people.models import Application
from candidates.post import holding, rendering, texts
from candidates.post.models import Message

register = template.Library()
MOST = 10
MOST_READ = 200
PUT_AWAY = timedelta(days=1000)  # what leaves later belongs to a paused trial, and to nobody's day


@dataclass(frozen=True)
class Waiting:
    """A mail that waits, how it is called and how it stands."""

    message: Message
    subject: str
    state: State


@register.inclusion_tag("desk/waiting_mails.html", takes_context=True)
def waiting_mails(context: Any, application: Application) -> dict[str, Any]:
    """Those that are held, or leave later than now, the next one first.

    No query: the page's timeline has read them. Only where it is not all of them, they are read for this.
    """
    user, at = context["request"].user, now()
    if not (getattr(application, "has_waiting", True) and user.has_perm("candidates.view_message")):
        return {"rows": []}
    written = context.get("written")
    if written is None or not written.are_all:
        written = _read(application, user, at)
    rows = sorted((one for one in written.latest if _waits(one, at)), key=attrgetter("next_try_at", "pk"))[:MOST]
    for one in rows:
        one.application = application
    return {
        "rows": [Waiting(one, rendering.subject(one, written.own_words), mail_state.of(one, at)) for one in rows],
        "may_decide": roles.recruits(user, application.job),
        "csrf_token": context.get("csrf_token"),
    }


def _read(application: Application, user: Any, at: datetime) -> Mails:
    visible = holding.waiting(application).filter(pk__in=mail_state.visible(user, at).values("pk"))
    rows = list(visible.select_related("ask").filter(next_try_at__lt=at + PUT_AWAY)[:MOST_READ])
    return Mails(rows, texts.own_words_of(one.template for one in rows))


def _waits(message: Message, at: datetime) -> bool:
    """Whether somebody may still want to decide about it."""
    is_held = message.status == Message.Status.HELD
    is_later = message.status == Message.Status.QUEUED and message.next_try_at > at
    return (is_held or is_later) and message.next_try_at < at + PUT_AWAY
