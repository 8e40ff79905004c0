"""The heartbeat: beat rings, a worker writes the time. Its age tells whether both are alive."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.conf import settings

from ats.engine import beside

KEY = "rapport:heartbeat"
CLOCKS_DIFFER = timedelta(seconds=5)  # at most, between the machines of one installation


def record(*, at: datetime) -> None:
    """Keep `at` as the time of the last heartbeat; a Redis that is away misses one."""
    with suppress(*beside.AWAY):
        beside.client().set(KEY, at.timestamp())


def last(*, at: datetime) -> datetime | None:
    """When the heart beat last, as far as anybody knows.

    One from the future was written before the clock was set back. It tells nothing: the next one is due within a
    sweep, and believing it would hide a dead beat for as long as the clock had been ahead.
    """
    try:
        written = beside.client().get(KEY)
    except beside.AWAY:
        return None
    found = datetime.fromtimestamp(float(str(written)), UTC) if written else None
    return None if found is None or found > at + CLOCKS_DIFFER else min(found, at)


def age(*, at: datetime) -> float | None:
    """Seconds from the last heartbeat to `at`, never below zero; None when there is none to go by."""
    found = last(at=at)
    return None if found is None else (at - found).total_seconds()


def longest() -> float:
    """How old, in seconds, a heartbeat may become: one may be late, two may not; a silence shows within a minute."""
    return float(settings.SWEEP_SECONDS) * 1.5 + 10
