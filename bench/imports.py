"""A line about bringing in many at once: ten thousand rows of a table, against COPY of the rows that come of it."""

from __future__ import annotations

import csv
import io
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import psycopg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from ats.importing import actions, tables, work
from ats.importing.models import Import
from bench import words
from bench.ground import Ground, NotMeasured
from bench.measure import in_turn, timed
from bench.report import Measured, measured
from candidates.jobs.models import Job
from candidates.people.models import Application

ROWS = 10_000
TURNS, WARM_UP = 4, 1
HEADER = ["Name", "Email", "Phone", "Applied on", "Cover letter", "Source"]
COLUMNS = ["name", "email", "phone", "applied_at", "letter", "source"]
TABLES = {  # in the order in which they are copied in; with what of them belongs to an import
    "candidates_candidate": "id IN (SELECT candidate_id FROM candidates_application WHERE id = ANY(%(pks)s))",
    "candidates_application": "id = ANY(%(pks)s)",
    "candidates_event": "application_id = ANY(%(pks)s)",
}


def importing(ground: Ground) -> Measured:
    """Ten thousand people who apply, each turn anew; the limit copies the same rows into the same three tables."""
    content = _table()
    first = _run(ground, content)
    rows = _copied(first)
    again = _run(ground, content)
    if again.counts.get("known") != ROWS:
        raise NotMeasured(f"the second run took {again.counts} in")
    _forget(again)
    _forget(first)
    turns = in_turn(lambda: _ours(ground, content), lambda: _limit(rows), turns=TURNS, warm_up=WARM_UP)
    return measured(
        turns, rows=ROWS, note=f"{1000 * ROWS / turns.ours.median:,.0f} rows a second; the second run added none"
    )


def _table() -> bytes:
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(HEADER)
    letter = " ".join(words.SENTENCES)[:400]
    for number in range(ROWS):
        name, address = f"Imported Person {number}", f"imported{number}@example.net"
        written.writerow([name, address, f"+3161{number:07d}", "2024-05-06", f"{letter} {number}", "Greenhouse"])
    return text.getvalue().encode()


def _prepared(ground: Ground, content: bytes) -> Import:
    """An import about to begin; the files and the columns are not measured."""
    job = Job.objects.filter(opened_at__isnull=False, recruiters=ground.company.recruiter).order_by("pk")[0]
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        looked = tables.examine(Path(file.name))
    table = SimpleUploadedFile("people.csv", content)
    run = actions.receive(job, table=table, looked=looked, resumes=None, at=now(), by=ground.company.recruiter)
    run.state, run.counts = Import.State.RUNNING, {"is_run": True, "began_at": datetime.now(UTC).isoformat()}
    run.mapping |= {"columns": COLUMNS}
    run.save()
    return run


def _run(ground: Ground, content: bytes) -> Import:
    run = _prepared(ground, content)
    work.work(run.pk, clock=now)
    run.refresh_from_db()
    if (run.state, run.position) != (Import.State.DONE, ROWS):
        raise NotMeasured(f"the import ended {run.state} after {run.position} rows: {run.error}")
    return run


def _ours(ground: Ground, content: bytes) -> float:
    run = _prepared(ground, content)
    took = timed(lambda: work.work(run.pk, clock=now))
    run.refresh_from_db()
    if run.counts.get("new") != ROWS:
        raise NotMeasured(f"not everybody was taken in: {run.counts} {run.error}")
    _forget(run)
    return took


def _limit(rows: dict[str, bytes]) -> float:
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        took = timed(lambda: _copy_in(server, rows))
        before = Application.objects.filter(candidate__email__startswith="imported").count()
        if before != ROWS:
            raise NotMeasured(f"the limit copied {before} rows")
        pks = _pks()
        _delete(server, pks)
    return took


def _copy_in(server: psycopg.Connection, rows: dict[str, bytes]) -> None:
    for table, content in rows.items():
        with server.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(content)
    server.commit()


def _copied(run: Import) -> dict[str, bytes]:
    """What the import wrote, as COPY takes it in again."""
    found: dict[str, bytes] = {}
    pks = ",".join(map(str, run.results.values_list("application_id", flat=True)))
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        for table, which in TABLES.items():
            where = which.replace("ANY(%(pks)s)", f"ANY('{{{pks}}}'::bigint[])")
            with server.cursor().copy(f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT") as copy:
                found[table] = b"".join(copy)
    return found


def _pks() -> list[int]:
    return list(Application.objects.filter(candidate__email__startswith="imported").values_list("pk", flat=True))


def _forget(run: Import) -> None:
    """Take an import back, so that the next turn finds what this one found."""
    pks = [pk for pk in run.results.values_list("application_id", flat=True) if pk]
    is_first = run.counts.get("new") == ROWS
    table = run.table
    run.delete()
    if table:
        table.file.delete(save=False)
        table.delete()
    if is_first:
        with psycopg.connect(os.environ["DATABASE_URL"]) as server:
            _delete(server, pks)


def _delete(server: psycopg.Connection, pks: list[int]) -> None:
    people = [
        pk for (pk,) in server.execute("SELECT candidate_id FROM candidates_application WHERE id = ANY(%s)", [pks])
    ]
    for statement, keys in (
        ("DELETE FROM candidates_event WHERE application_id = ANY(%s)", pks),
        ("DELETE FROM candidates_application WHERE id = ANY(%s)", pks),
        ("DELETE FROM candidates_candidate WHERE id = ANY(%s)", people),
    ):
        server.execute(statement, [keys])
    server.commit()
