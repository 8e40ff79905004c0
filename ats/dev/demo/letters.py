"""Cover letters: warm ones, stock ones, short ones, some with typos; no two alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from ats.dev.demo import words

WITH_TYPOS = 5  # every fifth letter has typing errors


class Tone(StrEnum):
    """What kind of letter it is."""

    WARM = "warm"
    STOCK = "stock"
    SHORT = "short"


@dataclass(frozen=True)
class About:
    """What a letter speaks of."""

    name: str
    job: str
    company: str
    employer: str
    town: str


class Writer:
    """Writes letters and never the same one twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._seen: set[str] = set()
        self._turn = self._drafts = 0

    def write(self, tone: Tone, about: About) -> str:
        """A letter in this tone."""
        while True:
            text = self._draft(tone, about)
            if text not in self._seen:
                self._seen.add(text)
                return text

    def _draft(self, tone: Tone, about: About) -> str:
        parts = [part.format(**vars(about)) for part in getattr(self, f"_{tone}")()]
        text = "\n\n".join([*parts[:-1], f"{parts[-1]}\n{about.name}"])
        self._drafts += 1
        return self._slip(text) if self._drafts % WITH_TYPOS == 0 else text

    def _warm(self) -> list[str]:
        kit = words.read("letters")["warm"]
        stories = self._random.sample(kit["stories"], self._random.choice([1, 1, 2]))
        first, rest = self._random.choice(kit["openings"]), [self._random.choice(kit["whys"]), *stories]
        return [first, *rest, self._random.choice(kit["offers"]), self._random.choice(kit["closings"])]

    def _stock(self) -> list[str]:
        kit = words.read("letters")["stock"]
        self._turn += 1  # in turn, so that each kind of stock letter is there
        second = kit["second"][self._turn % len(kit["second"])]
        first, body, closing = (self._random.choice(kit[part]) for part in ("openings", "bodies", "closings"))
        return [first, body, second, closing]

    def _short(self) -> list[str]:
        return [self._random.choice(words.read("letters")["short"]["bodies"])]

    def _slip(self, text: str) -> str:
        """The same with the typing errors that people make."""
        for right, wrong in words.read("letters")["typos"].items():
            text = re.sub(rf"\b{right}", wrong, text, count=2)
        return text
