"""The heartbeat: beat rings, a worker writes the time. Its age tells whether both are alive."""

from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache

KEY = "engine:heartbeat"


def record(*, at: datetime) -> None:
    """Keep `at` as the time of the last heartbeat."""
    cache.set(KEY, at.timestamp(), timeout=None)


def age(*, at: datetime) -> float | None:
    """Seconds from the last heartbeat to `at`; None when there never was one."""
    last = cache.get(KEY)
    return None if last is None else max(0.0, (at - datetime.fromtimestamp(last, UTC)).total_seconds())


def longest() -> float:
    """How old, in seconds, a heartbeat may become: one may be late, two may not; a silence shows within a minute."""
    return float(settings.SWEEP_SECONDS) * 1.5 + 10
