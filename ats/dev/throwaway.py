"""Short private folders that go away again, even those of a process that was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# A socket's path may have 104 bytes at most, so the folder that the system suggests may be too deep.
SHORT = Path("/tmp")
PREFIX = "rapport-"
YOUNG_SECONDS = 60


@contextmanager
def folder() -> Iterator[Path]:
    """A private folder with a short path, held by a lock, removed at the end; removes left-over ones first."""
    _remove_abandoned()
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=SHORT))
    lock = os.open(place / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place
    finally:
        os.close(lock)
        shutil.rmtree(place, ignore_errors=True)


def _remove_abandoned() -> None:
    for place in SHORT.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if _is_ours(place) and _is_abandoned(place / "lock"):
                shutil.rmtree(place, ignore_errors=True)


def _is_ours(place: Path) -> bool:
    status = place.lstat()
    # A folder younger than this may have no lock yet.
    return status.st_uid == os.getuid() and place.is_dir() and time.time() - status.st_mtime > YOUNG_SECONDS


def _is_abandoned(lock: Path) -> bool:
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
