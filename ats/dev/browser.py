"""The Chromium of the machine, and how it is started."""

import os
import shutil
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find() -> str | None:
    """The path of Chromium: $CHROMIUM, else the first of its usual names that is installed."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else NAMES
    found = (shutil.which(name) for name in candidates)
    return next((str(Path(path)) for path in found if path), None)


def flags() -> list[str]:
    """The flags it is started with; as root it refuses to run in its sandbox."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
