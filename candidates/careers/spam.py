"""Keeping programs out without asking people to prove anything: a trap, a shortest time, and limits that are counted
in Redis, so that all web processes share them. Without Redis the form works, without limits."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import redis
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.backoff import NoBackoff
from redis.retry import Retry

from candidates.people import identity

SALT = "candidates.apply"
WINDOW = 3600  # seconds in which is counted
PATIENCE = 0.5  # seconds for Redis to answer
SILENCE = 10.0  # seconds without asking a Redis that did not answer, so that pages stay quick
OLDEST = timedelta(days=2)  # of a form that is sent
logger = logging.getLogger(__name__)
_silent_until = 0.0
_trapped = 0


@dataclass(frozen=True)
class Over:
    """More came than one sender may send; far more, and not even files are kept for them."""

    again_at: datetime
    keeps_files: bool


@dataclass(frozen=True)
class Stamp:
    """When a form was shown, and with which version of the privacy notice."""

    at: datetime
    notice: str

    def __str__(self) -> str:
        return signing.dumps([self.at.timestamp(), self.notice], salt=SALT)

    @classmethod
    def read(cls, text: str) -> Stamp | None:
        """The stamp of a form, or None for what we never signed."""
        try:
            shown, notice = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls(datetime.fromtimestamp(shown, UTC), notice)

    def is_quick(self, at: datetime) -> bool:
        """Whether no person can have filled the form by now."""
        return at - self.at < timedelta(seconds=settings.APPLY_SECONDS)

    def is_old(self, at: datetime) -> bool:
        """Whether it was shown so long ago that somebody may have kept it in store."""
        return at - self.at > OLDEST


def note_trap() -> None:
    """Tell the log, and nobody else, that a form came with the box filled that no person sees."""
    global _trapped
    _trapped += 1
    logger.info("Dropped a form whose trap was filled, the %d. since this process began.", _trapped)


def sender(request: HttpRequest) -> str:
    """The IP address that a form comes from, or nothing. Behind a proxy it is the one that the proxy saw."""
    told = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        told = request.META.get("HTTP_X_FORWARDED_FOR", told).rpartition(",")[2].strip()
    address = _parsed(told)
    return str(address) if address else ""


def network(address: str) -> str:
    """The network of an IP address, as one provider or company has it."""
    found = _parsed(address)
    if found is None:
        return ""
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def count_form(address: str, email: str = "", *, at: datetime) -> Over | None:
    """Count one more form, in one round trip; tells whether it was one too many.

    Args:
        address: the IP address it comes from, which counts with its network.
        email: in whose name it applies, known or not; empty for a form that is not sent yet.
        at: now.
    """
    limits = {
        "ip": settings.APPLY_LIMIT_IP, "network": settings.APPLY_LIMIT_NETWORK, "mail": settings.APPLY_LIMIT_ADDRESS
    }  # fmt: skip
    whose = {"ip": address, "network": network(address), "mail": identity.email_key(email) if email else ""}
    return _count(whose, limits, at)


def count_draft(email: str, *, at: datetime) -> Over | None:
    """Count one more mail with a link to go on."""
    return _count({"draft": identity.email_key(email)}, {"draft": settings.APPLY_LIMIT_DRAFTS}, at)


def _count(whose: dict[str, str], limits: dict[str, int], at: datetime) -> Over | None:
    hour = int(at.timestamp()) // WINDOW
    keys = {kind: _key(kind, value, hour) for kind, value in whose.items() if value}
    counts = dict(zip(keys, _increase(list(keys.values())), strict=False))
    if all(count <= limits[kind] for kind, count in counts.items()):
        return None
    keeps_files = all(count <= 2 * limits[kind] for kind, count in counts.items())
    return Over(datetime.fromtimestamp((hour + 1) * WINDOW, UTC), keeps_files)


def _key(kind: str, value: str, hour: int) -> str:
    """A name in Redis that tells nobody whose it is."""
    return f"apply:{kind}:{hour}:{salted_hmac(SALT, value).hexdigest()[:32]}"


def _increase(keys: list[str]) -> list[int]:
    """What these counters are after one more; nothing when Redis is away."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return []
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.incr(key)
                pipeline.expire(key, WINDOW)
            return list(pipeline.execute()[::2])
    except (redis.RedisError, OSError):
        _silent_until = time.monotonic() + SILENCE
        return []


@cache
def _redis(url: str) -> redis.Redis:
    retry = Retry(NoBackoff(), 0)
    return redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=retry)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
