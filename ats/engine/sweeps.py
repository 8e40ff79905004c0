"""When each task ran last, how long it took and how it ended: kept in Redis by the one wrapper of all tasks."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from ats.engine import beside

KEY = "rapport:tasks"


@dataclass(frozen=True)
class Run:
    """The last run of a task. `is_well` is None for one that has not been seen to run."""

    task: str
    every: float | None = None  # seconds; None: nothing but a ring starts it
    label: str = ""
    at: datetime | None = None
    seconds: float = 0.0
    is_well: bool | None = None
    error: str = ""
    has_waited: bool = False  # it did nothing, because the outbox is held

    def is_late(self, at: datetime) -> bool:
        """Whether beat should have rung for it since."""
        if self.every is None:
            return False
        return self.at is None or (at - self.at).total_seconds() > self.every * 2 + 60


def keep(task: str, *, at: datetime, seconds: float, error: str = "", has_waited: bool = False) -> None:
    """Remember this run of `task`. A Redis that is away forgets it; the next run tells anew."""
    told = {"at": at.timestamp(), "seconds": round(seconds, 4), "error": error, "waited": has_waited}
    with suppress(*beside.AWAY):
        beside.client().hset(KEY, task, json.dumps(told))


def last(*, at: datetime) -> list[Run]:
    """The last run of every sweep of beat's table, by its name there. One from the future counts as now (F39)."""
    kept: dict[str, str] = {}
    with suppress(*beside.AWAY):
        kept = dict(beside.client().hgetall(KEY))  # type: ignore[arg-type]
    table: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    return [_run(name, entry["task"], float(entry["schedule"]), kept, at) for name, entry in sorted(table.items())]


def _run(name: str, task: str, every: float, kept: dict[str, str], at: datetime) -> Run:
    if task not in kept:
        return Run(task, every, name)
    told = json.loads(kept[task])
    ran = min(datetime.fromtimestamp(told["at"], UTC), at)
    error = str(told["error"])
    return Run(task, every, name, ran, float(told["seconds"]), not error, error, bool(told["waited"]))
