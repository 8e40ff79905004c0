"""One quiet button on the pages of those who were asked: remind me on my next working day."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.timezone import now

from candidates.post.models import Ask
from candidates.post.reminding import actions

register = template.Library()


@register.inclusion_tag("asks/later.html", takes_context=True)
def remind_me_later(context: Any, ask: Ask, action: str = "") -> dict[str, Any]:
    """The button, or until when it is put off; nothing for candidates, whose time is theirs.

    Args:
        action: where the button leads, if not to the page itself.
    """
    at = now()
    is_put_off = ask.snoozed_until is not None and ask.snoozed_until > at
    offered = ask.role != Ask.Role.CANDIDATE and not is_put_off
    return {
        "ask": ask,
        "action": action,
        "put_off_until": ask.snoozed_until if is_put_off else None,
        "until": actions.tomorrow(ask, at=at) if offered else None,
        "csrf_token": context.get("csrf_token"),
    }
