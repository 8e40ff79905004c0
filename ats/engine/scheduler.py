"""Beat's schedule: in memory, all of it due at the start, with a file that shows when beat last turned."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.beat import Scheduler as MemoryScheduler

LONG_AGO = timedelta(days=1)


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
        for entry in self.get_schedule().values():
            entry.last_run_at = entry.default_now() - LONG_AGO

    def tick(self, *arguments: Any, **options: Any) -> float:
        """One turn of beat, seen from outside by the file's age."""
        turned_file().touch()
        return float(super().tick(*arguments, **options))
