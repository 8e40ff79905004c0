"""Which mail of ours an answer is to: by the ids that it refers to, or by a signed token in the address it went to.

The token is short, as the part before the @ has 64 characters at most, and of small letters and digits alone, as
some servers write addresses in small letters.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from candidates.post.models import Message

SALT = "candidates.reply"
SIGNED = 10  # bytes of the signature
LENGTH = 42  # characters of sixteen bytes and the signature
UUID_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def reply_address(message: Message) -> str:
    """Where an answer to `message` goes, so that we know it again; empty where no mailbox for answers is set up."""
    local, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    return f"{local}+{_token(message.pk, settings.SECRET_KEY)}@{domain}" if local else ""


def read(addresses: Iterable[str]) -> UUID | None:
    """The key of our mail that one of these addresses belongs to; None for what we never signed."""
    return next((found for found in map(_read, addresses) if found), None)


def is_own(address: str) -> bool:
    """Whether it is one that we send from or take answers at."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    return bool(address) and address.lower() in {sender, settings.REPLY_ADDRESS.lower()}


def own_keys(message_ids: Iterable[str]) -> list[UUID]:
    """The keys of our mails among Message-IDs, in the order given: those that we make begin with the key."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()
    parts = (one.lower().rpartition("@") for one in message_ids)
    return [UUID(local) for local, _at, where in parts if where == domain and UUID_FORM.fullmatch(local)]


def _read(address: str) -> UUID | None:
    local, _at, domain = address.strip().lower().rpartition("@")
    token = local.rpartition("+")[2]
    if len(token) != LENGTH or domain != settings.REPLY_ADDRESS.rpartition("@")[2].lower():
        return None
    try:
        key = UUID(bytes=b32decode(token.upper() + "=" * (-LENGTH % 8))[:16])
    except ValueError:
        return None
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return key if any(hmac.compare_digest(token, _token(key, secret)) for secret in secrets) else None


def _token(key: UUID, secret: str) -> str:
    signature = salted_hmac(SALT, key.hex, secret=secret, algorithm="sha256").digest()[:SIGNED]
    return b32encode(key.bytes + signature).decode().rstrip("=").lower()
