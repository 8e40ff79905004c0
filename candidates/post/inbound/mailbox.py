"""Fetching answers from a mailbox by IMAP over TLS. What was taken is marked as read there, and nothing is deleted.

A mail is marked only after its transaction has committed: a worker that dies in between fetches it again, and finds
that it is there. A mail that cannot be read goes to quarantine, and the mails behind it come in.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from redis.exceptions import RedisError

from candidates.people.documents import NotStored
from candidates.post.inbound import actions, reading
from candidates.post.inbound.models import Reply
from candidates.post.inbound.reading import MOST_BYTES

TIMEOUT = 10  # seconds, for connecting and for each answer
MOST_AT_ONCE = 50  # mails of one turn; the next one goes on
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
STATE = "mailbox.state"  # in the cache
STATE_LIVES = 7 * 24 * 3600
AWAY = (OSError, imaplib.IMAP4.error)
log = logging.getLogger("rapport.mailbox")


class Mailbox(Protocol):
    """What we need of `imaplib.IMAP4_SSL`."""

    def login(self, user: str, password: str) -> Any:
        """Sign in."""

    def select(self, mailbox: str) -> Any:
        """Open a folder."""

    def uid(self, command: str, *args: str) -> Any:
        """Do something by the lasting numbers of mails."""

    def logout(self) -> Any:
        """Leave."""

    def shutdown(self) -> None:
        """Hang up."""


Connect = Callable[[], Mailbox]


@dataclass(frozen=True)
class Looked:
    """How the last look into the mailbox went. `error` is in the server's words."""

    at: datetime
    taken: int
    error: str = ""


def over_tls() -> Mailbox:
    """The mailbox of the settings, over TLS with a certificate that must be valid."""
    host, port = settings.REPLY_MAILBOX["host"], settings.REPLY_MAILBOX["port"]
    # Without a context of ours imaplib takes any certificate.
    return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)


def poll(*, clock: Callable[[], datetime], connect: Connect = over_tls) -> int:
    """Take in what is new, at most so many mails; returns how many. A server that is away costs nothing but time."""
    if not settings.REPLY_MAILBOX:
        return 0
    taken, error = 0, ""
    try:
        for raw_taken in _turn(clock, connect):
            taken += raw_taken
    except AWAY as trouble:
        error = f"{type(trouble).__name__}: {trouble}"[:300]
        log.warning("the mailbox could not be read: %s", type(trouble).__name__)
    except (NotStored, DatabaseError):
        error = "The mail could not be kept here. It is fetched again."
        log.warning("a mail could not be kept; it is fetched again")
    _remember(Looked(clock(), taken, error))
    return taken


def last_look() -> Looked | None:
    """How the last look went; None when there was none, or nobody remembers."""
    try:
        found = cache.get(STATE)
    except (RedisError, OSError):
        return None
    return Looked(datetime.fromisoformat(found[0]), found[1], found[2]) if found else None


def _turn(clock: Callable[[], datetime], connect: Connect) -> Any:
    mailbox = connect()
    try:
        mailbox.login(settings.REPLY_MAILBOX["user"], settings.REPLY_MAILBOX["password"])
        _done(mailbox.select(f'"{settings.REPLY_MAILBOX["folder"]}"'))
        for uid in _new(mailbox)[:MOST_AT_ONCE]:
            yield _take(mailbox, uid, clock())
    finally:
        _leave(mailbox)


def _new(mailbox: Mailbox) -> list[str]:
    found = _done(mailbox.uid("SEARCH", "UNSEEN"))
    return [uid.decode() for uid in (found[0] or b"").split()]


def _take(mailbox: Mailbox, uid: str, at: datetime) -> int:
    """One mail: its size first, then its bytes, then ours; only then it counts as read."""
    told = SIZE.search(b" ".join(_bytes(_done(mailbox.uid("FETCH", uid, "(RFC822.SIZE)")))))
    size = int(told[1]) if told else 0
    if size > MOST_BYTES:
        head = _fetched(mailbox, uid, "(BODY.PEEK[HEADER])")[:MOST_BYTES]
        _too_large(head, uid, size, at)
    elif raw := _fetched(mailbox, uid, "(BODY.PEEK[])"):
        actions.take(raw, way=Reply.Way.MAILBOX, at=at)
    else:
        return 0  # somebody deleted it meanwhile
    _done(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    return 1


def _too_large(head: bytes, uid: str, size: int, at: datetime) -> None:
    name = f"large:{uid}:{reading.digest(head)}"
    actions.quarantine(head, way=Reply.Way.MAILBOX, why=actions.TOO_LARGE, at=at, name=name, size=size)


def _fetched(mailbox: Mailbox, uid: str, what: str) -> bytes:
    """What stands behind the first answer that has a literal."""
    answers = _done(mailbox.uid("FETCH", uid, what))
    return next((bytes(one[1]) for one in answers if isinstance(one, tuple)), b"")


def _bytes(answers: list[Any]) -> list[bytes]:
    return [one for answer in answers for one in (answer if isinstance(answer, tuple) else (answer,)) if one]


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    """What a command gave.

    Raises:
        imaplib.IMAP4.error: the server refused it.
    """
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status}: {data!r}"[:200])
    return data


def _leave(mailbox: Mailbox) -> None:
    try:
        mailbox.logout()
    except AWAY:
        mailbox.shutdown()  # it does not close what broke off


def _remember(looked: Looked) -> None:
    """For the page that shows it; without Redis nobody sees it, and nothing else is lost."""
    try:
        cache.set(STATE, [looked.at.isoformat(), looked.taken, looked.error], STATE_LIVES)
    except (RedisError, OSError):
        log.debug("how the mailbox was is not remembered")
