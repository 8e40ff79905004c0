"""A database that is migrated already, for the tests: made once for each state of the migrations, copied for each run.

A running instance that a test starts can have it as its own.

Migrating takes a quarter of a minute, copying less than a second, so that one test is run as quickly as it is.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from ats.dev import births, services
from ats.dev.state import HOME, ROOT

KEPT = HOME / "ready-databases"
MOST = 3
TEMPLATE = "rapport_template"
# What a command needs to start; nothing of it stays in the database.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "ats.settings",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SITE_URL": "http://localhost",
    "REDIS_URL": "unix:///nowhere",
    "DEFAULT_FROM_EMAIL": "jobs@example.com",
}


def lay_out(data: Path, sockets: Path) -> bool:
    """Put a cluster with the migrated `TEMPLATE` at `data`; whether that could be done here.

    Args:
        data: where the server of this run will look for its data.
        sockets: a short private folder, for the server that migrates.
    """
    if births.identity() is births.Identity.NOBODY:  # its data lie elsewhere, and belong to somebody else
        return False
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = KEPT / fingerprint()
        if not kept.is_dir():
            _make(kept, sockets)
        kept.touch()
        _forget_old_ones()
        data.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(kept / "postgres", data)
    return True


def lay_out_as_own(data: Path, sockets: Path) -> None:
    """The same for an instance that has not begun: what it will find as its own database is migrated."""
    if not lay_out(data, sockets):
        return
    server = services.Postgres(data, sockets, durable=False)
    process = services.start(server, sockets / "laying-out.log")
    try:
        server.rename(TEMPLATE)
    finally:
        services.stop(server, process)


def give(name: str) -> None:
    """Make the database `name` as a copy of the template, on the server of this run."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        new, template = sql.Identifier(name), sql.Identifier(TEMPLATE)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, template))


def fingerprint() -> str:
    """What the template depends on: the server, the migrations, the libraries that have some of their own."""
    digest = hashlib.sha256(services.Postgres(ROOT, ROOT).version().encode())
    files = [*ROOT.glob("*/migrations/*.py"), ROOT / "requirements-dev.lock", Path(__file__)]
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _make(kept: Path, sockets: Path) -> None:
    """Beside its place, so that half of one is never taken."""
    half = kept.with_name(kept.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    server = services.Postgres(half / "postgres", sockets, durable=False)
    with services.running(server, logs=half):
        server.create(TEMPLATE)
        command = [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity=0"]
        environment = {**os.environ, **SETTINGS, "DATABASE_URL": server.url(TEMPLATE), "DOCUMENTS_DIR": str(half)}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    half.rename(kept)


def _forget_old_ones() -> None:
    made = sorted((one for one in KEPT.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
    for old in made[:-MOST]:
        shutil.rmtree(old, ignore_errors=True)
