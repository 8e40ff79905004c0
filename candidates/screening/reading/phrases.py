"""Where a letter takes up words of the advert, and where it names us and what we make."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Set

from candidates.screening.reading.words import Word, words

SHORTEST = 3  # words in a row
CONTENT = 2  # of them not among the most frequent of the language
MOST = 12
Span = tuple[int, int]


def named(text: str, names: Iterable[str]) -> dict[str, list[Span]]:
    """Where each of `names` stands, as a word of its own, in whatever case; those that do not are left out."""
    found = {}
    for name in names:
        parts = [re.escape(part) for part in name.split()]
        if parts and (spans := _spans(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", text)):
            found[name] = spans
    return found


def shared(letter: list[Word], advert: str, stop_words: Set[str]) -> list[Span]:
    """The places of the longest rows of words that stand in the advert too, as ranges of the letter's words.

    Args:
        letter: its words.
        advert: title and text.
        stop_words: words that say nothing by themselves.
    """
    told, own = [word.plain for word in words(advert)], [word.plain for word in letter]
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for start in range(len(told) - SHORTEST + 1):
        places[tuple(told[start : start + SHORTEST])].append(start)
    found: list[Span] = []
    at = 0
    while at <= len(own) - SHORTEST and len(found) < MOST:
        length = max(
            (_same(own, at, told, start) for start in places.get(tuple(own[at : at + SHORTEST]), ())), default=0
        )
        if length and _says_something(own[at : at + length], stop_words):
            found.append((at, at + length))
        at += length or 1
    return found


def _same(own: list[str], at: int, told: list[str], start: int) -> int:
    """How many words in a row are the same from there."""
    length = 0
    while at + length < len(own) and start + length < len(told) and own[at + length] == told[start + length]:
        length += 1
    return length


def _says_something(row: list[str], stop_words: Set[str]) -> bool:
    return sum(word not in stop_words for word in row) >= CONTENT


def _spans(pattern: str, text: str) -> list[Span]:
    return [found.span() for found in re.finditer(pattern, text, re.IGNORECASE)]
