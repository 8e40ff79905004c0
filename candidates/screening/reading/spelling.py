"""Which words of a letter are in no dictionary: places to look at, because a dictionary never knows all words."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Set
from functools import lru_cache

from spellchecker import SpellChecker

from candidates.screening.reading import lists
from candidates.screening.reading.words import LONGEST, Word

# Those whose dictionaries can be trusted: the Spanish one lacks “años”, the others are small.
SPELLED = frozenset({"de", "en", "fr", "it", "nl", "pt"})
COMPOUNDING = frozenset({"de", "nl"})
MOST = 36  # marks in a letter
TOO_MANY = 0.2  # of the small words unknown: another language or a mixture, no typos
ENOUGH = 20  # words from which a share tells something
SHORTEST = 3  # letters of a word that is looked up, and of a part of a compound
PARTS = 3  # of a compound

TRADE = lists.read("trade")
# The dictionary spells as Americans do.
BRITISH: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"is(e[srd]?|ing|ation|ations)$", r"iz\1"),
        (r"ys(e[srd]?|ing)$", r"yz\1"),
        (r"our", "or"),
        (r"ll(ed|ing|er|ers)$", r"l\1"),
        (r"l(ment|ments|ful|fully)$", r"ll\1"),
        (r"(?<=[bt])re(s?)$", r"er\1"),
        (r"ogue(s?)$", r"og\1"),
        (r"amme(s?)$", r"am\1"),
        (r"ence(s?)$", r"ense\1"),
        (r"ctis(e[sd]?|ing)$", r"ctic\1"),
        (r"eque(s?)$", r"eck\1"),
        (r"grey", "gray"),
        (r"a?e(?=[dmnos])", "e"),
        (r"st$", ""),
    )
)


@lru_cache(maxsize=3)
def _dictionary(language: str) -> array[int]:
    """The words as sorted numbers of this process: a megabyte or two, where the checker itself takes thirty."""
    return array("q", sorted(map(hash, SpellChecker(language=language).word_frequency.keys())))


def is_in_dictionary(word: str, language: str) -> bool:
    """Whether exactly this word, in small letters, is in the dictionary of `language`."""
    known, number = _dictionary(language), hash(word)
    place = bisect_left(known, number)
    return place < len(known) and known[place] == number


def is_known(word: str, language: str) -> bool:
    """Whether it is a word of `language`: as it is, in parts, in British spelling, as a compound, or of the trade."""
    if word in TRADE or is_in_dictionary(word, language):
        return True
    parts = [part for part in re.split(r"['-]", word) if part]
    if len(parts) > 1:
        return all(len(part) < SHORTEST or is_known(part, language) for part in parts)
    return any(rule(word, language) for rule in _RULES)


def misspelled(found: list[Word], language: str, known: Set[str]) -> list[Word]:
    """The small words that no dictionary has; few at most, none when there are too many to be typos.

    Args:
        found: the words of the letter.
        language: in which it is written.
        known: words in small letters that need no dictionary: of the advert, of names.
    """
    if language not in SPELLED:
        return []
    small = [word for word in found if word.text.islower() and SHORTEST <= len(word.text) <= LONGEST]
    unknown = {text for text in {word.plain for word in small} - known if not is_known(text, language)}
    doubtful = [word for word in small if word.plain in unknown]
    if len(small) >= ENOUGH and len(doubtful) > TOO_MANY * len(small):
        return []
    return doubtful[:MOST]


def _british(word: str, language: str) -> bool:
    if language != "en":
        return False
    changed = (pattern.sub(replacement, word) for pattern, replacement in BRITISH if pattern.search(word))
    return any(is_in_dictionary(other, language) for other in changed)


def _compound(word: str, language: str) -> bool:
    return language in COMPOUNDING and _splits(word, language, PARTS)


def _splits(word: str, language: str, parts: int) -> bool:
    """Whether it is a row of known words, with the letters that German and Dutch put between."""
    if is_in_dictionary(word, language):
        return True
    if parts == 1:
        return False
    for place in range(SHORTEST, len(word) - SHORTEST + 1):
        if not is_in_dictionary(word[:place], language):
            continue
        rest = word[place:]
        joined = [rest] + [rest[len(link) :] for link in ("s", "en", "n", "es", "er", "e") if rest.startswith(link)]
        if any(len(other) >= SHORTEST and _splits(other, language, parts - 1) for other in joined):
            return True
    return False


def _inflected(word: str, language: str) -> bool:
    """A plural or an ending that the dictionary lacks."""
    endings = {"en": ("s", "es", "ly"), "nl": ("s", "en", "e"), "de": ("s", "n", "en", "e", "es")}.get(language, ())
    stems = (word[: -len(ending)] for ending in endings if word.endswith(ending))
    return any(len(stem) > SHORTEST and is_in_dictionary(stem, language) for stem in stems)


_RULES: tuple[Callable[[str, str], bool], ...] = (_british, _compound, _inflected)
