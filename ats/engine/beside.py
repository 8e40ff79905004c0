"""Redis as the engine asks it: at once or not at all. What lies there is told anew by every sweep; it may be lost."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings

SECONDS = 1  # a broker that accepts and never answers must not keep a page, a probe or a scrape waiting
AWAY = (redis.RedisError, OSError)


def client() -> redis.Redis:
    """The Redis of the settings, with time-outs of a second. What it raises when it is away is one of `AWAY`."""
    return _client(settings.REDIS_URL)


@cache
def _client(url: str) -> redis.Redis:
    # Not through Django's cache: that would wait as long as a broker that accepts and never answers.
    return redis.Redis.from_url(
        url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, decode_responses=True, retry=None
    )
