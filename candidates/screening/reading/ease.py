"""How easily a text reads, by the formula that was fitted for its language; told in words, because it is rough.

All are of Flesch's shape: a constant, less so much for each word of the mean sentence and for each syllable of the
mean word. Syllables are counted by hyphenation (pyphen), which is about right on average.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pyphen  # type: ignore[import-untyped]
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.screening.reading.words import Word

FEWEST = 30  # words; the formulas were fitted on samples of a hundred
BANDS: tuple[tuple[float, str | Promise], ...] = (
    (80, _("very easy to read")),
    (60, _("easy to read")),
    (40, _("rather hard to read")),
    (float("-inf"), _("hard to read")),
)


class Formula(NamedTuple):
    """The three numbers of a formula, and the hyphenation that counts its syllables."""

    constant: float
    per_word: float
    per_syllable: float
    patterns: str


FORMULAS = {
    # R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948)
    "en": Formula(206.835, 1.015, 84.6, "en_US"),
    # T. Amstad, Wie verständlich sind unsere Zeitungen?, Zürich 1978
    "de": Formula(180, 1, 58.5, "de_DE"),
    # W. H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960
    "nl": Formula(206.84, 0.93, 77, "nl_NL"),
    # L. Kandel and A. Moles, Application de l'indice de Flesch à la langue française, 1958
    "fr": Formula(207, 1.015, 73.6, "fr"),
    # F. Szigriszt Pazos, Sistemas predictivos de legibilidad del mensaje escrito, Madrid 1993
    "es": Formula(206.835, 1, 62.3, "es"),
    # V. Franchina and R. Vacca, Adaptation of Flesh readability index on a bilingual text, Linguaggi 3 (1986)
    "it": Formula(217, 1.3, 60, "it_IT"),
    # T. Martins, C. Ghiraldelo, M. Nunes, O. Oliveira, Readability formulas applied to textbooks in Brazilian
    # Portuguese, São Carlos 1996
    "pt": Formula(248.835, 1.015, 84.6, "pt_PT"),
    # I. Oborneva, Автоматизированная оценка сложности учебных текстов, Moscow 2006
    "ru": Formula(206.835, 1.3, 60.1, "ru_RU"),
}


@cache
def _patterns(name: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=name, left=1, right=1)


def syllables(word: str, language: str) -> int:
    """About how many syllables `word` has."""
    return len(_patterns(FORMULAS[language].patterns).positions(word)) + 1


def ease(found: list[Word], lengths: list[int], language: str) -> float | None:
    """The reading ease: about 0 (hard) to 100 (easy); None for a short text or a language without a formula.

    Args:
        found: the words.
        lengths: of the sentences, in words.
        language: two letters.
    """
    formula = FORMULAS.get(language)
    if formula is None or len(found) < FEWEST or not lengths:
        return None
    mean_word = sum(syllables(word.plain, language) for word in found) / len(found)
    mean_sentence = len(found) / len(lengths)
    return formula.constant - formula.per_word * mean_sentence - formula.per_syllable * mean_word


def in_words(value: float) -> str | Promise:
    """The ease as a reader says it."""
    return next(told for least, told in BANDS if value >= least)
