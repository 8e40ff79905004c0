"""One supervised process: how it is started, what it said, and how it ended."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ats.dev import births

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Part:
    """What has to run. Its children share its process group, so that none of them can outlive it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ending: signal.Signals = signal.SIGTERM
    identity: births.Identity = births.Identity.SAME
    sockets: Sequence[int] = ()
    folder: Path = ROOT
    answers: Callable[[], bool] | None = None

    process: "subprocess.Popen[bytes] | None" = None
    said: bytes = b""
    ends: list[float] = field(default_factory=list)
    start_at: float | None = None

    def start(self) -> int:
        """Start it; gives the pipe of what it says. To be called by the thread that lives as long as the parent."""
        self.start_at = None
        self.process = subprocess.Popen(
            list(self.command),
            env=dict(self.environment),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=tuple(self.sockets),
            # Ctrl-C in the terminal reaches the supervisor alone, which ends the parts in order.
            start_new_session=True,
            preexec_fn=births.before_exec(self.ending, self.identity),
        )
        os.set_blocking(self.pipe(), False)
        return self.pipe()

    def pipe(self) -> int:
        """The file descriptor of what it says."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def is_running(self) -> bool:
        """Whether its first process is there."""
        return self.process is not None and self.process.poll() is None

    def has_ended(self) -> bool:
        """Whether it was started and is there no more."""
        return self.process is not None and self.process.poll() is not None

    def end(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.ending)

    def kill(self) -> None:
        """End it and its children by force."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def lines(self, *, rest: bool = False) -> list[str]:
        """The whole lines it said since the last time; with `rest` the unfinished one too."""
        with suppress(BlockingIOError, OSError):
            while piece := os.read(self.pipe(), 65536):
                self.said += piece
        *whole, self.said = self.said.split(b"\n")
        if rest and self.said:
            whole, self.said = [*whole, self.said], b""
        return [line.decode(errors="replace").rstrip() for line in whole]

    def how_it_ended(self) -> str:
        """The words for its end: a signal or an exit code."""
        code = self.process.returncode if self.process else None
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
