"""The mails about an application that wait, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import template
from django.utils.timezone import now

from ats.desk import mail_state, roles
from ats.desk.mail_state import State
from candidates.people.models import Application
from candidates.post import holding, rendering, texts
from candidates.post.models import Message

register = template.Library()
MOST = 10
PUT_AWAY = timedelta(days=1000)  # what leaves later belongs to a paused trial, and to nobody's day


@dataclass(frozen=True)
class Waiting:
    """A mail that waits, how it is called and how it stands."""

    message: Message
    subject: str
    state: State


@register.inclusion_tag("desk/waiting_mails.html", takes_context=True)
def waiting_mails(context: Any, application: Application) -> dict[str, Any]:
    """Those that are held, or leave later than now, the next one first. No query where there are none."""
    user, at = context["request"].user, now()
    if not (getattr(application, "has_waiting", True) and user.has_perm("candidates.view_message")):
        return {"rows": []}
    found = holding.waiting(application).filter(pk__in=mail_state.visible(user, at).values("pk"))
    later = found.exclude(status=Message.Status.QUEUED, next_try_at__lte=at).filter(next_try_at__lt=at + PUT_AWAY)
    rows = list(later.select_related("ask")[:MOST])
    words = texts.own_words_of([one.template for one in rows])
    for one in rows:
        one.application = application
    return {
        "rows": [Waiting(one, rendering.subject(one, words), mail_state.of(one, at)) for one in rows],
        "may_decide": roles.recruits(user, application.job),
        "csrf_token": context.get("csrf_token"),
    }
