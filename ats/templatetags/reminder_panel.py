"""The reminders of what is waited for, and "remind me tomorrow" on the pages of those who were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.timezone import now

from ats.desk import reminding
from ats.desk.reminding import Line
from candidates.post.models import Ask

register = template.Library()


@dataclass(frozen=True)
class Reminded:
    """A row of "waiting for", with its reminders."""

    ask: Ask
    is_begun: bool
    is_late: bool
    line: Line


@register.simple_tag(takes_context=True)
def with_reminders(context: Any, asks: Sequence[Any], may_work: bool) -> list[Reminded]:
    """The rows, each with its next and its last reminder; no query."""
    if not asks:
        return []
    lines = reminding.lines([one.ask for one in asks], reader=context["request"].user, at=now(), may_work=may_work)
    return [Reminded(one.ask, one.is_begun, one.is_late, line) for one, line in zip(asks, lines, strict=True)]
