"""Queueing a mail with the change that causes it. `rendering.py` has its words, `delivery.py` lets it leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from candidates.people.models import Application
from candidates.post import links
from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Ask, Message
from candidates.staff.models import User

LEAVES_BY = "leaves_by"  # in a message's data: when it is stale
TRIED_SINCE = "tried_since"  # and when it first failed to leave, from which the days until we give up are counted


def queue(
    application: Application,
    template: str,
    *,
    key: str,
    at: datetime,
    ask: Ask | None = None,
    solemn: bool = False,
    wait: timedelta = timedelta(0),
    calendar: str = "",
    outlives_ask: bool = False,
    leaves_by: datetime | None = None,
    priority: Message.Priority = Message.Priority.NORMAL,
    data: dict[str, Any] | None = None,
) -> Message:
    """Write the mail down, once per `key`, in the caller's transaction; it leaves after the commit.

    Args:
        application: what it is about; without `ask` it goes to the candidate.
        template: `<app>/<name>` below `templates/emails/`.
        key: the cause; a second mail for the same cause is not written.
        at: now.
        ask: whom it goes to, and whose link it carries.
        solemn: rejections, hires, reference requests: never sent twice, in doubt a person decides.
        wait: how long it may still be taken back.
        calendar: an iCalendar text that goes with it; its METHOD says whether it invites, changes or cancels.
        outlives_ask: whether it leaves although what was asked is answered or cancelled by then.
        leaves_by: from when on it would be stale, and is not sent any more.
        priority: urgent ones, links that somebody waits for at the screen, overtake all others.
        data: JSON values for the template.
    """
    stale = {LEAVES_BY: leaves_by.isoformat()} if leaves_by else {}
    message = Message(
        key=key,
        application=application,
        ask=ask,
        template=template,
        to=ask.email if ask else application.candidate.email,
        solemn=solemn,
        calendar=calendar,
        outlives_ask=outlives_ask,
        priority=priority,
        created_at=at,
        next_try_at=max(at + wait, ask.opens_at if ask and not outlives_ask else at),
        data={name: value for name, value in (data or {}).items() if name != TRIED_SINCE} | stale,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if message.next_try_at <= at:
        _ring(message)
    return Message.objects.get(key=key)


def postpone(asked: Ask, *, until: datetime) -> None:
    """Let the first mail of an ask leave at `until` instead, if it has not left; one that has is not sent again."""
    waiting = Message.objects.filter(key=f"ask:{asked.pk}", status=Message.Status.QUEUED)
    waiting.update(next_try_at=until)


def queue_to(
    template: str,
    *,
    to: str,
    language: str,
    zone: str,
    key: str,
    at: datetime,
    link: str = "",
    priority: Message.Priority = Message.Priority.NORMAL,
    data: dict[str, Any] | None = None,
) -> Message:
    """As `queue`, for somebody without an application.

    Args:
        to, language, zone: who reads it.
        link: whose personal link it carries, by `links.personal`.
    """
    message = Message(key=key, template=template, to=to, language=language, zone=zone, link=link, priority=priority)
    message.created_at, message.next_try_at, message.data = at, at, data or {}
    Message.objects.bulk_create([message], ignore_conflicts=True)
    _ring(message)
    return Message.objects.get(key=key)


def queue_to_colleague(
    application: Application,
    template: str,
    colleague: User,
    *,
    key: str,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> Message:
    """As `queue`, to a colleague with an account, about an application; its link leads to the application's page."""
    message = to_colleague(application.pk, template, colleague, key=key, data=data)
    message.created_at, message.next_try_at = at, at
    Message.objects.bulk_create([message], ignore_conflicts=True)
    _ring(message)
    return Message.objects.get(key=key)


def to_colleague(
    application: int, template: str, colleague: User, *, key: str, data: dict[str, Any] | None = None
) -> Message:
    """Such a mail about the application with this key, not written down yet; without the times at which it leaves."""
    return Message(
        key=key,
        template=template,
        to=colleague.email,
        language=colleague.language,
        zone=colleague.zone,
        application_id=application,
        link=links.personal("desk", application),
        data=data or {},
    )


def _ring(message: Message) -> None:
    """Somebody sits and waits for an urgent one: a process is kept free for those."""
    is_urgent = message.priority == Message.Priority.URGENT
    ring_on_commit(f"candidates.post.tasks.{'send_urgent' if is_urgent else 'send'}", str(message.pk))
