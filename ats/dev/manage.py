"""`./dev manage ...`: a command of manage.py on the data of `make run`, whether that runs now or not.

PORT means the instance of that port, where it has data of its own.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ats.dev import instance, servers, services, throwaway
from ats.dev.state import Busy, State, named, write_private

NO_MAIL_PORT = 9  # the port called discard: without the local mail server, mails wait in the outbox


def main(arguments: list[str]) -> int:
    """Run the command; gives its exit code."""
    state = named(os.environ.get("PORT"))
    try:
        with settings_of(state) as values:
            if arguments[:1] == ["demo"] and "--sign-ins" not in arguments:
                return _demo(state, values, arguments)
            return _call(values, arguments)
    except (services.CannotStart, servers.NotFound, Busy) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


@contextmanager
def settings_of(state: State) -> Iterator[dict[str, str]]:
    """The settings of the instance on `state`; where none runs, its servers run for the length of the block."""
    with ExitStack() as stack:
        try:
            state.hold()
        except Busy:
            yield _settings_beside(state)
            return
        stack.callback(state.release)
        yield _settings_alone(state, stack)


def _settings_beside(state: State) -> dict[str, str]:
    try:
        return instance.remembered(state)
    except FileNotFoundError:
        raise Busy(f"the instance on {state.folder} is just starting; try again when it is ready") from None


def _settings_alone(state: State, stack: ExitStack) -> dict[str, str]:
    state.prepare()
    sockets = stack.enter_context(throwaway.folder())
    missing = services.missing(state.folder, sockets)
    instance.recover(state, missing)
    addresses = stack.enter_context(services.running(*missing, logs=state.folder))
    return instance.settings(state, port=8000, mail_port=NO_MAIL_PORT, addresses=addresses)


def _demo(state: State, values: dict[str, str], arguments: list[str]) -> int:
    fresh = state.sign_ins.with_suffix(".new")
    write_private(fresh, "")
    code = _call(values, ["migrate", "--noinput", "--verbosity=0"])
    code = code or _call(values, [*arguments, "--sign-ins", str(fresh)])
    if code == 0 and fresh.stat().st_size:
        fresh.chmod(0o600)
        fresh.replace(state.sign_ins)
        sys.stdout.write(state.sign_ins.read_text())
    return code


def _call(values: dict[str, str], arguments: list[str]) -> int:
    environment = {**os.environ, **values}
    return subprocess.run([sys.executable, "manage.py", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
