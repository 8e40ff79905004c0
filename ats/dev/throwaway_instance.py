"""The whole product for the length of a block, with data of its own, ended and removed afterwards."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from ats.dev import ready_database, throwaway
from ats.dev.births import before_exec
from ats.dev.state import ROOT

READY_SECONDS = 180
# What the caller, or a run of the tests, may have set for a product of their own.
FOREIGN = ["DATABASE_URL", "REDIS_URL", "SITE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PORT", "DEBUG", "LOG_LEVEL"]
FOREIGN += ["DEFAULT_FROM_EMAIL", "DOCUMENTS_DIR", "MAILBOX_DIR", "DJANGO_SETTINGS_MODULE"]


@dataclass
class Running:
    """A running product: its settings, and the folder of its data."""

    settings: dict[str, str]
    folder: Path

    @property
    def base(self) -> str:
        """The address of its pages, without a slash at the end."""
        return self.settings["SITE_URL"]

    def sign_in(self, role: str) -> tuple[str, str]:
        """User name and password of the demo's first `role`, or of the person with this user name."""
        return self.sign_ins(role)[0]

    def sign_ins(self, role: str) -> list[tuple[str, str]]:
        """All of them with that role or user name, from the lines `role: username / password` of `make run`."""
        lines = [line.partition(":") for line in (self.folder / "sign-ins.txt").read_text().splitlines()]
        found = [(who.strip(), *told.strip().partition(" / ")) for who, _colon, told in lines]
        return [(name, password) for who, name, _slash, password in found if role in (who, name)]

    def sql(self, statement: str, *parameters: object, **named: object) -> list[tuple[Any, ...]]:
        """Run one statement on its database: how a test lets time pass, or looks at what no page shows."""
        with psycopg.connect(self.settings["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement, named or parameters)  # type: ignore[arg-type,unused-ignore]
            return cursor.fetchall() if cursor.description else []


@contextmanager
def running(**settings: str) -> Iterator[Running]:
    """Start it with these settings, wait until everything answers, and end it."""
    with tempfile.TemporaryDirectory(prefix="rapport-instance-") as home:
        output = Path(home) / "output"
        _lay_out(Path(home) / "default")
        process = _start(home, output, settings)
        try:
            _await(process, output)
            folder = Path(home) / "default"
            yield Running(json.loads((folder / "settings.json").read_text()), folder)
        finally:
            process.terminate()
            process.wait()


def _lay_out(folder: Path) -> None:
    """Give it a migrated database, as it would have made one itself: that takes a quarter of a minute."""
    with throwaway.folder() as sockets:
        ready_database.lay_out_as_own(folder / "postgres", sockets)


def _start(home: str, output: Path, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment = {**kept, **settings, "RAPPORT_HOME": home}
    command = [sys.executable, "-m", "ats.dev.run"]
    with output.open("wb") as file:
        prepare = before_exec(signal.SIGTERM)
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file, preexec_fn=prepare)


def _await(process: "subprocess.Popen[bytes]", output: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while "\nReady:" not in (said := output.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline or "Not ready after" in said:
            raise RuntimeError("the instance did not come up:\n" + "\n".join(said.splitlines()[-15:]))
        time.sleep(0.3)
