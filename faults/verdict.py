"""How a scenario says that something did not hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class Failed(Exception):
    """What had to hold did not; the words say what was seen instead."""


def expect(holds: object, words: str) -> None:
    """Raise Failed with `words` unless it `holds`."""
    if not holds:
        raise Failed(words)


def until(asked: Callable[[], Answer], seconds: float, words: str | Callable[[], str], *, every: float = 0.1) -> Answer:
    """Ask again and again until the answer is true, and give it.

    Args:
        asked: the question.
        seconds: how long it may take.
        words: what is wrong where it takes longer, or what finds the words then.
        every: seconds between two questions.

    Raises:
        Failed: it took longer.
    """
    deadline = time.monotonic() + seconds
    while not (answer := asked()):
        if time.monotonic() > deadline:
            raise Failed(f"{words if isinstance(words, str) else words()} (after {seconds:.0f} s)")
        time.sleep(every)
    return answer
