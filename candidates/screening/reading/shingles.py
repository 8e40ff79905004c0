"""Rows of five words, by which passages are found again in other letters."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from candidates.screening.reading.phrases import Span
from candidates.screening.reading.words import Word, words

ROW = 5  # words
SAMPLE = 4  # one fingerprint in each run of so many rows: a passage of ROW + SAMPLE - 1 words shares one for sure
MOST = 400  # fingerprints of a letter
_NUMBERS = 2**31  # hashes are kept as 32-bit integers with a sign
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Shared:
    """What of a letter stands in others."""

    share: float  # of its words, 0 to 1
    others: int  # in how many other letters, of those that were compared
    passages: list[Span]  # in characters of the letter


def tokens(text: str) -> list[Word]:
    """The words; where a script puts no spaces, each sign is one."""
    found = []
    for word in words(text):
        if _UNSPACED.search(word.text):
            found += [Word(word.start + place, word.start + place + 1, sign) for place, sign in enumerate(word.text)]
        else:
            found.append(word)
    return found


def rows(found: Sequence[Word]) -> list[int]:
    """A number for each row of five words, the same in every process and for ever."""
    plain = [word.plain for word in found]
    return [_number(" ".join(plain[start : start + ROW])) for start in range(len(plain) - ROW + 1)]


def fingerprints(numbers: Sequence[int], given: Set[int] = frozenset()) -> list[int]:
    """A sample of the rows by winnowing: of each run the smallest (Schleimer, Wilkerson and Aiken, SIGMOD 2003).

    Args:
        numbers: of the rows.
        given: rows that do not count: of the advert and of the question.
    """
    kept = [number for number in numbers if number not in given]
    runs = range(max(len(kept) - SAMPLE + 1, min(len(kept), 1)))
    return sorted({min(kept[start : start + SAMPLE]) for start in runs})[:MOST]


def compare(letter: str, others: Iterable[str], given: str) -> Shared:
    """What of `letter` stands in any of `others`, word by word; what `given` (the advert) says does not count."""
    own, told = tokens(letter), set(rows(tokens(given)))
    numbers = rows(own)
    wanted = set(numbers) - told
    sets = [wanted & set(rows(tokens(other))) for other in others]
    hits = set().union(*sets)
    marked = [False] * len(own)
    for start, number in enumerate(numbers):
        if number in hits:
            marked[start : start + ROW] = [True] * ROW
    share = sum(marked) / len(own) if own else 0.0
    return Shared(share, sum(map(bool, sets)), _passages(own, marked))


def _passages(own: Sequence[Word], marked: Sequence[bool]) -> list[Span]:
    """Neighbouring marked words as places in the text."""
    found: list[Span] = []
    was = False
    for word, is_marked in zip(own, marked, strict=True):
        if is_marked:
            start = found.pop()[0] if was else word.start
            found.append((start, word.end))
        was = is_marked
    return found


def _number(row: str) -> int:
    return zlib.crc32(row.encode("utf-8", "surrogatepass")) - _NUMBERS
