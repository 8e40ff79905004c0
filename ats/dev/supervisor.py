"""Runs parts side by side: one log, a new start after a crash, and one end for all of them.

It has one thread only, because the kernel ties a child's life to the thread that started it (see births.py).
"""

import selectors
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from ats.dev.parts import Part

TURN = 0.2
STOP_SECONDS = 25.0
ANSWER_SECONDS = 60.0
# A part that ends this often within this time is given up.
ENDS = 6
WITHIN = 60.0
LONGEST_WAIT = 8.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ending(Exception):
    """Somebody asked the instance to end."""


class Broken(Exception):
    """A part that the others need did not come up; the message names it."""


class Supervisor:
    """The parts that run, in the order of their start."""

    def __init__(self, log: Path) -> None:
        self.parts: list[Part] = []
        self.selector = selectors.DefaultSelector()
        self.log = log.open("a", encoding="utf-8", buffering=1)
        self.asked = 0

    def obey_signals(self) -> None:
        """End on Ctrl-C, SIGTERM and SIGHUP; but `nohup` asks to outlive the terminal, and is obeyed."""
        for number in SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def say(self, text: str) -> None:
        """Tell the person at the terminal, and the log."""
        self._write(text)

    def add(self, part: Part) -> None:
        """Start `part` and keep it running from now on."""
        self.parts.append(part)
        self._start(part)

    def await_answer(self, part: Part) -> None:
        """Wait until `part` answers; raises Broken."""
        answers = part.answers or part.is_running
        self.wait(lambda: answers() or part not in self.parts, ANSWER_SECONDS)
        if not answers():
            raise Broken(f"{part.name} did not start; its words are above and in {self.log.name}")

    def run_once(self, part: Part) -> None:
        """Run `part` to its end; raises Broken when that is not a good one."""
        self._start(part)
        try:
            while part.is_running():
                self.turn()
        finally:
            self._forget(part)
        if part.process is None or part.process.returncode:
            raise Broken(f"{part.name} failed ({part.how_it_ended()}); its words are above and in {self.log.name}")

    def wait(self, done: Callable[[], bool], seconds: float, *, every: float = 0.05) -> bool:
        """Keep everything running until `done`, asked `every` so many seconds; gives whether it is."""
        start = asked = time.monotonic()
        while not done():
            while time.monotonic() < asked + every:
                self.turn(every)
            asked = time.monotonic()
            if asked > start + seconds:
                return False
        return True

    def keep_running(self) -> None:
        """Supervise until somebody asks to end."""
        while True:
            self.turn()

    def turn(self, seconds: float = TURN) -> None:
        """Pass on what was said within some seconds, and start what has ended; raises Ending."""
        self._listen(seconds)
        if self.asked:
            raise Ending
        for part in list(self.parts):
            if part.has_ended() and part.start_at is None:
                self._plan_restart(part)
            elif part.start_at is not None and time.monotonic() >= part.start_at:
                self._start(part)

    def end(self) -> None:
        """End everything, the last started first; by force what does not end, or all of it when asked twice."""
        asked = self.asked
        for part in reversed(self.parts):
            part.end()
            deadline = time.monotonic() + STOP_SECONDS
            while part.is_running() and time.monotonic() < deadline and self.asked <= asked:
                self._listen()
            if part.is_running():
                self.say(f"{part.name} did not end in time; ended by force")
            self._forget(part)
        self.parts.clear()

    def _start(self, part: Part) -> None:
        pipe = part.start()
        self.selector.register(pipe, selectors.EVENT_READ, part)

    def _forget(self, part: Part) -> None:
        """Take the last words of an ended part, and end what is left of its group."""
        part.kill()
        if part.process is None or part.process.stdout is None or part.process.stdout.closed:
            return
        part.process.wait()
        self._pass_on(part, rest=True)
        self.selector.unregister(part.pipe())
        part.process.stdout.close()

    def _plan_restart(self, part: Part) -> None:
        self._forget(part)
        now = time.monotonic()
        part.ends = [moment for moment in part.ends if now - moment < WITHIN] + [now]
        if len(part.ends) >= ENDS:
            self.parts.remove(part)
            self.say(f"{part.name} is gone: it ended {ENDS} times within a minute ({part.how_it_ended()}). "
                     f"The rest goes on without it; Ctrl-C ends it.")  # fmt: skip
            return
        wait = min(LONGEST_WAIT, 0.25 * 2 ** len(part.ends))
        part.start_at = now + wait
        self.say(f"{part.name} died ({part.how_it_ended()}); started again")

    def _listen(self, seconds: float = TURN) -> None:
        for key, _ in self.selector.select(seconds):
            self._pass_on(key.data)

    def _pass_on(self, part: Part, *, rest: bool = False) -> None:
        for line in part.lines(rest=rest):
            self._write(f"{part.name:<9}| {line}")

    def _write(self, line: str) -> None:
        # The terminal may be gone; the log is still there.
        with suppress(OSError, ValueError):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        with suppress(OSError):
            self.log.write(f"{time.strftime('%F %T')} {line}\n")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1
