"""The lines about what runs by itself: how much a system asks of its database while nothing happens, and how large a
worker is after ten thousand mails (a hundred thousand with as many people).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ats.dev import throwaway_instance
from ats.dev.throwaway_instance import Running
from ats.engine import start
from bench import rates, stand
from bench.ground import Ground, NotMeasured
from bench.measure import Timings
from bench.report import Measured
from candidates.people.models import Candidate
from candidates.post import doorbell
from candidates.post.models import Message

SETTLE_SECONDS, IDLE_SECONDS = 60, 120
STATED_A_SECOND, STATED_MB = 5.0, 150.0
SWEEP_SECONDS = "30"  # as installations have it; `make run` sweeps more often, because somebody watches
FEWEST, MOST = 10_000, 100_000  # mails
PATIENCE_SECONDS = 1800


def idle(ground: Ground) -> Measured:
    """Statements a second, BEGIN and COMMIT among them, of a whole product with eight applications; stated are five."""
    del ground  # a product of its own, in which nobody does anything
    with throwaway_instance.running(SWEEP_SECONDS=SWEEP_SECONDS, RAPPORT_DEMO="few") as product:
        time.sleep(SETTLE_SECONDS)
        _log_statements(product)
        before = _statements(product)
        time.sleep(IDLE_SECONDS)
        rate = (_statements(product) - before) / IDLE_SECONDS
    if not rate:
        raise NotMeasured("the server wrote no statement into its log")
    note = f"statements a second over {IDLE_SECONDS} s, against a stated {STATED_A_SECOND:g}"
    return Measured(Timings([rate]), Timings([STATED_A_SECOND]), unit="per_s", note=note)


def _log_statements(product: Running) -> None:
    product.sql("ALTER SYSTEM SET log_statement = 'all'")
    product.sql("SELECT pg_reload_conf()")
    time.sleep(2)  # each session hears of it with its next statement


def _statements(product: Running) -> int:
    log = (product.folder / "log").read_text(errors="replace")
    return log.count("LOG:  statement: ") + log.count("LOG:  execute ")


def worker_memory(ground: Ground) -> Measured:
    """The largest process of a real worker after it sent all that was due; the limit is the stated size."""
    mails = int(os.environ.get("MAILS") or min(max(FEWEST, Candidate.objects.count()), MOST))
    Message.objects.filter(status=Message.Status.QUEUED).update(status=Message.Status.HELD)
    before = Message.objects.filter(status=Message.Status.SENT).count()
    with _worker() as worker:
        doorbell.ring("candidates.post.tasks.send_due")  # its child comes up with the first task
        time.sleep(10)
        at_start = _largest(worker)
        rates.queue_reminders(mails, ground.at)
        doorbell.ring("candidates.post.tasks.send_due")
        _await_empty()
        size = _largest(worker)
    if Message.objects.filter(status=Message.Status.SENT).count() != before + mails:
        raise NotMeasured(f"of {mails} mails not all were sent")
    note = f"the larger of its processes after {mails:,} mails; {at_start:.0f} MB before"
    return Measured(Timings([size]), Timings([STATED_MB]), rows=mails, unit="MB", note=note)


@contextmanager
def _worker() -> Iterator[int]:
    """A worker with one child, so that this one sends everything; gives its process."""
    environment = {**os.environ, "WORKER_CONCURRENCY": "1", "C_FORCE_ROOT": "1"}
    with (stand.FOLDER / "worker.log").open("ab") as log:
        command = [sys.executable, *start.worker()]
        worker = subprocess.Popen(command, env=environment, cwd=stand.ROOT, stdout=log, stderr=log)
    try:
        yield worker.pid
    finally:
        worker.terminate()
        worker.wait(60)


def _largest(worker: int) -> float:
    children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
    return max(stand.memory(pid) for pid in (worker, *map(int, children)))


def _await_empty() -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting = Message.objects.filter(status__in=[Message.Status.QUEUED, Message.Status.SENDING])
    while waiting.exists():
        if time.monotonic() > deadline:
            raise NotMeasured(f"{waiting.count()} mails wait after {PATIENCE_SECONDS} s")
        time.sleep(1)
