"""The real product for the length of a test: `python -m ats.dev.run` with its own data, worker, beat and mailbox."""

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

import psycopg

from ats.dev import ports
from ats.dev.state import ROOT

READY_SECONDS = 150
FOREIGN = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY")


@dataclass
class Instance:
    """A running product: where it answers, where its data are."""

    base: str
    folder: Path
    settings: dict[str, str]

    def sign_in_of(self, role: str) -> tuple[str, str]:
        """User name and password of the demo's first `role`, as `make run` prints them."""
        return self.sign_ins(role)[0]

    def sign_ins(self, role: str) -> list[tuple[str, str]]:
        """All of them with that role."""
        lines = [line.partition(":") for line in (self.folder / "sign-ins.txt").read_text().splitlines()]
        found = [rest.strip().partition(" / ") for who, _colon, rest in lines if who.strip() == role]
        return [(name, password) for name, _slash, password in found]

    def sql(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        """Run one statement: how a test lets time pass, or looks at what is not on any page."""
        with psycopg.connect(self.settings["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def running(**settings: str) -> Iterator[Instance]:
    """Start the product on a free port and end it by SIGTERM; fails when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="mission-") as home:
        port = _free_port()
        environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        environment |= {"RAPPORT_HOME": home, "PORT": str(port), **settings}
        with (Path(home) / "output").open("wb") as output:
            command = [sys.executable, "-m", "ats.dev.run"]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            folder = _await_ready(process, Path(home))
            yield Instance(f"http://localhost:{port}", folder, json.loads((folder / "settings.json").read_text()))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _free_port() -> int:
    with ports.listen(0) as listener:
        return ports.number(listener)


def _await_ready(process: "subprocess.Popen[bytes]", home: Path) -> Path:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if b"Ready:" in (home / "output").read_bytes():
            return next(path.parent for path in home.glob("*/settings.json"))
        time.sleep(0.2)
    raise AssertionError("the product did not come up:\n" + (home / "output").read_text(errors="replace")[-4000:])
