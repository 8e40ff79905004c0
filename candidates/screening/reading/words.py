"""A letter as words and sentences, each with its place in the text."""

from __future__ import annotations

import re
from typing import NamedTuple

LOOKED_AT = 20_000  # characters; what follows is shown but not looked into, so that every letter takes bounded time
LONGEST = 40  # characters of a word; what is longer is none

# Signs that belong to the letter before them (accents, vowel signs of Arabic and Indic scripts), which \w leaves out.
_SIGNS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200c\u200d"
)
_LETTER = rf"[^\W\d_][{_SIGNS}]*"
_WORD = re.compile(rf"(?:{_LETTER})+(?:[’'‘ʼ\-‐](?:{_LETTER})+)*")
_END = re.compile(r"(?<=[.!?…。؟।])[\"”’»)]*\s+|\n\s*\n")
_MASK = re.compile(r"\[[^\[\]]{0,40}\]")


class Word(NamedTuple):
    """A word and where it stands."""

    start: int
    end: int
    text: str

    @property
    def plain(self) -> str:
        """As it is compared: small letters, one kind of apostrophe and hyphen."""
        return self.text.lower().replace("’", "'").replace("‘", "'").replace("ʼ", "'").replace("‐", "-")


def words(text: str) -> list[Word]:
    """The words of the part that is looked at; what stands in square brackets (a mask) is none."""
    text = _MASK.sub(lambda found: " " * len(found[0]), text[:LOOKED_AT])
    return [Word(found.start(), found.end(), found[0]) for found in _WORD.finditer(text)]


def sentences(text: str) -> list[int]:
    """The length of each sentence in words; a greeting, a line of its own, counts as one."""
    lengths = [len(words(part)) for part in _END.split(text[:LOOKED_AT])]
    return [length for length in lengths if length]
