"""Whether the static files have to be collected again: only when one of them, or a dependency, has changed."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COLLECTED = ROOT / "staticfiles"
MARK = COLLECTED / ".collected"
LOCK_FILE = ROOT / "requirements.lock"


def fingerprint() -> str:
    """A hash over the names, sizes and times of all sources, the lock of the dependencies, and DEBUG.

    With DEBUG the files are collected without the names that hold their checksums.
    """
    digest = hashlib.sha256(LOCK_FILE.read_bytes())
    digest.update(f"DEBUG={os.environ.get('DEBUG', '')}\n".encode())
    for path in sorted(_sources()):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def are_fresh() -> bool:
    """Whether what was collected is what the sources hold now."""
    with suppress(OSError):
        return MARK.read_text() == fingerprint()
    return False


def mark_fresh(of: str) -> None:
    """Remember that the sources with the fingerprint `of` were collected."""
    MARK.write_text(of)


def _sources() -> Iterator[Path]:
    folders = [ROOT / "static", *ROOT.glob("*/static")]
    return (path for folder in folders for path in folder.rglob("*") if path.is_file())
