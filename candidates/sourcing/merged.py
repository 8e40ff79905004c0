"""What becomes of membership and invitations when two candidates turn out to be one person, and back again.

A no holds: who left the pool by one address has left it by the other as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candidates.people.models import Candidate
from candidates.post import links
from candidates.post.models import Message
from candidates.sourcing.models import Invitation, PoolMember

CONSENT = ("consent_at", "consent_version", "confirmed_at", "left_at")
WAITING = (Message.Status.QUEUED, Message.Status.HELD)


def bring_over(kept: Candidate, folded: Candidate) -> dict[str, Any]:
    """Give the kept person what the folded one had; returns what `give_back` needs. Call under the locks of both."""
    invited = Invitation.objects.filter(candidate=kept).values("job")
    moved = list(Invitation.objects.filter(candidate=folded).exclude(job__in=invited).values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=moved).update(candidate=kept)
    return {"invitations": moved, "pool": _bring_membership(kept, folded)}


def give_back(holder: Candidate, folded: Candidate, data: dict[str, Any]) -> list[str]:
    """Take back what `bring_over` did, and return in words what had to stay as it is."""
    moved = Invitation.objects.filter(pk__in=data.get("invitations", []), candidate=holder)
    moved.update(candidate=folded)
    return _give_membership(holder, folded, data.get("pool") or {})


def _bring_membership(kept: Candidate, folded: Candidate) -> dict[str, Any]:
    theirs = PoolMember.objects.filter(candidate=folded).first()
    if theirs is None:
        return {}
    _readdress(theirs, kept)
    own = PoolMember.objects.filter(candidate=kept).first()
    if own is None:
        PoolMember.objects.filter(pk=theirs.pk).update(candidate=kept)
        return {"moved": theirs.pk}
    before = _consent(own)
    _combine(own, theirs)
    return {"member": own.pk, "theirs": theirs.pk, "before": before, "after": _consent(own)}


def _combine(own: PoolMember, theirs: PoolMember) -> None:
    if own.left_at or theirs.left_at:
        own.left_at = max(one.left_at for one in (own, theirs) if one.left_at)
    elif theirs.confirmed_at and not own.confirmed_at:
        own.consent_at, own.consent_version = theirs.consent_at, theirs.consent_version
        own.confirmed_at = theirs.confirmed_at
    own.save(update_fields=CONSENT)


def _give_membership(holder: Candidate, folded: Candidate, data: dict[str, Any]) -> list[str]:
    if "moved" in data:
        member = PoolMember.objects.filter(pk=data["moved"], candidate=holder).first()
        if member:
            PoolMember.objects.filter(pk=member.pk).update(candidate=folded)
            _readdress(member, folded)
        return []
    own = PoolMember.objects.filter(pk=data["member"]).first() if data else None
    if own is None:
        return []
    for theirs in PoolMember.objects.filter(pk=data["theirs"], candidate=folded):
        _readdress(theirs, folded)
    if _consent(own) != data["after"]:
        return [_("What was said about the talent pool after the merge stays.")]
    for name, value in data["before"].items():
        setattr(own, name, datetime.fromisoformat(value) if value and name.endswith("_at") else value)
    own.save(update_fields=CONSENT)
    return []


def _consent(member: PoolMember) -> dict[str, str | None]:
    values = {name: getattr(member, name) for name in CONSENT}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _readdress(member: PoolMember, person: Candidate) -> None:
    """Mails that wait follow the person's address."""
    waiting = Message.objects.filter(link=links.personal("pool", member.pk), status__in=WAITING)
    waiting.update(to=person.email, language=person.language, zone=person.zone)
