"""How many rings nobody of ours made: counted, and nothing of them kept."""

from __future__ import annotations

from django.core.cache import cache
from redis.exceptions import RedisError

COUNT = "hooks.refused"


def count_one() -> None:
    """One more; without Redis it is not counted, and refused all the same."""
    try:
        cache.add(COUNT, 0, None)
        cache.incr(COUNT)
    except (RedisError, OSError, ValueError):
        return


def count() -> int:
    """How many since Redis was last emptied."""
    try:
        return int(cache.get(COUNT) or 0)
    except (RedisError, OSError):
        return 0
