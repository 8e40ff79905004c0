"""Run a small program on a file that a stranger sent, in a process of its own that is bounded in every direction.

The child has an empty environment, its own process group, no way to write files or to start others, and a share of
memory and computing. After `seconds` by the clock on the wall it is killed together with its group.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from candidates.people.extraction import limits as bootstrap

START = Path(bootstrap.__file__)
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """What a child may use: bytes of memory, seconds of computing and of waiting, bytes of output."""

    memory: int = 512 * 1024 * 1024
    computing: int = 20
    seconds: float = 20.0
    output: int = 1024 * 1024


class ChildFailed(Exception):
    """The child ended without a result.

    Attributes:
        code: what it exited with; negative for a signal.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"ended with {code}")
        self.code = code


class TookTooLong(ChildFailed):
    """It did not end in its time."""


class TooMuchMemory(ChildFailed):
    """It needed more memory than it may have."""


class TooMuchOutput(ChildFailed):
    """It said more than it may."""


def run(program: Path, content: IO[bytes], *arguments: str, limits: Limits = Limits()) -> bytes:
    """What `program`, a Python file, writes to its standard output when it gets `content` as standard input.

    The program imports what it needs from the installed packages, nothing of ours; it can rewind its input.

    Raises:
        ChildFailed: no result; its subclasses say which limit was reached.
        OSError: `content` cannot be read, or no process can be started now.
    """
    with _as_plain_file(content) as stdin, _started(program, stdin, arguments, limits) as process:
        is_late = threading.Event()
        clock = threading.Timer(limits.seconds, _end, (process, is_late))
        clock.daemon = True
        clock.start()
        try:
            output = _read(process, limits.output)
            code = _ended(process)
        finally:
            clock.cancel()
    return _judge(code, output, limits, is_late=is_late.is_set())


def _judge(code: int, output: bytes, limits: Limits, *, is_late: bool) -> bytes:
    if len(output) > limits.output:
        raise TooMuchOutput(code)
    if code == 0:
        return output
    if is_late or code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TookTooLong(code)
    raise (TooMuchMemory if code == bootstrap.OUT_OF_MEMORY else ChildFailed)(code)


def _read(process: subprocess.Popen[bytes], most: int) -> bytes:
    """All that comes, but no more than one byte beyond `most`; a child that goes on is ended."""
    stdout: IO[bytes] = process.stdout  # type: ignore[assignment]
    output = stdout.read(most + 1)
    if len(output) > most:
        _kill(process)
    return output


def _ended(process: subprocess.Popen[bytes]) -> int:
    """What the child exited with. Its group goes while its number is still taken, so that nobody else is hit."""
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    _kill(process)
    return process.wait()


@contextmanager
def _started(
    program: Path, stdin: IO[bytes], arguments: tuple[str, ...], limits: Limits
) -> Iterator[subprocess.Popen[bytes]]:
    """The child, and nothing of it (nor of what it started) afterwards."""
    bounds = (str(limits.memory), str(limits.computing))
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", str(START), *bounds, str(program), *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            _kill(process)


def _end(process: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole group. Its number is nobody else's as long as we have not waited for the child."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _as_plain_file(content: IO[bytes]) -> Iterator[IO[bytes]]:
    """`content` in a file without a name: what an object store gives has no number that a child could inherit."""
    with tempfile.TemporaryFile() as plain:
        shutil.copyfileobj(content, plain, CHUNK)
        plain.seek(0)
        yield plain
