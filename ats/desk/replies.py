"""Mails that came in, for who may read them.

A candidate's words are for all who see the application; anybody else's may be a judgement, and show where those do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ats.desk import identity
from candidates.judging import firewall
from candidates.people.models import Application
from candidates.post.inbound.models import Reply

State = Reply.State
MOST = 20
TO_PLACE = (State.UNKNOWN, State.QUARANTINED)


def visible_to(user: Any, at: datetime) -> QuerySet[Reply]:
    """The mails about applications that `user` may see, and those that nobody has placed.

    Each with `is_readable`: whether its words may be shown to them now.
    """
    told = Application.objects.filter(firewall.open_for(user, at), pk=OuterRef("application"))
    readable = Q(application=None) | Q(of_candidate=True) | Exists(told)
    placed = Q(application__in=Application.objects.visible_to(user)) & Q(identity.named_to(user))
    grading = firewall.tells_no_grading(user, at, path="answers__ask__")
    rows = Reply.objects.filter(Q(application=None) | placed, grading)
    return (
        rows.annotate(is_readable=ExpressionWrapper(readable, BooleanField()))
        .select_related("application__candidate", "application__job")
        .defer("application__letter")
    )


@dataclass(frozen=True)
class Waiting:
    """A mail that nobody has read or placed."""

    pk: int
    state: str
    received_at: datetime
    subject: str
    of_candidate: bool
    is_readable: bool
    name: str | None


def title(reply: Reply | Waiting) -> str:
    """What a list calls it: its subject, unless that may be a judgement."""
    if not getattr(reply, "is_readable", False):
        return _("A mail that may hold a judgement")
    return reply.subject or _("(without a subject)")


def waiting_for(user: Any, worked: QuerySet[Application], at: datetime) -> list[Waiting]:
    """What was written about the applications that `user` works on and nobody has read, the oldest first; one query.

    Before it one that has no place yet, if there is any.
    """
    seen = visible_to(user, at).filter(seen_at=None).order_by("received_at")
    unread = seen.filter(state=State.TAKEN, application__in=worked)[:MOST]
    rows = _told(seen.filter(state__in=TO_PLACE)[:1]).union(_told(unread), all=True)
    found = [Waiting(*row) for row in rows]
    return sorted(found, key=lambda one: (one.state == State.TAKEN, one.received_at))


def _told(rows: QuerySet[Reply]) -> Any:
    columns = ("pk", "state", "received_at", "subject", "of_candidate", "is_readable", "application__candidate__name")
    return rows.values_list(*columns)
