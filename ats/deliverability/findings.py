"""What a check found: in which state, what stands there, what is wrong, what to publish instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How it stands; the values are those of the chips."""

    GOOD = "done"
    BETTER = "waiting"  # works, and could be better
    WRONG = "overdue"
    UNKNOWN = "blocked"


@dataclass(frozen=True)
class Record:
    """An entry to publish in the domain name system."""

    name: str
    kind: str
    value: str


@dataclass
class Finding:
    """What one check found; `words` say what is wrong and what is right, in sentences."""

    name: str
    state: State = State.GOOD
    found: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    publish: Record | None = None

    def say(self, state: State, words: str) -> None:
        """Add a sentence; the worst state counts."""
        order = [State.GOOD, State.BETTER, State.UNKNOWN, State.WRONG]
        self.state = max(self.state, state, key=order.index)
        self.words.append(words)
