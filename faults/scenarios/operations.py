"""What operators do: upgrade under traffic, be interrupted, turn keys, forget a setting."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import Any

import psycopg

from ats.dev import ports
from ats.dev.state import ROOT
from candidates.post.builders import link_to
from faults import people
from faults.stand.processes import Process
from faults.stand.stand import FRESH, Stand
from faults.stand.visitor import Visitor
from faults.verdict import Failed, expect, until

RELEASE = ROOT / "faults" / "release-before.txt"  # the commit of the release before this one
# Its last migrations, by which its schema is made.
SCHEMA = {
    "candidates": "0015",
    "interviews": "0005",
    "references": "0005",
    "trials": "0004",
    "ats": "0002",
    "admin": "",
    "sessions": "",
}
BEFORE = "rapport_before"
EVENTS, MESSAGES = (
    int(os.environ.get(name, number)) for name, number in (("EVENTS", 1_000_000), ("MESSAGES", 200_000))
)
LONGEST = 3.0  # seconds that a request may wait while migrations run
REQUIRED = ("SECRET_KEY", "SITE_URL", "DATABASE_URL", "REDIS_URL", "DOCUMENTS_DIR", "DEFAULT_FROM_EMAIL")

MIGRATE = """
import sys, django
django.setup()
from django.core.management import call_command
for told in sys.argv[1:]:
    call_command("migrate", *told.split(), verbosity=0, interactive=False)
"""
# Run by the code of the release before: people at work, and who may move them.
PEOPLE = """
import json, sys, django
django.setup()
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.timezone import now
from ats.desk import roles
from candidates import builders
roles.ensure_roles()
user = builders.make_user("Rita Recruiter", is_superuser=True)
client = Client()
client.force_login(user)
job = builders.make_job(recruiters=[user], slug="old", opened_at=now())
made = [builders.make_application(job=job, at=now()) for _ in range(int(sys.argv[1]))]
print(json.dumps({"session": client.cookies["sessionid"].value, "applications": [one.pk for one in made]}))
"""


@dataclass(frozen=True)
class Old:
    """The code of the release before, serving a database of its own."""

    visitor: Visitor
    applications: list[int]
    folder: Path
    process: Process


# --- keys and settings ------------------------------------------------------------------------------------------------


def key_rotated(stand: Stand) -> str:
    """F45: all parts get a new SECRET_KEY with the old one as fallback, and later without it."""
    application = people.application()
    asked, recruiter = people.ask(application), application.job.recruiters.get()
    link, signed_in = link_to(asked), stand.visitor().sign_in(recruiter)
    page = f"/admin/candidates/application/{application.pk}/change/"
    before = stand.visitor().get(link)
    expect("/link/" not in before.path, f"the link does not open: {before.status} {before.path}")
    _rekey(stand, SECRET_KEY="a-new-key-" + "n" * 50, SECRET_KEY_FALLBACKS=stand.place.secret)
    opened = stand.visitor().get(link)
    is_same = (opened.status, opened.path) == (before.status, before.path)
    expect(is_same, f"an old link answers {opened.status} {opened.path}")
    shown = signed_in.get(page, follow=False)
    expect(shown.status == 200, f"who was signed in is not any more: {shown.status}")
    mail = people.letters([application])
    until(lambda: people.are_all(mail, "sent"), 30, "no mail leaves")
    new_link = next(one for one in stand.mails(application.candidate.email)[-1].links)
    expect(stand.visitor().get(new_link).status == 200, "a link of the new key does not open")
    _rekey(stand, SECRET_KEY="a-new-key-" + "n" * 50, SECRET_KEY_FALLBACKS="")
    late = stand.visitor().get(link)
    expect(late.status in (404, 410) and late.path != before.path, f"a link too old answers {late.status} {late.path}")
    expect(stand.visitor().get(new_link).status == 200, "a link of the new key died with the old one")
    expect(signed_in.get(page, follow=False).status == 200, "who worked during the rotation is signed out after it")
    return (
        f"links and sessions live through one rotation; without the old key its links get a plain page ({late.status})"
    )


def _rekey(stand: Stand, **settings: str) -> None:
    for name in ("web", "worker", "urgent", "beat"):
        stand.restart(name, **settings)
    stand.await_well()


def settings_missing(stand: Stand) -> str:
    """F46: web, worker, beat and migrate are really started without each required setting in turn."""
    whole = {name: value for name, value in stand.place.of_processes().items() if not name.endswith("_FILE")}
    for missing in REQUIRED:
        settings = {name: value for name, value in whole.items() if name != missing}
        started = {name: _started(name, settings) for name in ("web", "worker", "beat", "migrate")}
        for name, process in started.items():
            said = _last_words(process)
            expect(process.returncode == 1, f"{name} starts without {missing}")
            expect(
                f"Rapport cannot start: {missing} is not set." in said, f"{name} without {missing} says: {said[-300:]}"
            )
    return (
        f"each of web, worker, beat and migrate refuses to start without each of {len(REQUIRED)} settings, and names it"
    )


def _last_words(process: subprocess.Popen[str]) -> str:
    """What it said until it ended by itself; after a while it is ended, which is no way to refuse."""
    try:
        return process.communicate(timeout=30)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def _started(name: str, settings: dict[str, str]) -> subprocess.Popen[str]:
    bind = {"BIND": f"127.0.0.1:{_free_port()}"}
    command = [sys.executable, "-m", "ats.engine.start", name]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=settings | bind, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def _free_port() -> int:
    listener = ports.listen(0)
    number: int = ports.number(listener)
    listener.close()
    return number


# --- migrations -------------------------------------------------------------------------------------------------------


def migration_killed(stand: Stand) -> str:
    """F43: migrate is killed by kill -9 after several migrations, once its server process instead, once while it builds
    an index; and run again."""
    _make_schema_before(stand)
    told = []
    for number, end in ((1, _kill), (3, _terminate), (0, _kill_a_build)):
        name = _copy(stand, f"half_{number}")
        done = _applied(stand, name)
        end(stand, name, done + number)
        told.append(_applied(stand, name) - done)
        _migrate(stand, name)
        left = _sql(stand, name, INVALID)
        expect(not left, f"an index is left that is never used: {left}")
        expect(_applied(stand, name) == _applied(stand, FRESH), "not all migrations are there")
        _drop(stand, name)
    return f"ended after {', '.join(map(str, told))} migrations, the last in mid index; whole after the second run"


INVALID = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"


def _kill(stand: Stand, name: str, number: int) -> None:
    process = _migrating(stand, name)
    _await_migrations(stand, name, number, process)
    process.kill()
    process.wait(60)


def _terminate(stand: Stand, name: str, number: int) -> None:
    """Its server process ends, as if PostgreSQL had."""
    process = _migrating(stand, name)
    _await_migrations(stand, name, number, process)
    stand.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
    expect(process.wait(60) != 0, "migrate was done before its server process ended: this is no test")


def _kill_a_build(stand: Stand, name: str, number: int) -> None:
    """In mid build, which waits for somebody's old look at the database: an index is left that is never used."""
    with psycopg.connect(_url(stand, name)) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT 1 FROM candidates_job")
        process = _migrating(stand, name)
        until(lambda: _sql(stand, name, INVALID) or process.poll() is not None, 120, "no index is built", every=0.02)
        process.kill()
        process.wait(60)
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        stand.sql(others, name, reader.info.backend_pid)  # its own one still waits, and hears of nothing
    expect(_sql(stand, name, INVALID), "the killed build left nothing: this is no test")


def _await_migrations(stand: Stand, name: str, number: int, process: subprocess.Popen[str]) -> None:
    """Wait until `process` has made this many migrations, or is over before anybody could kill it."""
    with psycopg.connect(_url(stand, name), autocommit=True) as server:
        made = lambda: server.execute("SELECT count(*) FROM django_migrations").fetchone() or (0,)  # noqa: E731
        is_there = lambda: made()[0] >= number or process.poll() is not None  # noqa: E731
        until(is_there, 120, lambda: f"only {made()[0]} of {number} migrations were made", every=0.005)


def code_and_schema_apart(stand: Stand) -> str:
    """F41: this code on the schema of the release before, until migrate; and the code before on this schema."""
    _make_schema_before(stand)
    name = _copy(stand, "apart")
    settings = {"DATABASE_URL": _url(stand, name)}
    for part in ("web", "worker", "urgent", "beat"):
        stand.restart(part, **settings)
    until(lambda: stand.visitor().get("/readyz", seconds=3).status, 60, "web does not answer")
    asked = stand.visitor().get("/readyz")
    expect(asked.status == 503, f"/readyz on an old schema is {asked.status}")
    expect("schema" in asked.text, f"/readyz does not say why: {asked.text[:200]}")
    home = stand.visitor().get("/")
    expect(home.status in (200, 500, 503), f"the start page answers {home.status}")
    expect(all(stand.processes[part].is_running() for part in ("worker", "urgent")), "a worker gave up")
    _migrate(stand, name)
    until(stand.serves, 30, "not ready after migrate")
    expect(stand.visitor().get("/").status == 200, "no pages after migrate")
    stand.heal()
    told = _old_code_on_new_schema(stand)
    _drop(stand, name)
    return f"503 with the reason until migrate (the start page: {home.status}), ready afterwards by itself; {told}"


def _old_code_on_new_schema(stand: Stand) -> str:
    name = _copy(stand, "back", FRESH)
    try:
        old = _old_web(stand, name, 3)
    except Failed as lacking:
        return str(lacking)
    statuses = [_move(old, pk) for pk in old.applications]
    expect(statuses == [302] * len(statuses), f"moves by the code before got {statuses}")
    moved = _sql(stand, name, "SELECT count(*) FROM candidates_event WHERE name = 'stage.rejected'")[0][0]
    queued = _sql(stand, name, "SELECT count(*) FROM candidates_message")[0][0]
    expect(moved == len(statuses) and queued >= moved, f"{moved} moves and {queued} mails were kept")
    old.process.kill()
    return f"the code before serves pages, moves {moved} people and queues {queued} mails on this schema"


def migration_under_traffic(stand: Stand) -> str:
    """F42: a million events and 200,000 messages; the code before serves moves and pages while migrate runs."""
    _make_schema_before(stand)
    name = _copy(stand, "large")
    old = _old_web(stand, name, 150)
    _fill(stand, name, old.applications)
    waits: list[tuple[float, int]] = []
    over = Flag()
    with ThreadPoolExecutor(3) as pool:
        writer = pool.submit(_moves, old, over, waits)
        readers = [pool.submit(_reads, old, over, waits) for _ in range(2)]
        time.sleep(2)
        before = len(waits)
        process, began = _migrating(stand, name), time.monotonic()
        try:
            process.wait(300)
            seconds = time.monotonic() - began
            time.sleep(1)
        finally:
            over.set()
        moved = writer.result()
        [reader.result() for reader in readers]
    said = process.stdout.read() if process.stdout else ""
    expect(process.returncode == 0, f"migrate ended with {process.returncode}: {said[-500:]}")
    failed = [status for _took, status in waits if status not in (200, 302)]
    longest = max(took for took, _status in waits)
    expect(not failed, f"{len(failed)} of {len(waits)} requests failed: {failed[:5]}; the longest took {longest:.1f} s")
    expect(longest <= LONGEST, f"somebody waited {longest:.1f} s")
    expect(len(waits) - before > 10, f"only {len(waits) - before} requests met the migrations: this is no test")
    old.process.kill()
    _drop(stand, name)
    rows = f"{EVENTS:,} events and {MESSAGES:,} mails"
    return f"{rows} migrated in {seconds:.1f} s; {len(waits)} requests ({moved} moves), the longest {longest:.2f} s"


def _moves(old: Old, over: Flag, waits: list[tuple[float, int]]) -> int:
    moved = 0
    for pk in old.applications:
        if over.is_set():
            break
        began = time.monotonic()
        waits.append((0.0, _move(old, pk)))
        waits[-1] = ((time.monotonic() - began) / 2, waits[-1][1])  # a move is two requests
        moved += 1
        time.sleep(0.05)
    return moved


def _reads(old: Old, over: Flag, waits: list[tuple[float, int]]) -> None:
    while not over.is_set():
        for path in ("/admin/candidates/application/", "/", "/admin/candidates/message/"):
            began = time.monotonic()
            status = old.visitor.get(path, follow=False).status
            waits.append((time.monotonic() - began, status))


def _move(old: Old, pk: int) -> int:
    address = f"/admin/candidates/application/{pk}/move/rejected/"
    page = old.visitor.get(address)
    typed = {"seen": page.hidden().get("seen", ""), "action": "confirm", "reason": "skills", "when": "now"}
    return old.visitor.post(address, typed, follow=False).status


# --- databases of other schemas ---------------------------------------------------------------------------------------


def _make_schema_before(stand: Stand) -> None:
    """The schema of the release before, once for a stand; made by migrating no further."""
    if stand.sql("SELECT 1 FROM pg_database WHERE datname = %s", BEFORE):
        return
    stand.sql(f"CREATE DATABASE {BEFORE}")
    told = [f"{app} {name}".strip() for app, name in SCHEMA.items()]
    _run(stand, BEFORE, "-c", MIGRATE, *told)


def _copy(stand: Stand, word: str, template: str = BEFORE) -> str:
    name = f"rapport_{word}"
    _drop(stand, name)
    stand.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _drop(stand: Stand, name: str) -> None:
    stand.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _url(stand: Stand, name: str) -> str:
    return stand.place.database_url.replace("/rapport?", f"/{name}?")


def _sql(stand: Stand, name: str, statement: str, **told: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(_url(stand, name), autocommit=True) as server:
        cursor = server.execute(statement, told)  # type: ignore[arg-type,unused-ignore]
        return cursor.fetchall() if cursor.description else []


def _applied(stand: Stand, name: str) -> int:
    return int(_sql(stand, name, "SELECT count(*) FROM django_migrations")[0][0])


def _environment(stand: Stand, name: str) -> dict[str, str]:
    return {**stand.place.of_processes(), "DATABASE_URL": _url(stand, name)}


def _run(stand: Stand, name: str, *words: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=_environment(stand, name), capture_output=True, text=True, check=False
    )
    expect(done.returncode == 0, f"{words[0]} failed: {done.stderr[-600:]}")
    return done.stdout


def _migrating(stand: Stand, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ats.engine.start", "migrate"]
    env = _environment(stand, name)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def _migrate(stand: Stand, name: str) -> None:
    process = _migrating(stand, name)
    said = process.communicate(timeout=120)[0]
    expect(process.returncode == 0, f"migrate run again ended with {process.returncode}: {said[-600:]}")


def _fill(stand: Stand, name: str, applications: list[int]) -> None:
    """Rows by the hundred thousand: copies of what the code before wrote itself."""
    columns = [row[0] for row in _sql(stand, name, COLUMNS)]
    listed = ", ".join(f'"{one}"' for one in columns)
    values = ", ".join({"id": "gen_random_uuid()", "key": "'many:' || n"}.get(one, f'm."{one}"') for one in columns)
    sent = "UPDATE candidates_message SET status = 'sent', sent_at = now() WHERE status = 'queued'"
    _sql(stand, name, EVENTS_OF, pks=applications, number=EVENTS)
    _move_first = _sql(stand, name, "SELECT count(*) FROM candidates_message")[0][0]
    expect(_move_first, "the code before queued no mail that could be copied")
    _sql(stand, name, sent)
    many = f"INSERT INTO candidates_message ({listed}) SELECT {values} FROM generate_series(1, %(number)s) n,"
    _sql(stand, name, many + " (SELECT * FROM candidates_message LIMIT 1) m", number=MESSAGES)
    _sql(stand, name, "ANALYZE")


COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_name = 'candidates_message' AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
EVENTS_OF = """
INSERT INTO candidates_event (application_id, name, at, by_kind, by_name, data)
SELECT (%(pks)s::bigint[])[1 + n %% cardinality(%(pks)s::bigint[])], 'letter.read', now() - interval '30 days',
       'person', 'Rita Recruiter', '{}' FROM generate_series(1, %(number)s) n
"""


def _old_web(stand: Stand, name: str, number: int) -> Old:
    """The code of the release before at work on that database, with this many people who can be moved.

    Raises:
        Failed: its code is not there: the history of the repository ends before it.
    """
    folder = _old_code(stand)
    made = json.loads(_run(stand, name, "-c", PEOPLE, str(number), folder=folder).splitlines()[-1])
    port = _free_port()
    settings = _environment(stand, name) | {"BIND": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "ats.engine.start", "web"]
    process = Process("web before", command, settings, stand.place.logs / "web-before.log", folder=folder)
    stand.more.append(process)
    process.start()
    visitor = Visitor(f"http://localhost:{port}")
    visitor._set_cookie("sessionid", made["session"])
    until(lambda: visitor.get("/readyz", seconds=3).status == 200, 60, "the code before does not start")
    old = Old(visitor, made["applications"], folder, process)
    if number > 10:  # a mail to copy
        expect(_move(old, old.applications.pop()) == 302, "the code before does not move anybody")
    return old


def _old_code(stand: Stand) -> Path:
    commit, folder = RELEASE.read_text().strip(), stand.place.home / "before"
    if folder.is_dir():
        return folder
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        raise Failed(f"the code before ({commit[:7]}) is not in this copy of the repository, so it was not played")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    if not (folder / "staticfiles").exists():
        (folder / "staticfiles").symlink_to(ROOT / "staticfiles")
    return folder
