"""In which language a letter is written, as far as its most frequent words tell."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.screening.reading.words import Word

FILE = Path(__file__).with_name("frequent.toml")
FEWEST = 5  # words; fewer tell nothing
LEAST = 0.15  # of the words are among the most frequent of their language
APART = 0.85  # what the second language may have of the first one's

NAMES: dict[str, str | Promise] = {
    "ar": _("Arabic"),
    "de": _("German"),
    "en": _("English"),
    "es": _("Spanish"),
    "eu": _("Basque"),
    "fa": _("Persian"),
    "fr": _("French"),
    "it": _("Italian"),
    "lv": _("Latvian"),
    "nl": _("Dutch"),
    "pt": _("Portuguese"),
    "ru": _("Russian"),
}


@cache
def frequent() -> dict[str, frozenset[str]]:
    """The most frequent words of each language."""
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {language: frozenset(text.split()) for language, text in lists.items()}


def recognise(found: list[Word]) -> str:
    """Two letters, or nothing when no language stands out."""
    if len(found) < FEWEST:
        return ""
    plain = [word.plain for word in found]
    shares = {language: sum(word in known for word in plain) / len(plain) for language, known in frequent().items()}
    second, first = sorted(shares, key=lambda language: shares[language])[-2:]
    if shares[first] < LEAST or shares[second] > APART * shares[first]:
        return ""
    return first
