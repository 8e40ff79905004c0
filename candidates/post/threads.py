"""All mails about one application to one address are one conversation in the mail program of their reader.

Whoever is to judge without knowing whose it is gets mails that hang on none: a reply below another mail about the same
application would tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from candidates.post.models import GRADING, LETTER, Message

ALONE = (LETTER, GRADING)  # pages that can be blind


@dataclass(frozen=True)
class Thread:
    """What a mail follows on: the Message-IDs of the first and the latest one that left, empty at the beginning."""

    first: str = ""
    last: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """As mail programs read them."""
        if not self.last:
            return {}
        return {"In-Reply-To": self.last, "References": " ".join(dict.fromkeys([self.first, self.last]))}


NEW = Thread()


def message_id(message: Message) -> str:
    """As which it leaves, and leaves again: one mail has one name for ever."""
    return as_id(message.message_id) if message.message_id else of_key(message.pk)


def of_key(pk: UUID) -> str:
    """The Message-ID of the mail with this key, where nobody else gives it one."""
    return f"<{pk}@{bare(settings.DEFAULT_FROM_EMAIL).rpartition('@')[2]}>"


@lru_cache(maxsize=8)
def bare(sender: str) -> str:
    """The address in "Name <address>"; asked for several times by every mail."""
    return parseaddr(sender)[1]


def as_id(text: str) -> str:
    """A Message-ID with its brackets, as headers want it, whichever way it was kept."""
    return f"<{''.join(text.split()).strip('<>')}>"


def of(messages: Iterable[Message]) -> dict[UUID, Thread]:
    """What each of these mails follows on, by its key; one query, and each needs its `ask`."""
    asking = [one for one in messages if one.application_id and not _is_alone(one)]
    if not asking:
        return {}
    left = Message.objects.filter(application__in={one.application_id for one in asking}, status=Message.Status.SENT)
    rows = left.exclude(ask__page__in=ALONE).order_by("sent_at", "created_at", "pk")
    known: dict[tuple[int | None, str], list[tuple[UUID, str]]] = {}
    for application, to, pk, kept in rows.values_list("application_id", "to", "pk", "message_id"):
        known.setdefault((application, to.lower()), []).append((pk, kept))
    return {one.pk: _thread(known.get((one.application_id, _address(one)), []), one.pk) for one in asking}


def _is_alone(message: Message) -> bool:
    return bool(message.ask and message.ask.page in ALONE)


def _address(message: Message) -> str:
    """As `rendering.address`, for comparing."""
    if message.ask:
        return message.ask.email.lower()
    if message.language or not message.application:
        return message.to.lower()
    return message.application.candidate.email.lower()


def _thread(left: Sequence[tuple[UUID, str]], own: UUID) -> Thread:
    names = [as_id(kept) if kept else of_key(pk) for pk, kept in left if pk != own]
    return Thread(names[0], names[-1]) if names else NEW
