"""The lines about figures of the help desk: a hundred thousand out of an export, against COPY of the rows that come of
it; and the most memory that a worker takes for them. Each makes sure that the second run adds none.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date, timedelta

import psycopg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from bench.ground import Ground, NotMeasured
from bench.measure import Timings, in_turn, timed
from bench.report import Measured, measured
from trials.figures import actions, tables, work
from trials.figures.models import Agent, Figure, FigureImport

FIGURES = 100_000
AGENTS, DAYS = 200, 100  # a row each, with five figures
TURNS, WARM_UP = 4, 1
STATED_MB = 200.0
HEADER = ["Agent", "Date", "Solved", "CSAT", "Ratings", "First reply (min)", "Resolution (hrs)", "Reopened"]
MEANINGS = ["agent_name", "day", "solved:number", "satisfaction:percent", "satisfaction:n"]
MEANINGS += ["first_reply:minutes", "resolution:hours", "reopened:number"]
COLUMNS = "agent_id, metric, starts_on, ends_on, value, n, spread, run_id"
OURS = "agent_id IN (SELECT id FROM trials_agent WHERE key LIKE 'bench agent %')"
WORK = """
import json, resource, sys
import django
django.setup()
import ats.celery
from django.utils.timezone import now
from trials.figures import work
work.work(int(sys.argv[1]), clock=now)
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
"""


def importing(ground: Ground) -> Measured:
    """A hundred thousand figures, each turn anew; the limit copies the same rows into the same table."""
    content = _table()
    first = _done(_prepared(ground, content), added=FIGURES)
    rows = _copied()
    _forget(_done(_prepared(ground, content), added=0))
    _forget(first)
    turns = in_turn(lambda: _ours(ground, content), lambda: _limit(rows), turns=TURNS, warm_up=WARM_UP)
    note = f"{1000 * FIGURES / turns.ours.median:,.0f} figures a second; the second run added none"
    _delete()
    return measured(turns, rows=FIGURES, note=note)


def memory(ground: Ground) -> Measured:
    """The most that a worker took, which begins with nothing and reads the whole export."""
    run = _prepared(ground, _table())
    done = subprocess.run([sys.executable, "-c", WORK, str(run.pk)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasured(done.stderr[-500:])
    most = float(json.loads(done.stdout))
    _refuse_undone(run, added=FIGURES)
    _forget(run)
    _delete()
    return Measured(
        Timings([most]), Timings([STATED_MB]), rows=FIGURES, unit="MB", note="the whole process at its largest"
    )


def _table() -> bytes:
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(HEADER)
    for number in range(AGENTS * DAYS):
        day, agent = date(2024, 1, 1) + timedelta(days=number // AGENTS), number % AGENTS
        solved, reply = 10 + number % 30, f"{5 + number % 90}.{number % 10}"
        written.writerow([f"Bench agent {agent}", day, solved, f"{70 + number % 30}%", 8, reply, "6.25", number % 5])
    return text.getvalue().encode()


def _prepared(ground: Ground, content: bytes) -> FigureImport:
    """An import about to begin; the upload and the columns are not measured."""
    looked, at = tables.examine(io.BytesIO(content)), now()
    table = SimpleUploadedFile("figures.csv", content)
    run = actions.receive("other", table=table, looked=looked, at=at, by=ground.company.recruiter)
    actions.start(run, meanings=MEANINGS, period=None, is_month_first=False, decimal=".", at=at)
    return run


def _done(run: FigureImport, *, added: int) -> FigureImport:
    work.work(run.pk, clock=now)
    _refuse_undone(run, added=added)
    return run


def _refuse_undone(run: FigureImport, *, added: int) -> None:
    run.refresh_from_db()
    if (run.state, run.added, run.added + run.same) != ("done", added, FIGURES):
        raise NotMeasured(f"the import ended {run.state}: {run.added} added, {run.same} known; {run.error}")


def _ours(ground: Ground, content: bytes) -> float:
    run = _prepared(ground, content)
    took = timed(lambda: work.work(run.pk, clock=now))
    _refuse_undone(run, added=FIGURES)
    _forget(run)
    return took


def _limit(rows: bytes) -> float:
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        took = timed(lambda: _copy_in(server, rows))
        if Figure.objects.filter(agent__key__startswith="bench agent ").count() != FIGURES:
            raise NotMeasured("the limit copied something else")
        server.execute(f"DELETE FROM trials_figure WHERE {OURS}")
        server.commit()
    return took


def _copy_in(server: psycopg.Connection, rows: bytes) -> None:
    with server.cursor().copy(f"COPY trials_figure ({COLUMNS}) FROM STDIN") as copy:
        copy.write(rows)
    server.commit()


def _copied() -> bytes:
    """What the import wrote, without its run, as COPY takes it in again."""
    columns = COLUMNS.replace("run_id", "NULL")
    with (
        psycopg.connect(os.environ["DATABASE_URL"]) as server,
        server.cursor().copy(f"COPY (SELECT {columns} FROM trials_figure WHERE {OURS}) TO STDOUT") as copy,
    ):
        return b"".join(copy)


def _forget(run: FigureImport) -> None:
    """Take an import back with its figures, so that the next turn finds what this one found; its agents stay."""
    table = run.table
    Figure.objects.filter(run=run)._raw_delete(Figure.objects.db)
    run.delete()
    if table:
        table.file.delete(save=False)
        table.delete()


def _delete() -> None:
    agents = Agent.objects.filter(key__startswith="bench agent ")
    Figure.objects.filter(agent__in=agents).delete()
    agents.delete()
