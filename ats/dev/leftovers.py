"""What a supervisor that was killed by force may have left running: found by a mark in the environment, and ended.

Every process of an instance carries the folder of its data in RAPPORT_PROCESS, and its children inherit that.
PostgreSQL overwrites its own environment, but says in `postmaster.pid` who it is. Only Linux shows the environment of
processes; elsewhere PostgreSQL alone is found.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MARK = "RAPPORT_PROCESS"
PROC = Path("/proc")
PATIENCE = 10.0


def mark(folder: Path) -> dict[str, str]:
    """The mark of every process that works on `folder`."""
    return {MARK: str(folder)}


def find(folder: Path) -> list[int]:
    """The processes that carry the mark of `folder`, this one aside."""
    wanted = f"{MARK}={folder}".encode()
    return [pid for pid in _pids() if pid != os.getpid() and wanted in _environment(pid)]


def end(folder: Path, data: Path | None = None, *, patience: float = PATIENCE) -> list[int]:
    """End what works on `folder`, and the database server on `data`: politely, after `patience` seconds by force."""
    found = find(folder)
    database = _postmaster(data or folder / "postgres")
    _signal(found, signal.SIGTERM)
    _signal(database, signal.SIGINT)
    everything = found + database
    if not _gone(lambda: [pid for pid in everything if _alive(pid)], patience):
        _signal(everything, signal.SIGKILL)
        _gone(lambda: [pid for pid in everything if _alive(pid)], patience)
    return everything


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()] if PROC.is_dir() else []


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _postmaster(data: Path) -> list[int]:
    """The database server on `data`; its number may have gone to another process since, so its folder is compared."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        works_there = not PROC.is_dir() or (PROC / str(pid) / "cwd").resolve() == data.resolve()
    except (OSError, ValueError, IndexError):
        return []
    return [pid] if works_there and _alive(pid) else []


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _alive(pid: int) -> bool:
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] if PROC.is_dir() else "?"
        os.kill(pid, 0)
    except (ProcessLookupError, FileNotFoundError):
        return False
    # A zombie holds nothing any more; its parent will fetch it.
    return state != "Z"


def _gone(alive: Callable[[], list[int]], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while alive():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
