"""The script of a phone screen, read from `phone.toml`: the same parts in the same order for everybody."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("phone.toml")
LONGEST_KEY = 40


@dataclass(frozen=True)
class Part:
    """A part of the call: how long it takes, what to say, what to listen for."""

    title: str
    minutes: int
    say: str
    listen_for: str = ""

    @property
    def key(self) -> str:
        """Under which its notes are kept; they name the part as it was called then."""
        return self.title[:LONGEST_KEY]


@cache
def parts() -> tuple[Part, ...]:
    """The parts of the call, in order."""
    return tuple(Part(**part) for part in tomllib.loads(FILE.read_text(encoding="utf-8"))["part"])


def minutes() -> int:
    """How long the whole call takes."""
    return sum(part.minutes for part in parts())
