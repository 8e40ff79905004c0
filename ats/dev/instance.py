"""What one instance consists of: its settings, its servers, its processes, and the steps before they start."""

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from ats.dev import leftovers
from ats.dev.parts import Part
from ats.dev.services import Postgres, Service, plain_environment
from ats.dev.state import State, write_private

SWEEP_SECONDS = "5"


def settings(state: State, *, port: int, mail_port: int, addresses: dict[str, str]) -> dict[str, str]:
    """The settings of Rapport for an instance on this machine; some of them can be given from outside."""
    defaults = {
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DEFAULT_FROM_EMAIL": "Rapport <jobs@rapport.example>",
        "SWEEP_SECONDS": SWEEP_SECONDS,
        "SECRET_KEY": state.secret_key(),
    }
    own = {
        "DJANGO_SETTINGS_MODULE": "ats.settings",
        "DOCUMENTS_DIR": str(state.documents),
        "MAILBOX_DIR": str(state.mailbox),
        # Never a real mail server: the demo's people have addresses.
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": "no",
        "MAIL_PROVIDER": "",
        "BEAT_FILE": str(state.folder / "beat"),
    }
    given = {name: os.environ[name] for name in defaults if os.environ.get(name)}
    named = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    return {**defaults, **given, **named, **addresses, **own}


def environment(state: State, values: dict[str, str]) -> dict[str, str]:
    """The environment of a process of the instance: the caller's, the settings, and the mark of the state."""
    return {**os.environ, **values, **leftovers.mark(state.folder), "PYTHONUNBUFFERED": "1", "C_FORCE_ROOT": "1"}


def remember(state: State, values: dict[str, str]) -> None:
    """Keep the settings for commands that work beside the instance."""
    write_private(state.settings_file, json.dumps(values, indent=1))


def remembered(state: State) -> dict[str, str]:
    """The settings of the instance that runs on `state`."""
    return dict(json.loads(state.settings_file.read_text()))


def server(service: Service, state: State) -> Part:
    """The part that runs `service`."""
    marked = {**plain_environment(), **leftovers.mark(state.folder)}
    return Part(
        service.name,
        service.command(),
        marked,
        ending=service.ending,
        identity=service.identity,
        folder=Path("/"),
        answers=service.answers,
    )


def mail(state: State, values: dict[str, str], listener: int) -> Part:
    """The local mail server."""
    command = [sys.executable, "-m", "ats.dev.mailsink", "--fd", str(listener), "--mailbox", str(state.mailbox)]
    return Part("mail", command, environment(state, values), sockets=[listener])


def web(state: State, values: dict[str, str], listener: int) -> Part:
    """The web server, on a socket that the supervisor opened."""
    values = {**values, "BIND": f"fd://{listener}"}
    return Part("web", _started("web"), environment(state, values), sockets=[listener])


def celery(name: str, state: State, values: dict[str, str]) -> Part:
    """The worker or beat. Each sweep would write eight lines here, so only what went wrong is told."""
    quiet = {"LOG_LEVEL": os.environ.get("LOG_LEVEL") or "WARNING"}
    return Part(name, _started(name), environment(state, {**values, **quiet}))


def step(name: str, state: State, values: dict[str, str], *arguments: str) -> Part:
    """One command of manage.py that runs to its end."""
    return Part(name, [sys.executable, "manage.py", *arguments], environment(state, values), ending=signal.SIGTERM)


def recover(state: State, services: list[Service]) -> list[int]:
    """End what an instance that was killed by force left on `state`; gives the processes it found."""
    data = next((service.data for service in services if isinstance(service, Postgres)), None)
    with suppress(FileNotFoundError):
        state.settings_file.unlink()
    return leftovers.end(state.folder, data)


def _started(name: str) -> list[str]:
    return [sys.executable, "-m", "ats.engine.start", name]
