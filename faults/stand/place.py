"""Where a stand is: its folder, its ports, and the settings of what runs on it. Decided before anything runs."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from ats.dev import leftovers, ports
from ats.dev.throwaway_instance import FOREIGN

TOLD = "RAPPORT_FAULTS_PLACE"
SWEEP_SECONDS = "2"
# What somebody's shell may hold, and what would make another product of the stand.
NOT_OURS = {*FOREIGN, "LD_PRELOAD", "FAKETIME", "COMPANY_NAME", "TIME_ZONE", "SECRET_KEY_FALLBACKS"}


@dataclass(frozen=True)
class Place:
    """The folder of one stand, short enough for sockets, and its ports."""

    folder: str
    web: int
    redis: int
    database: int
    mail: int
    mail_door: int
    secret: str

    @property
    def home(self) -> Path:
        """The folder."""
        return Path(self.folder)

    @property
    def logs(self) -> Path:
        """What the processes say, one file each."""
        return self.home / "logs"

    @property
    def mailbox(self) -> Path:
        """The Maildir of what arrived."""
        return self.home / "mailbox"

    @property
    def site(self) -> str:
        """The address of the pages."""
        return f"http://localhost:{self.web}"

    @property
    def database_url(self) -> str:
        """PostgreSQL on its own socket, past every door."""
        return f"postgres://postgres@/rapport?host={self.home}"

    @property
    def database_door_url(self) -> str:
        """PostgreSQL behind its door."""
        return f"postgres://postgres@127.0.0.1:{self.database}/rapport"

    def settings(self) -> dict[str, str]:
        """The settings of Rapport for who looks from outside: no door before Redis."""
        return {
            "DJANGO_SETTINGS_MODULE": "ats.settings",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"unix://{self.home / 'redis.sock'}",
            "SECRET_KEY": self.secret,
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DEFAULT_FROM_EMAIL": "Rapport <jobs@rapport.example>",
            "DOCUMENTS_DIR": str(self.home / "documents"),
            "MAILBOX_DIR": str(self.mailbox),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail),
            "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "",
            "EMAIL_USE_TLS": "no",
            "SWEEP_SECONDS": SWEEP_SECONDS,
            "METRICS_TOKEN": self.secret,  # without one, this machine may read them: the strangers come from here
            "BEAT_FILE": str(self.home / "beat"),
            # One machine plays all the people there are.
            "APPLY_LIMIT_ADDRESS": "1000",
            "APPLY_LIMIT_IP": "1000000",
            "APPLY_LIMIT_NETWORK": "1000000",
            "APPLY_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
            "C_FORCE_ROOT": "1",
            **leftovers.mark(self.home),
        }

    def of_processes(self) -> dict[str, str]:
        """The environment of the product's own processes: Redis behind its door."""
        return {**os.environ, **self.settings(), "REDIS_URL": f"redis://127.0.0.1:{self.redis}/0"}


def choose(folder: Path) -> Place:
    """A place in `folder`, on ports that are free now."""
    listeners = [ports.listen(0) for _ in range(5)]
    web, redis, database, mail, mail_door = [ports.number(listener) for listener in listeners]
    for listener in listeners:
        listener.close()
    return Place(str(folder), web, redis, database, mail, mail_door, secrets.token_urlsafe(50))


def environment(place: Place) -> dict[str, str]:
    """The environment of who plays the scenarios on `place`."""
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in NOT_OURS}
    return {**kept, **place.settings(), TOLD: json.dumps(asdict(place))}


def told() -> Place:
    """The place that this process was started for."""
    return Place(**json.loads(os.environ[TOLD]))
