"""Beat's schedule: in memory, all of it due at the start, with a file that shows when beat last turned.

No ring is added to a queue that nobody empties, so a worker that was away for a day finds some hundreds, not tens of
thousands. They do not expire instead: that would compare the clocks of two machines, and a worker whose clock is ahead
would drop every one.
"""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.beat import Scheduler as MemoryScheduler

LONG_AGO = timedelta(days=1)
MOST_WAITING = 500  # rings in a queue


def turned_file() -> Path:
    """The file that beat touches at every turn; the probe reads its age."""
    return Path(os.environ.get("BEAT_FILE") or Path(tempfile.gettempdir()) / "rapport-beat")


class Scheduler(MemoryScheduler):
    """Every entry is a sweep, so it runs at the start too: what was missed while beat was away is caught up at once."""

    max_interval = 10

    def install_default_entries(self, data: Any) -> None:
        """None: Celery would clean up results, and there are none."""

    def setup_schedule(self) -> None:
        """Take the schedule of the settings, all of it due now."""
        super().setup_schedule()
        self._begin_anew()

    def _begin_anew(self) -> None:
        for entry in self.get_schedule().values():
            entry.last_run_at = entry.default_now() - LONG_AGO
        self._heap = None  # Celery makes it again by these times

    def _is_ahead(self, entry: Any) -> bool:
        return bool(entry.last_run_at > entry.default_now())

    def apply_async(self, entry: Any, *arguments: Any, **options: Any) -> Any:
        """Ring for `entry`, unless its queue is full of rings already."""
        if self._is_full(entry):
            return None
        return super().apply_async(entry, *arguments, **options)

    def _is_full(self, entry: Any) -> bool:
        queue = self.app.amqp.router.route(dict(entry.options), entry.task)["queue"].name
        channel: Any = self.producer.channel
        return int(channel.client.llen(queue)) >= MOST_WAITING

    def tick(self, *arguments: Any, **options: Any) -> float:
        """One turn of beat, seen from outside by the file's age.

        A clock that was set back would leave every entry waiting for the hour at which it rang last.
        """
        turned_file().touch()
        if any(self._is_ahead(entry) for entry in self.get_schedule().values()):
            self._begin_anew()
        return float(super().tick(*arguments, **options))
