"""Loaded first by each Python that runs below libfaketime: `time.sleep` of Python 3.11 waits until an absolute time of
the monotonic clock, which the library mistakes for the one that it moves."""

import select
import time
from typing import SupportsIndex


def sleep(seconds: "float | SupportsIndex", /) -> None:
    """Sleep for so many seconds, whatever the clock says."""
    seconds = float(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
