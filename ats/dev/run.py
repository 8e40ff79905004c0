"""Run the whole product on one's own machine: `python -m ats.dev.run`, or `make run`.

PORT chooses the port, without it the first free one from 8000 on is taken; RAPPORT_DEMO=few asks for a demo of eight
applications instead of sixty, which is made in a fifth of the time. The data live in `.rapport/default`; see
state.py for a second instance at the same time.
"""

import fcntl
import http.client
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from ats.dev import instance, ports, servers, services, staticfiles, throwaway
from ats.dev.state import Busy, State, hold_for, write_private
from ats.dev.supervisor import Broken, Ending, Supervisor

READY_SECONDS = 90.0
PAGES = {"career page": "/", "admin": "/admin/", "mailbox": "/mailbox/", "health": "/healthz"}


class Refused(Exception):
    """The instance cannot start for a reason that the person can mend."""


@dataclass
class Instance:
    """One instance while it runs."""

    state: State
    supervisor: Supervisor
    listener: socket
    mail_listener: socket
    services: list[services.Service]

    @property
    def port(self) -> int:
        """The port of the pages."""
        return ports.number(self.listener)

    def settings(self) -> dict[str, str]:
        """The settings of its processes."""
        addresses = {service.setting: service.url() for service in self.services}
        mail_port = ports.number(self.mail_listener)
        return instance.settings(self.state, port=self.port, mail_port=mail_port, addresses=addresses)


def main() -> int:
    """Run until told to end; gives the exit code."""
    try:
        with ExitStack() as stack:
            return _run(_prepare(stack))
    except (Refused, Broken, services.CannotStart, servers.NotFound) as refusal:
        sys.stderr.write(f"Rapport cannot start: {refusal}\n")
        return 1


def _prepare(stack: ExitStack) -> Instance:
    listener = stack.enter_context(_listener())
    state = _hold_state(ports.number(listener))
    stack.callback(state.release)
    state.prepare()
    sockets = stack.enter_context(throwaway.folder())
    missing = services.missing(state.folder, sockets)
    supervisor = Supervisor(state.log)
    supervisor.obey_signals()
    if found := instance.recover(state, missing):
        supervisor.say(f"Ended what an earlier run left behind: {len(found)} processes")
    return Instance(state, supervisor, listener, stack.enter_context(ports.listen(0)), missing)


def _run(run: Instance) -> int:
    try:
        _start_services(run)
        _bring_up_to_date(run)
        _start_processes(run)
        _tell_when_ready(run)
        run.supervisor.keep_running()
    except Ending:
        run.supervisor.say("Ending")
    finally:
        _end(run)
    return 0


def _start_services(run: Instance) -> None:
    for service in run.services:
        run.supervisor.say(f"{service.name}: {service.version()}")
        service.prepare()
        part = instance.server(service, run.state)
        run.supervisor.add(part)
        run.supervisor.await_answer(part)
        if isinstance(service, services.Postgres):
            service.create()
    instance.remember(run.state, run.settings())


def _bring_up_to_date(run: Instance) -> None:
    values = run.settings()
    run.supervisor.run_once(instance.step("migrate", run.state, values, "migrate", "--noinput", "--verbosity=0"))
    _collect_static_files(run, values)
    _make_demo(run, values)


def _collect_static_files(run: Instance, values: dict[str, str]) -> None:
    # Two instances of one checkout share what is collected, so one waits for the other.
    with _locked(staticfiles.ROOT / ".rapport" / "static.lock"):
        if not staticfiles.are_fresh():
            now = staticfiles.fingerprint()
            collect = instance.step("static", run.state, values, "collectstatic", "--noinput", "--clear", "-v0")
            run.supervisor.run_once(collect)
            staticfiles.mark_fresh(now)


def _make_demo(run: Instance, values: dict[str, str]) -> None:
    if run.state.sign_ins.exists():
        return
    run.supervisor.say("Making the demo company (once)")
    fresh = run.state.sign_ins.with_suffix(".new")
    write_private(fresh, "")
    size = ["--few"] if os.environ.get("RAPPORT_DEMO") == "few" else []
    command = ["demo", "--if-empty", "--seed", "7", "--sign-ins", str(fresh), *size]
    run.supervisor.run_once(instance.step("demo", run.state, values, *command))
    fresh.chmod(0o600)
    fresh.replace(run.state.sign_ins)


def _start_processes(run: Instance) -> None:
    values = run.settings()
    run.supervisor.add(instance.mail(run.state, values, run.mail_listener.fileno()))
    run.supervisor.add(instance.web(run.state, values, run.listener.fileno()))
    run.supervisor.add(instance.celery("worker", run.state, values))
    run.supervisor.add(instance.celery("beat", run.state, values))


def _tell_when_ready(run: Instance) -> None:
    if run.supervisor.wait(lambda: _is_healthy(run.port), READY_SECONDS, every=0.5):
        run.supervisor.say(_welcome(run))
    else:
        run.supervisor.say(f"Not ready after {READY_SECONDS:.0f} s: {_health(run.port)}. It goes on; Ctrl-C ends it.")


def _welcome(run: Instance) -> str:
    base = run.settings()["SITE_URL"]
    pages = [f"  {name:<12} {base}{path}" for name, path in PAGES.items()]
    sign_ins = run.state.sign_ins.read_text().splitlines()
    people = [f"  {line}" for line in sign_ins] or ["  the database was not empty, so no demo was made; see make demo"]
    lines = ["", "Ready:", *pages, "", "Sign-ins of the demo:", *people, "", f"Data: {run.state.folder}"]
    return "\n".join([*lines, "Ctrl-C ends it.", ""])


def _end(run: Instance) -> None:
    run.supervisor.end()
    # A process may have started others in a group of their own; the mark finds those too.
    instance.recover(run.state, run.services)


def _is_healthy(port: int) -> bool:
    return _health(port).startswith("200 ")


def _health(port: int) -> str:
    """The status and body of the health page, or why there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        return f"{answer.status} {answer.read(2000).decode(errors='replace')}"
    except OSError as error:
        return f"web does not answer ({error})"
    finally:
        connection.close()


def _listener() -> socket:
    chosen = os.environ.get("PORT", "")
    if chosen and not (chosen.isdigit() and 0 < int(chosen) < 65536):
        raise Refused(f"PORT is {chosen!r}; it must be a number from 1 to 65535.")
    try:
        return ports.listen(int(chosen)) if chosen else ports.listen_on_next()
    except ports.Taken as taken:
        raise Refused(f"port {taken} is in use; choose another: PORT=8123 make run") from None


def _hold_state(port: int) -> State:
    try:
        return hold_for(port, chosen=bool(os.environ.get("PORT")))
    except Busy as busy:
        raise Refused(f"{busy} is in use by another instance") from None
    except PermissionError as error:
        raise Refused(f"{error.filename} belongs to another user") from None


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(exist_ok=True)
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
