"""One process of the stand, and all that can happen to it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ats.dev import births
from ats.dev.state import ROOT

STOP_SECONDS = 40.0
PROC = Path("/proc")


@dataclass
class Process:
    """What runs in a group of its own, with its words in a file. It ends with the stand.

    Started by the main thread only: the kernel ties a child's life to the thread that made it.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ending: signal.Signals = signal.SIGTERM
    identity: births.Identity = births.Identity.SAME
    folder: Path = ROOT
    changed: dict[str, str] = field(default_factory=dict)  # settings of this start that the next heal takes back
    running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of its first process."""
        assert self.running is not None
        return self.running.pid

    def start(self, **changed: str) -> None:
        """Start it, with other settings than it has by itself."""
        self.changed = changed
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                list(self.command),
                env={**self.environment, **changed},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=births.before_exec(self.ending, self.identity),  # noqa: PLW1509 - see births.py
            )

    def is_running(self) -> bool:
        """Whether its first process is there."""
        return self.running is not None and self.running.poll() is None

    def ask_to_end(self) -> None:
        """Send the signal by which it ends in order, and do not wait."""
        if self.running is not None and self.is_running():
            self.running.send_signal(self.ending)

    def stop(self, seconds: float = STOP_SECONDS) -> float:
        """End it in order, by force after `seconds`, as Docker does; gives the seconds that it took."""
        began = time.monotonic()
        self.ask_to_end()
        if self.running is not None:
            with suppress(subprocess.TimeoutExpired):
                self.running.wait(seconds)
        self.kill()
        return time.monotonic() - began

    def kill(self) -> None:
        """End it and all its children by kill -9."""
        if self.running is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def children(self) -> list[int]:
        """Its children, as the kernel knows them."""
        try:
            return [int(pid) for pid in (PROC / f"{self.pid}/task/{self.pid}/children").read_text().split()]
        except OSError:
            return []

    def children_at(self, port: int) -> list[int]:
        """Those children that are connected to `port` of this machine now."""
        sockets = _connected_to(port)
        return [pid for pid in self.children() if sockets & _sockets_of(pid)]


def _connected_to(port: int) -> set[str]:
    """The inodes of the sockets whose other end is `port`, established."""
    lines = [line.split() for line in (PROC / "net/tcp").read_text().splitlines()[1:]]
    return {words[9] for words in lines if words[2].endswith(f":{port:04X}") and words[3] == "01"}


def _sockets_of(pid: int) -> set[str]:
    found = set()
    with suppress(OSError):
        for entry in (PROC / f"{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(os.readlink(entry).removeprefix("socket:[").rstrip("]"))
    return found
