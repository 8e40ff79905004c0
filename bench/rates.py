"""Lines about many: moves by eight at once, mails out of the outbox, reminders."""

from __future__ import annotations

import itertools
import os
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from threading import Barrier
from typing import Any

import psycopg
from django.conf import settings
from django.core import mail as post
from django.db import connection
from django.utils.timezone import now

from bench.ground import Ground, NotMeasured
from bench.measure import TURNS, WARM_UP, in_turn, timed
from bench.report import Measured, measured
from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application, Event
from candidates.post import rendering
from candidates.post.models import Ask, Message
from candidates.post.reminding import actions as reminding
from candidates.stages import Stage

THREADS = 8
MOVES = 10  # by each thread in a turn
MAILS = 280  # in a turn: ten thousand in all
ALONE = 5  # turns of one process, for comparison
PROCESSES = 2  # of a worker, as `make run` and the image start it
REMINDERS = 200  # in a turn
THERE_AND_BACK = {Stage.SCREENING: Stage.INTERVIEWS, Stage.INTERVIEWS: Stage.SCREENING}


def move_rate(ground: Ground) -> Measured:
    """Moves there and back by eight threads, in milliseconds a move; the limit is the bare transaction."""
    found = list(Application.objects.filter(stage=Stage.SCREENING).order_by("pk")[: 2 * THREADS * MOVES])
    if len(found) < 2 * THREADS * MOVES:
        raise NotMeasured("too few applications stand at screening")
    ours, limit = _shares(found[::2]), _shares(found[1::2])
    by = Actor.person(ground.company.recruiter)
    before = Event.objects.count()
    with ThreadPoolExecutor(THREADS) as threads, _connections() as connections:
        turns = in_turn(
            lambda: _per_move(threads, [partial(_move_all, share, by) for share in ours]),
            lambda: _per_move(threads, list(map(partial(partial, _move_all_bare), connections, limit))),
        )
        _close_all(threads)
    if Event.objects.count() != before + 2 * (TURNS + WARM_UP) * THREADS * MOVES:
        raise NotMeasured("not every move wrote its event")
    return measured(turns, rows=THREADS * MOVES, note=f"{1000 / turns.ours.median:,.0f} moves a second")


def _shares(applications: Sequence[Application]) -> list[Sequence[Application]]:
    return [applications[start::THREADS] for start in range(THREADS)]


def _per_move(threads: ThreadPoolExecutor, works: Sequence[Callable[[], None]]) -> float:
    """Milliseconds a move, when all threads do their work at once."""
    return timed(lambda: [future.result() for future in [threads.submit(work) for work in works]]) / (THREADS * MOVES)


def _move_all(applications: Sequence[Application], by: Actor) -> None:
    for application in applications:
        pipeline.move(application, THERE_AND_BACK[Stage(application.stage)], at=now(), by=by)


LOCK = "SELECT stage FROM candidates_application WHERE id = %s FOR NO KEY UPDATE"
UPDATE = "UPDATE candidates_application SET stage = %s, stage_since = %s WHERE id = %s"
END_ASKS = """UPDATE candidates_ask SET cancelled_at = %s, remind_at = NULL
    WHERE application_id = %s AND stage = %s AND answered_at IS NULL AND cancelled_at IS NULL"""
INSERT = """INSERT INTO candidates_event (application_id, name, at, by_kind, by_name, data)
    VALUES (%s, %s, %s, 'person', 'Rita Recruiter', '{}')"""


def _move_all_bare(server: psycopg.Connection[Any], applications: Sequence[Application]) -> None:
    for application in applications:
        at = now()
        with server.transaction():
            (stage,) = server.execute(LOCK, [application.pk]).fetchone() or ("",)
            to = THERE_AND_BACK[Stage(stage)]
            server.execute(UPDATE, [to, at, application.pk])
            server.execute(END_ASKS, [at, application.pk, stage])
            server.execute(INSERT, [application.pk, f"stage.{to}", at])


@contextmanager
def _connections() -> Iterator[list[psycopg.Connection[Any]]]:
    """Eight connections besides Django's."""
    opened = [psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) for _number in range(THREADS)]
    try:
        yield opened
    finally:
        for server in opened:
            server.close()


def _close_all(threads: ThreadPoolExecutor) -> None:
    """Close the connection that each thread has of Django's."""
    together = Barrier(THREADS)

    def close() -> None:
        together.wait()
        connection.close()

    for future in [threads.submit(close) for _number in range(THREADS)]:
        future.result()


def sweep(ground: Ground) -> Measured:
    """Due reminders rendered and delivered to the sink by a worker of two processes, in milliseconds a mail.

    The limit hands over ready mails, in one process: it has nothing to compute meanwhile.
    """
    Message.objects.filter(status=Message.Status.QUEUED).update(status=Message.Status.HELD)
    queue_reminders(MAILS * (TURNS + WARM_UP + ALONE), ground.at)
    before, ready = _kept(), _ready_mail()
    with _senders() as senders:
        turns = in_turn(lambda: timed(lambda: _send(senders)) / MAILS, lambda: timed(lambda: _hand_over(ready)) / MAILS)
        alone = median(timed(lambda: _send(senders[:1])) / MAILS for _turn in range(ALONE))
    sent = Message.objects.filter(key__startswith="bench:", status=Message.Status.SENT).count()
    handed = MAILS * (TURNS + WARM_UP)
    if sent != handed + MAILS * ALONE or _kept() != before + sent + handed:
        raise NotMeasured(f"{sent} were sent and {_kept() - before} arrived")
    told = f"{1000 / turns.ours.median:,.0f} mails a second by one worker with {PROCESSES} processes"
    told += f", {1000 / alone:,.0f} by one process ({turns.limit.median / alone:.2f}x)"
    return measured(turns, rows=handed, note=told)


@contextmanager
def _senders() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes of one worker, ready to send."""
    command = [sys.executable, "-m", "bench.sender"]
    with ExitStack() as stack:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        yield [stack.enter_context(subprocess.Popen(command, **pipes)) for _number in range(PROCESSES)]


def _send(senders: Sequence[subprocess.Popen[str]]) -> None:
    for sender in senders:
        print(MAILS // len(senders), file=sender.stdin, flush=True)
    if sum(int(sender.stdout.readline()) for sender in senders if sender.stdout) != MAILS:
        raise NotMeasured("the sweeps did not send all that was due")


def queue_reminders(number: int, at: datetime) -> None:
    """Queue as many reminders that are due, of the first open asks; with each call others."""
    first = Message.objects.filter(key__startswith="bench:").count()
    waiting = itertools.cycle(Ask.objects.open().order_by("pk")[:1000])
    Message.objects.bulk_create(
        Message(
            key=f"bench:{count}", template="candidates/reminder", application_id=ask.application_id, ask=ask,
            to=ask.email, created_at=at, next_try_at=at, data={"which": "before"},
        )
        for count, ask in zip(range(first, first + number), waiting, strict=False)
    )  # fmt: skip


def _ready_mail() -> bytes:
    """A mail as the sweep would send it."""
    message = Message.objects.filter(key="bench:0").select_related("application__candidate", "ask")[0]
    written = rendering.render(message)
    email = post.EmailMultiAlternatives(written.subject, written.text, settings.DEFAULT_FROM_EMAIL, [message.to])
    email.attach_alternative(written.html, "text/html")
    return bytes(email.message().as_bytes()).replace(b"\n", b"\r\n")


def _hand_over(ready: bytes) -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for _number in range(MAILS):
            server.sendmail("jobs@example.com", ["someone@example.org"], ready)


def _kept() -> int:
    """How many mails the sink has."""
    return sum(1 for _mail in (Path(os.environ["BENCH_MAILBOX"]) / "new").iterdir())


DUE = "UPDATE candidates_ask SET remind_at = %s WHERE id = ANY(%s)"
FORGET = (
    "DELETE FROM candidates_reminder WHERE ask_id = ANY(%s)",
    "DELETE FROM candidates_message WHERE ask_id = ANY(%s) AND key LIKE 'remind:%%'",
)
REMIND = """
WITH due AS (
    UPDATE candidates_ask SET remind_at = due_at
    WHERE remind_at <= %(at)s AND answered_at IS NULL AND cancelled_at IS NULL
    RETURNING id, application_id, email, due_at
)
INSERT INTO candidates_message (id, key, template, solemn, application_id, ask_id, "to", data, status, created_at,
    next_try_at, attempts, error, subject, text)
SELECT gen_random_uuid(), 'remind:' || id || ':before:' || to_char(due_at, 'YYYYMMDD"T"HH24MI'), 'candidates/reminder',
    false, application_id, id, email, '{"which": "before"}', 'queued', %(at)s, %(at)s, 0, '', '', ''
FROM due
"""


def remind(ground: Ground) -> Measured:
    """Due reminders found and queued, in milliseconds for all of them; the limit is one statement."""
    far = ground.at + timedelta(days=400)
    Ask.objects.open().filter(remind_at__lte=far).update(remind_at=None)
    batch = list(Ask.objects.open().order_by("-pk").values_list("pk", flat=True)[:REMINDERS])
    turns = in_turn(lambda: _remind(batch, _remind_ours), lambda: _remind(batch, _remind_bare))
    return measured(turns, rows=len(batch), note=f"{1000 * len(batch) / turns.ours.median:,.0f} reminders a second")


def _remind(batch: list[int], how: Callable[[datetime], int]) -> float:
    """Make the batch due and forget earlier reminders of it; time only what finds and queues them."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(DUE, [at, batch])
        for statement in FORGET:
            cursor.execute(statement, [batch])
    done: list[int] = []
    took = timed(lambda: done.append(how(at)))
    if done != [len(batch)]:
        raise NotMeasured(f"{done[0]} of {len(batch)} reminders were queued")
    return took


def _remind_ours(at: datetime) -> int:
    return reminding.remind_due(at=at)


def _remind_bare(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(REMIND, {"at": at})
        return int(cursor.rowcount)
