"""The stand: PostgreSQL, Redis, mail server, web, worker and beat, and the hands that a scenario has on them."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.db import connections
from django.utils.timezone import now

from ats.dev import leftovers, ready_database, services, staticfiles
from ats.dev.state import ROOT
from ats.engine import heartbeat, restoring
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask, Message
from faults.stand import clock, control, mailbox
from faults.stand.mailbox import Arrived
from faults.stand.place import Place
from faults.stand.processes import Process
from faults.stand.visitor import Visitor
from faults.verdict import until

PARTS = ("web", "worker", "urgent", "beat")
FRESH = "rapport_fresh"  # the database as it is after the migrations, copied for every stand that is built anew
ANSWER_SECONDS = 60


class Postgres(services.Postgres):
    """As in `make run`, but what was committed outlives a kill of the server, not of the machine: that is quicker."""

    def command(self) -> list[str]:
        """The server, which syncs nothing, and writes no statement into its log (as in docker-compose.yml)."""
        told = ["fsync=off", "full_page_writes=off", "max_connections=200", "log_lock_waits=on"]
        told += ["log_min_error_statement=panic", "log_error_verbosity=terse"]
        return [*super().command(), *(part for option in told for part in ("-c", option))]


class Stand:
    """One product, used by one scenario after another."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.postgres = Postgres(place.home / "postgres", place.home)
        self.redis = services.Redis(place.home / "redis", place.home)
        self.processes: dict[str, Process] = {}
        self.more: list[Process] = []
        self.may_come_twice: set[str] = set()
        self.clock_file = place.home / "clock"
        self.read_to: dict[Path, int] = {}

    # --- building, healing, ending -----------------------------------------------------------------------------------

    def build(self) -> None:
        """Start everything on an empty database of the present schema."""
        for folder in (self.place.logs, self.place.mailbox, self.place.home / "documents"):
            folder.mkdir(parents=True, exist_ok=True)
        clock.set_ahead(self.clock_file, timedelta(0))
        self._make_processes()
        ready_database.lay_out_as_own(self.postgres.data, self.place.home)
        self.start("postgres")
        self.postgres.create()
        self._manage("migrate", "--noinput", "-v0")
        self._collect_static_files()
        self._sql_of_server(f"CREATE DATABASE {FRESH} TEMPLATE rapport")
        for name in ("redis", "doors", "mail", *PARTS):
            self.start(name)
        self.await_well()

    def renew(self) -> None:
        """Build it anew after a scenario that left it unwell: an empty database, an empty Redis, new processes."""
        self._end_all()
        self.start("postgres")
        connections.close_all()
        self._sql_of_server("DROP DATABASE rapport WITH (FORCE)")
        self._sql_of_server(f"CREATE DATABASE rapport TEMPLATE {FRESH}")
        self.start("redis")
        self.forget_broker()
        for name in ("doors", "mail", *PARTS):
            self.start(name)
        self.await_well()
        self.begin()

    def begin(self) -> None:
        """What each scenario finds: no mail of others that came, waits, or is to come; all logs read to their end."""
        with suppress(NotAllowed):  # of one that let another database grow beside the same Redis
            restoring.go_on(restoring.Choice.CANCEL, at=now(), by=Actor(ActorKind.PERSON, "manage.py"))
        status = Message.Status
        waiting = Message.objects.filter(status__in=[status.QUEUED, status.HELD, status.UNCERTAIN, status.FAILED])
        waiting.update(status=status.CANCELLED, error="Settled between two scenarios.")
        Ask.objects.open().update(remind_at=None, escalate_at=None)
        self.tell_mail(do="forget")
        mailbox.clear(self.place.mailbox)
        self.may_come_twice.clear()
        self.read_to = {file: file.stat().st_size for file in self.place.logs.iterdir()}

    def heal(self) -> None:
        """Make it well after a scenario: what was stopped runs, what was changed is as before, every door is open."""
        for process in self.more:
            process.kill()
        self.more.clear()
        self.turn_clocks(timedelta(0))
        again = [name for name, one in self.processes.items() if one.changed or not one.is_running()]
        for name in again:
            self.processes[name].stop()
            self.start(name)
        for door in ("redis", "database", "mail"):
            self.door(door, "open")
        self.tell_mail(do="forget")
        connections.close_all()
        if again:
            self.await_well()

    def await_well(self) -> None:
        """Wait until pages are served and a heartbeat came that is younger than now."""
        began = now()
        until(self.serves, ANSWER_SECONDS, "no page is served")
        until(lambda: self._heartbeat_since(began), ANSWER_SECONDS, "no heartbeat came")

    def end(self) -> None:
        """End everything."""
        connections.close_all()
        self._end_all()
        leftovers.end(self.place.home, self.postgres.data, patience=2)
        self.postgres.delete_outside()

    def _end_all(self) -> None:
        for process in [*self.more, *reversed(self.processes.values())]:
            process.stop(5) if process.name in ("postgres", "redis") else process.kill()

    # --- hands: processes --------------------------------------------------------------------------------------------

    def start(self, name: str, **settings: str) -> None:
        """Start a part (postgres, redis, doors, mail, web, worker, urgent, beat), with other settings than usual.

        Servers are waited for, the rest is not: see `await_well`.
        """
        process = self.processes[name]
        if name in ("postgres", "redis"):
            service = self.postgres if name == "postgres" else self.redis
            self._start_server(service, process)
        else:
            process.start(**settings)
        if name in ("doors", "mail"):
            until(lambda: self._obeys(name), ANSWER_SECONDS, f"{name} did not start")

    def stop(self, name: str) -> float:
        """End a part in order, as an operator does; gives the seconds it took."""
        return self.processes[name].stop()

    def kill(self, name: str) -> None:
        """End a part and its children by kill -9."""
        self.processes[name].kill()

    def restart(self, name: str, **settings: str) -> None:
        """Stop a part and start it with other settings, until the scenario is over."""
        self.stop(name)
        self.start(name, **settings)

    def one_more(self, name: str, **settings: str) -> Process:
        """Start a second worker, beat or web besides the first, until the scenario is over."""
        first = self.processes[name]
        words = [*first.command]
        other = Process(f"{name} {len(self.more) + 2}", words, first.environment, self.place.logs / f"{name}-more.log")
        self.more.append(other)
        other.start(**settings)
        return other

    def turn_clocks(self, ahead: timedelta) -> None:
        """Let the clocks of what was started with `wrong_clock()` be ahead of the real one from this moment on."""
        clock.set_ahead(self.clock_file, ahead)

    def let_clocks_go_wrong(self) -> None:
        """Start all of our own parts anew on clocks that follow `turn_clocks`, until the scenario is over."""
        for name in PARTS:
            self.restart(name, **self.wrong_clock())
        self.await_well()

    def wrong_clock(self) -> dict[str, str]:
        """Settings for `restart` and `one_more`: the clock of that part follows `turn_clocks` (web, worker, beat)."""
        return clock.settings(self.clock_file)

    # --- hands: between the parts ------------------------------------------------------------------------------------

    def door(self, name: str, way: str, seconds: float = 0) -> None:
        """Turn the door before redis, database or mail: open, refused, silent or cut (see doors.py).

        Redis is always behind its door; the other two for parts started with `behind_database_door()` and
        `behind_mail_door()`.
        """
        answer = control.tell(self.place.home / "doors.control", door=name, way=way, seconds=seconds)
        if "error" in answer:
            raise ValueError(answer["error"])

    def behind_database_door(self) -> dict[str, str]:
        """Settings for `restart`: PostgreSQL is reached through the door."""
        return {"DATABASE_URL": self.place.database_door_url}

    def behind_mail_door(self) -> dict[str, str]:
        """Settings for `restart`: the mail server is reached through the door."""
        return {"EMAIL_PORT": str(self.place.mail_door)}

    def tell_mail(self, **words: Any) -> dict[str, Any]:
        """Tell the mail server how to behave (see sink.py); gives how many mails it kept and how many hang."""
        return control.tell(self.place.home / "mail.control", **words)

    def mails_are(self, act: str, *to: str, **more: Any) -> None:
        """Let what happens to mails (to these addresses) be `act`: refuse, hang, hold, cut, ... (see sink.py)."""
        self.tell_mail(do="rule", act=act, to=list(to), **more)

    def mail_refuses(self) -> None:
        """Nobody listens at the mail server."""
        self.tell_mail(do="door", is_open=False)

    def mail_takes(self) -> None:
        """The mail server takes every mail again."""
        self.tell_mail(do="forget")

    def forget_broker(self) -> None:
        """Let Redis lose everything."""
        with redis.Redis.from_url(self.redis.url()) as client:
            client.flushall()

    # --- eyes --------------------------------------------------------------------------------------------------------

    def sql(self, statement: str, *parameters: object, **named: object) -> list[tuple[Any, ...]]:
        """Run one statement on the database, past every door: how time passes, and what no page shows."""
        with psycopg.connect(self.place.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement, named or parameters)  # type: ignore[arg-type,unused-ignore]
            return cursor.fetchall() if cursor.description else []

    def mails(self, to: str = "") -> list[Arrived]:
        """What arrived in this scenario (at one address), the oldest first."""
        return [mail for mail in mailbox.arrived(self.place.mailbox) if not to or mail.to == to]

    def count_mails(self) -> int:
        """How many mails arrived in this scenario."""
        return mailbox.count(self.place.mailbox)

    def hanging(self) -> int:
        """How many mails hang at the mail server now."""
        return int(self.tell_mail(do="look")["hanging"])

    def may_twice(self, *keys: object) -> None:
        """Say that these mails (keys of their rows) may come twice: their worker died in the declared window."""
        self.may_come_twice |= {str(key) for key in keys}

    def visitor(self) -> Visitor:
        """Somebody with a browser of their own."""
        return Visitor(self.place.site)

    def serves(self) -> bool:
        """Whether a page is served now."""
        return self.visitor().get("/readyz", seconds=3).status == 200

    def log(self, name: str) -> str:
        """What a part has said in this scenario."""
        file = self.place.logs / f"{name}.log"
        if not file.exists():
            return ""
        with file.open("rb") as opened:
            opened.seek(self.read_to.get(file, 0))
            return opened.read().decode(errors="replace")

    def busy_child(self, seconds: float = 30) -> int:
        """The worker's child that talks with the mail server now."""
        worker = self.processes["worker"]
        ports = (self.place.mail, self.place.mail_door)
        found: Callable[[], list[int]] = lambda: [pid for port in ports for pid in worker.children_at(port)]  # noqa: E731
        return until(found, seconds, "no worker's child sends")[0]

    # --- parts -------------------------------------------------------------------------------------------------------

    def _make_processes(self) -> None:
        place, logs = self.place, self.place.logs
        marked = {**services.plain_environment(), **leftovers.mark(place.home)}
        for name, service in {"postgres": self.postgres, "redis": self.redis}.items():
            self.processes[name] = Process(
                name, service.command(), marked, logs / f"{name}.log", service.ending, service.identity, Path("/")
            )
        for name, command in {"doors": self._doors(), "mail": self._mail()}.items():
            self.processes[name] = Process(name, command, place.of_processes(), logs / f"{name}.log")
        for name in PARTS:
            more = {"BIND": f"127.0.0.1:{place.web}"} if name == "web" else {}
            words = [sys.executable, "-m", "ats.engine.start", name]
            self.processes[name] = Process(name, words, {**place.of_processes(), **more}, logs / f"{name}.log")

    def _doors(self) -> list[str]:
        place = self.place
        doors = {
            "redis": f"{place.redis}={self.redis.socket}",
            "database": f"{place.database}={place.home / '.s.PGSQL.5432'}",
            "mail": f"{place.mail_door}={place.mail}",
        }
        told = [f"--door={name}={way}" for name, way in doors.items()]
        return [sys.executable, "-m", "faults.stand.doors", "--control", str(place.home / "doors.control"), *told]

    def _mail(self) -> list[str]:
        place = self.place
        told = ["--port", str(place.mail), "--mailbox", str(place.mailbox)]
        return [sys.executable, "-m", "faults.stand.sink", *told, "--control", str(place.home / "mail.control")]

    def _start_server(self, service: services.Service, process: Process) -> None:
        service.prepare()
        deadline = time.monotonic() + ANSWER_SECONDS
        process.start()
        while not service.answers():
            if not process.is_running():  # what a killed one left is not gone at once
                time.sleep(0.3)
                process.start()
            if time.monotonic() > deadline:
                raise services.CannotStart(f"{service.name} did not start; see {process.log}")
            time.sleep(0.05)

    def _obeys(self, name: str) -> bool:
        with suppress(OSError, ValueError):
            words = {"door": "redis", "way": "open"} if name == "doors" else {"do": "look"}
            return bool(control.tell(self.place.home / f"{name}.control", **words))
        return False

    def _heartbeat_since(self, began: Any) -> bool:
        age = heartbeat.age(at=now())
        return age is not None and age < (now() - began).total_seconds()

    def _manage(self, *words: str) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise services.CannotStart(f"manage.py {words[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def _collect_static_files(self) -> None:
        lock_file = staticfiles.ROOT / ".rapport" / "static.lock"
        lock_file.parent.mkdir(exist_ok=True)
        with lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not staticfiles.are_fresh():
                fresh = staticfiles.fingerprint()
                self._manage("collectstatic", "--noinput", "--clear", "-v0")
                staticfiles.mark_fresh(fresh)

    def _sql_of_server(self, statement: str) -> None:
        with psycopg.connect(host=self.place.folder, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type,unused-ignore]
