"""Clocks that are really wrong: libfaketime below a Python process of the stand."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

NAME = "libfaketimeMT.so.1"
FOLDERS = ("/usr/lib", "/usr/local/lib", "/lib", "/opt/homebrew/lib")


class NoFaketime(Exception):
    """The library is not on this machine; the message says how it gets there."""


def library() -> Path:
    """Where libfaketime is: what FAKETIME_LIBRARY names, else where distributions put it."""
    if named := os.environ.get("FAKETIME_LIBRARY"):
        return Path(named)
    for folder in FOLDERS:
        for found in sorted(Path(folder).glob(f"**/faketime/{NAME}")):
            return found
    raise NoFaketime("libfaketime is not installed: apt-get install faketime, or set FAKETIME_LIBRARY")


def settings(file: Path) -> dict[str, str]:
    """The environment of a process whose clock follows `file` from call to call; its time-outs stay right."""
    return {
        "LD_PRELOAD": str(library()),
        "PYTHONPATH": str(Path(__file__).parent / "wrong_clock"),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",  # gunicorn reads the time of a file to see that its workers live
    }


def set_ahead(file: Path, by: timedelta) -> None:
    """Let the clocks that follow `file` be ahead of the real one (behind it, where `by` is negative)."""
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{by.total_seconds():+.0f}\n")
    fresh.replace(file)
