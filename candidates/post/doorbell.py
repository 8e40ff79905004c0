"""Rings for Celery after the commit. A lost or doubled ring is harmless: the sweep finds what is due."""

import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

SILENCE = 10.0  # seconds without a ring after a broker that did not answer, so that pages stay quick
_silent_until = 0.0


def ring_on_commit(task: str, *args: Any) -> None:
    """Ask a worker to run `task` (its name) with `args` once the present transaction is committed."""
    transaction.on_commit(partial(ring, task, *args), robust=True)


def ring(task: str, *args: Any) -> None:
    """Publish now; a broker that is away is left to the sweep."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(task, args=args, retry=False, ignore_result=True)
    except (OperationalError, OSError):
        _silent_until = time.monotonic() + SILENCE
