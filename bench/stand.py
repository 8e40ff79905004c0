"""What stands ready while a measurement runs: durable servers of its own, a mail sink, and the web servers."""

from __future__ import annotations

import fcntl
import http.client
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM

from ats.dev import births, ports, throwaway
from ats.dev.services import Postgres, Redis, running
from ats.engine import start

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bench"  # on the checkout's disk: a folder in memory would make every commit free
READY_SECONDS = 60
WORKERS = 2


class Busy(Exception):
    """Another measurement runs in this checkout."""


class CannotStand(Exception):
    """A web server did not come up."""


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Run PostgreSQL, Redis and the mail sink on fresh data; gives the settings under which all else runs.

    Never the servers that DATABASE_URL or REDIS_URL name: the dataset is no guest for a database in use.
    """
    with _held(FOLDER.with_suffix(".lock")), throwaway.folder() as sockets:
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        database, redis = Postgres(FOLDER / "postgres", sockets), Redis(FOLDER / "redis", sockets)
        shutil.rmtree(database.data, ignore_errors=True)  # it may lie elsewhere, where root hands it to nobody
        try:
            with running(database, redis, logs=FOLDER) as addresses, _sink() as port:
                yield {**os.environ, **_settings(port), **addresses}
        finally:
            shutil.rmtree(database.data, ignore_errors=True)
            shutil.rmtree(FOLDER, ignore_errors=True)


def _settings(mail_port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DEBUG": "no",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost",
        "DOCUMENTS_DIR": str(FOLDER / "documents"),
        "BENCH_STATIC": str(FOLDER / "static"),
        "BENCH_MAILBOX": str(FOLDER / "mailbox"),
        "MAILBOX_DIR": "",
        "DEFAULT_FROM_EMAIL": "Rapport <jobs@example.com>",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": "no",
        "MAIL_PROVIDER": "",
        "MAIL_RATES": "",
        "LOG_LEVEL": "WARNING",
        "WEB_CONCURRENCY": str(WORKERS),
    }


@dataclass(frozen=True)
class Web:
    """A web server that runs: where it listens, and its first process."""

    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]


@contextmanager
def web(application: str, environment: Mapping[str, str]) -> Iterator[Web]:
    """Serve the WSGI `application` as the product is served: the same gunicorn, workers and threads."""
    listener = ports.listen(0)
    with listener:
        command = [application if word == "ats.wsgi" else word for word in _product(listener.fileno())]
        with _process([sys.executable, *command], environment, listener.fileno()) as process:
            _await(process, ports.number(listener), application)
            yield Web(ports.number(listener), process)


def _product(descriptor: int) -> list[str]:
    words = start.web()
    bind = next(place for place, word in enumerate(words) if word.startswith("--bind="))
    return [*words[:bind], f"--bind=fd://{descriptor}", *words[bind + 1 :]]


def memory(pid: int) -> float:
    """The resident memory of a process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise CannotStand(f"process {pid} tells no memory")


@contextmanager
def _sink() -> Iterator[int]:
    listener = ports.listen(0)
    with listener:
        command = ["-m", "ats.dev.mailsink", "--fd", str(listener.fileno()), "--mailbox", str(FOLDER / "mailbox")]
        with _process([sys.executable, *command], os.environ, listener.fileno()):
            yield ports.number(listener)


@contextmanager
def _process(
    command: Sequence[str], environment: Mapping[str, str], descriptor: int
) -> Iterator[subprocess.Popen[bytes]]:
    with (FOLDER / "processes.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[descriptor],
            start_new_session=True,
            preexec_fn=births.before_exec(SIGTERM),  # noqa: PLW1509 - no other thread runs while these are started
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, SIGKILL)
        process.wait()


def _await(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)
        with suppress(OSError):
            connection.request("GET", "/", headers={"Host": "localhost"})
            connection.getresponse().read()
            return
        connection.close()
        time.sleep(0.1)
    raise CannotStand(f"{name} did not come up:\n{last_words()}")


def last_words() -> str:
    """What the processes said last."""
    log = FOLDER / "processes.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-30:]) if log.exists() else ""


@contextmanager
def _held(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy("another measurement runs in this checkout") from None
        yield
