"""How many mails a minute a domain gets (MAIL_RATES): big providers turn away who sends too much at once.

Counted in Redis, for all workers together. Without Redis each worker counts for itself: the count steers when a mail
leaves, never whether, so one that is lost sends nothing twice.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

MINUTE = timedelta(minutes=1)
SILENCE = 10.0  # seconds without asking a Redis that did not answer
OTHERS = "*"


class Turns:
    """Who may leave now and who waits until when, for one sweep."""

    def __init__(self) -> None:
        self.waiting: Counter[str] = Counter()
        self.own: Counter[str] = Counter()
        self.silent_until = 0.0

    def wait(self, address: str, *, at: datetime, is_urgent: bool = False) -> datetime | None:
        """From when on a mail to `address` may leave; None for at once.

        Who waits is spread over the coming minutes, so that each sweep does not meet all of them again. What somebody
        waits for at the screen counts, but never waits; solemn mails wait as others do.
        """
        domain = address.rpartition("@")[2].lower()
        rate = _rate_of(domain)
        if rate is None:
            return None
        minute = at.replace(second=0, microsecond=0)
        if self._count(f"rate:{domain}:{minute:%Y%m%dT%H%M}") <= rate or is_urgent:
            return None
        self.waiting[domain] += 1
        return minute + MINUTE * (1 + (self.waiting[domain] - 1) // rate)

    def _count(self, key: str) -> int:
        """One more for this key; how many it has with it."""
        if time.monotonic() >= self.silent_until:
            try:
                cache.add(key, 0, timeout=120)
                return int(cache.incr(key))
            except (RedisError, OSError, ValueError):
                self.silent_until = time.monotonic() + SILENCE
        self.own[key] += 1
        return self.own[key]


def _rate_of(domain: str) -> int | None:
    return settings.MAIL_RATES.get(domain, settings.MAIL_RATES.get(OTHERS))
