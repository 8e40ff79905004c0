"""What a mail provider rings us with: events of mails that we sent, and mails that came in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType

from candidates.post.inbound import actions, reading, returning
from candidates.post.inbound.models import DeliveryReport, Reply
from candidates.post.inbound.returning import News

Kind = DeliveryReport.Kind
KEY = "message"  # under which mails that leave by a provider carry our own key as metadata
KINDS = {
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.DEFERRED: Kind.DEFERRED,
    EventType.BOUNCED: Kind.BOUNCED,
    EventType.REJECTED: Kind.BOUNCED,
    EventType.FAILED: Kind.BOUNCED,
    EventType.COMPLAINED: Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: Kind.OTHER,
}
UNREAD = {EventType.OPENED, EventType.CLICKED}  # we track nobody, whatever a provider tells


def hear(events: Iterable[Any], *, provider: str, at: datetime) -> None:
    """Keep what was told and take in what came; each event is a transaction.

    Args:
        events: as anymail gives them.
        provider: who tells.
        at: now.

    Raises:
        NotStored, DatabaseError: it could not be kept just now; the provider rings again.
    """
    for event in events:
        if isinstance(event, AnymailTrackingEvent):
            _hear_report(event, provider, at)
        elif isinstance(event, AnymailInboundEvent) and event.message is not None:
            _hear_mail(event, at)


def _hear_report(event: AnymailTrackingEvent, provider: str, at: datetime) -> None:
    if event.event_type in UNREAD:
        return
    told = (event.description, event.mta_response, event.reject_reason)
    news = News(
        key=_key(event, provider),
        provider=provider,
        kind=KINDS.get(event.event_type, Kind.OTHER),
        happened_at=event.timestamp or at,
        address=reading.clean(str(event.recipient or "")),
        words=reading.clean(" ".join(str(one) for one in told if one))[:2000],
    )
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    message = returning.find([str(event.message_id or "")], [metadata.get(KEY, "")])
    returning.report(news, message=message, at=at)


def _key(event: AnymailTrackingEvent, provider: str) -> str:
    """What makes it the same event: the provider's number, else what it tells of what and when."""
    told = [event.event_type, event.message_id, event.recipient, event.timestamp]
    own = str(event.event_id or "") or json.dumps(told, default=str)
    return f"{provider}:{event.event_type}:{hashlib.sha256(own.encode('utf-8', 'replace')).hexdigest()}"


def _hear_mail(event: AnymailInboundEvent, at: datetime) -> None:
    letter = event.message
    try:
        raw = letter.as_bytes()
    except Exception:  # what strangers wrote cannot always be written again
        raw = letter.as_string().encode("utf-8", "replace") if letter.keys() else b""
    envelope = [letter.envelope_recipient] if letter.envelope_recipient else []
    is_spam = bool(letter.spam_detected)
    actions.take(raw, way=Reply.Way.WEBHOOK, at=at, recipients=envelope, is_spam=is_spam)
