"""Names of other companies in a letter: perhaps it was written for somebody else. A hint to check, no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from functools import cache
from zoneinfo import available_timezones

from candidates.screening.reading import lists
from candidates.screening.reading.phrases import Span

MOST = 8
BEFORE = 60  # characters that tell whether an employer of the past is meant

_NAME = r"[^\W\d_a-z][\w&’'.+-]*"
_ROW = rf"{_NAME}(?:\s(?:(?:&|of|de|van|und|and|en|et)\s)?{_NAME}){{0,3}}"
# Words after which the name of an employer may stand; by language, because “en” is French and Spanish for “in”.
_TRIGGERS = {
    "en": r"at|for|join|joining|with|within",
    "de": r"bei|für",
    "nl": r"bij|voor",
    "fr": r"chez|pour|rejoindre",
    "es": r"en|para",
    "it": r"presso|da|per",
    "pt": r"na|no|para",
}
_FORMS = (
    r"Inc|Ltd|Limited|LLC|LLP|plc|PLC|Corp|GmbH|AG|KG|SE|UG|B\.?V|N\.?V|S\.?A|SARL|SAS|S\.?L|S\.?r\.?l|"
    r"S\.?p\.?A|Oy|AB|A/S|ApS|Lda|Kft|s\.r\.o|Sp\.? z o\.?o"
)
_WITH_FORM = re.compile(rf"(?<!\w)({_ROW},?\s(?:{_FORMS})\b\.?)")
_DEAR_TEAM = re.compile(
    rf"(?i:dear|beste|liebes|hello|hi|cher|chère)\s({_ROW})(?:['’]s)?[\s-](?i:team|crew|recruiters?)\b"
)
# What the letter tells of its writer's past, or of a life beside work.
_PAST = re.compile(
    r"\b(work(ed|ing)|was|were|been|years?|months?|weeks?|time|previous(ly)?|former(ly)?|current(ly)?|studied|degree|"
    r"volunteer\w*|employed|shifts?|job|jobs|desk|counter|learn\w*|since|experience|left|came|trained|intern\w*|"
    r"spent|last|served|answered|handled|gearbeitet|arbeite(te)?|war|jahren?|zeit|früher|derzeit|aktuell|studier\w*|"
    r"werk(te|te|en)?|gewerkt|jaar|jaren|tijd|voorheen|momenteel|stage|travaill\w+|ans|étais|expérience|actuellement|"
    r"trabaj\w+|años|trabalh\w+|anos|lavor\w+|anni)\b",
    re.IGNORECASE,
)
# They wish to come to the company that is named: that is what a letter meant for another one says.
_WISH = re.compile(
    r"\b(appl(y|ying|ication)|position|role|vacancy|opening|join(ing)?|want|like|love|dream|hope|excited|"
    r"interested|become|bewerb\w*|stelle|möchte|solliciteer|sollicitatie|graag|vacature|postul\w+|candidature|poste|"
    r"puesto|candidatura|vaga)\b",
    re.IGNORECASE,
)
_NO_COMPANY = lists.read("no_company")


def others(
    text: str, language: str, *, own: Iterable[str], places: Iterable[str], is_word: Callable[[str], bool]
) -> list[tuple[str, Span]]:
    """Names that look like another company's, each once with its first place.

    Args:
        text: the letter.
        language: two letters, or nothing when it is not known.
        own: names of ours: company, products, team, title of the job.
        places: towns and countries.
        is_word: whether a small word is an ordinary one.
    """
    known = _known(own) | _known(places) | _towns() | _NO_COMPANY
    found: dict[str, Span] = {}
    for start, end in sorted({*_by_form(text), *_by_greeting(text), *_by_trigger(text, language, is_word)}):
        name = text[start:end].strip(" ,.'’")
        if not _is_ours(name, known) and name not in found:
            found[name] = (start, start + len(name))
    return list(found.items())[:MOST]


def _by_form(text: str) -> list[Span]:
    return [found.span(1) for found in _WITH_FORM.finditer(text) if not _is_past(text, found.start(1), found.end(1))]


def _by_greeting(text: str) -> list[Span]:
    return [found.span(1) for found in _DEAR_TEAM.finditer(text)]


def _by_trigger(text: str, language: str, is_word: Callable[[str], bool]) -> list[Span]:
    """Names after “at”, “bei”, “chez”; a name that is an ordinary word counts where somebody wishes to work there."""
    if language not in _TRIGGERS:
        return []
    trigger = re.compile(rf"(?<!\w)(?i:{_TRIGGERS[language]})\s({_ROW})")
    spans = []
    for found in trigger.finditer(text):
        start, end = found.span(1)
        if _is_past(text, start, end):
            continue
        if not _is_ordinary(found[1], is_word) or (language != "de" and _wishes(text, start)):
            spans.append((start, end))
    return spans


def _is_past(text: str, start: int, end: int) -> bool:
    """Whether the sentence tells of an employer of the past; a wish beside it says the opposite."""
    return bool(_PAST.search(_sentence(text, start, end))) and not _wishes(text, start)


def _wishes(text: str, start: int) -> bool:
    before = re.split(r"[.!?\n]", text[max(start - BEFORE, 0) : start])[-1]
    return bool(_WISH.search(before)) and not _PAST.search(before)


def _sentence(text: str, start: int, end: int) -> str:
    before = re.split(r"[.!?\n]", text[max(start - 2 * BEFORE, 0) : start])[-1]
    return before + re.split(r"[.!?\n]", text[end : end + BEFORE])[0]


def _is_ordinary(name: str, is_word: Callable[[str], bool]) -> bool:
    return all(is_word(part.lower()) for part in re.split(r"[\s'’.&-]+", name) if part)


def _is_ours(name: str, known: Set[str]) -> bool:
    """Whether all of the name is ours, a place, or no name of a company."""
    parts = [part for part in re.split(r"[\s'’.,&-]+", name.lower()) if len(part) > 1 or part.isdigit()]
    return not parts or parts[0] in known or all(part in known for part in parts)


def _known(names: Iterable[str]) -> set[str]:
    return {part for name in names for part in re.split(r"[\s'’.,&-]+", name.lower()) if part}


@cache
def _towns() -> frozenset[str]:
    """Towns by which time zones are named: well-known ones at no cost."""
    return frozenset(_known(zone.rpartition("/")[2].replace("_", " ") for zone in available_timezones()))
