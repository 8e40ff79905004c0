"""Mails that came in, for who may read them.

A candidate's words are for all who see the application; anybody else's may be a judgement, and show where those do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ats.desk import identity
from ats.desk.lists import COUNTED, capped_count
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


def title(reply: Reply) -> str:
    """What a list calls it: its subject, unless that may be a judgement."""
    if not getattr(reply, "is_readable", False):
        return _("A mail that may hold a judgement")
    return reply.subject or _("(without a subject)")


def waiting_for(user: Any, worked: QuerySet[Application], at: datetime) -> list[Reply]:
    """What was written about the applications that `user` works on and nobody has read, the oldest first."""
    unread = visible_to(user, at).filter(state=State.TAKEN, seen_at=None, application__in=worked)
    return list(unread.defer("text").order_by("received_at")[:MOST])


def to_place() -> int:
    """How many mails nobody could place, counted no further than lists do."""
    return capped_count(Reply.objects.filter(state__in=TO_PLACE, seen_at=None), COUNTED)
