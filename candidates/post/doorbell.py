"""Rings for Celery after the commit. A lost or doubled ring is harmless: the sweep finds what is due."""

import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu import pools
from kombu.exceptions import OperationalError

# Who rings has a person waiting: a second for a broker that is mute. Workers, who listen for rings, have more patience.
IMPATIENT = {"socket_timeout": 1, "socket_connect_timeout": 1}
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
        broker = current_app.connection_for_write(transport_options=IMPATIENT)
        with pools.producers[broker].acquire(block=True) as producer:
            current_app.send_task(task, args=args, retry=False, ignore_result=True, producer=producer)
    except (OperationalError, OSError):
        _silent_until = time.monotonic() + SILENCE
