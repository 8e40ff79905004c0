"""Hiding who wrote a letter from whoever reads it: names, addresses, numbers and links give way to a mark.

A pure function over text. It would rather mask a word too many than let a name through: “Will” at the head of a
sentence goes when somebody is called Will.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from candidates.screening.reading import lists

SIGNS = "BCDFGHJKMNPQRSTVWXZ23456789"  # no vowels, so that no word appears, and nothing that looks like another
LENGTH = 4
SHORT = 2  # letters; a part of a name that is no longer stands for itself only in capitals and gets no endings
STEM = 5  # letters of a name whose last vowel may change: Petra, Petry
OWN_DIGITS = 6  # of a phone number, that give it away

PARTICLES = lists.read("particles")
COMMON = lists.read("names_that_are_words")  # in small letters they are read as words

_MAIL = r"(?<![\w.+\-%])[\w.+\-%]{1,80}\s?(?:@|\(at\)|\[at\]|＠)\s?[\w\-]{1,60}(?:\.[\w\-]{1,60}){1,5}"
_SITES = (
    r"linkedin|xing|github|gitlab|facebook|instagram|tiktok|twitter|youtube|behance|medium|mastodon|bsky|t\.me|wa\.me"
)
_LINK = (
    r"(?:https?://|www\.)[^\s<>()\[\]]+"
    rf"|(?<![\w.\-])(?:[\w\-]{{1,60}}\.){{0,4}}(?:{_SITES})(?:\.[a-z]{{2,6}})?/[^\s<>()\[\],;]+"
    r"|(?<![\w.@\-])[a-z0-9][\w\-]{0,60}(?:\.[\w\-]{1,60}){0,4}\."
    r"(?:com|org|net|io|me|dev|eu|nl|de|fr|es|it|be|uk|at|ch|info|app|site)"
    r"(?:/[^\s<>()\[\],;]*)?(?![\w])"
)
_HANDLE = r"(?<![\w@])@[\w][\w.\-]{1,40}"
_LABELLED = r"(?<=skype: )[\w.:\-]+|(?<=telegram: )[\w.\-]+|(?<=discord: )[\w.#\-]+|(?<=instagram: )[\w.\-]+"
_PHONE = r"(?<![\w])(?:\+\s?|\(?0|\(\+)\d(?:[\s().\-/–]{0,2}\d){6,14}(?!\w)"
# What languages add to a name: the genitive, and cases of Slavic and Finnic ones.
_ENDINGS = (
    r"(?:['’ʼ]?s|['’ʼ](?:s|n|lı|nın|nin|in|ın|un)?|e?n|es|a|u|y|i|e|em|om|ovi|ov|ova|ou|ová|ove|ovou|ie|ą|ę"
    r"|am|ami|ka|ko|lle|lla|lta|ssa)?"
)
_CHANGED = r"(?:y|i|e|o|u|ou|ie|em|om|ow|ovi|ej|oj|yn|in|inho|inha|ie?s|ann|[a])"
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_OTHER_SPELLING = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"}
_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ð": "d", "’": "'"})


@dataclass(frozen=True)
class Identity:
    """What tells who somebody is."""

    name: str
    email: str = ""
    phone: str = ""


class Masked(NamedTuple):
    """A text without its writer: what it reads now, where marks stand in it, and how places moved."""

    text: str
    marks: list[tuple[int, int]]
    cuts: list[tuple[int, int, int]]  # from, to in the old text; the length of what stands there now

    def moved(self, place: int) -> int:
        """Where `place` of the old text is now."""
        shift = 0
        for start, end, length in self.cuts:
            if place <= start:
                break
            if place < end:
                return start + shift + length
            shift += length - (end - start)
        return place + shift


def code_name(application: int) -> str:
    """What a reader calls the writer: the same for an application for ever, and no clue to the person."""
    digest = hashlib.sha256(f"rapport reader {application}".encode()).digest()
    code = "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:LENGTH])
    return _("Applicant %s") % code


def mask(text: str, identity: Identity) -> Masked:
    """The text with marks like [name] where it tells who wrote it."""
    folded, places = _fold(text)
    kinds = [(kind, re.compile(pattern, flags)) for kind, pattern, flags in _patterns(identity)]
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in kinds:
        for found in pattern.finditer(folded):
            start, end = places[found.start()], places[found.end() - 1] + 1
            end = _with_signs(text, end)
            if end > start:
                taken.append((start, end, kind))
    return _replaced(text, _apart(taken))


def _patterns(identity: Identity) -> Iterator[tuple[str, str, int]]:
    """What to look for, in the order of who comes first where two overlap."""
    yield _("[mail]"), _MAIL, re.IGNORECASE
    yield _("[link]"), _LINK, re.IGNORECASE
    yield _("[link]"), f"{_HANDLE}|{_LABELLED}", re.IGNORECASE
    digits = "".join(filter(str.isdigit, identity.phone))
    if len(digits) >= OWN_DIGITS:
        own = r"[\s().\-/–]{0,3}".join(digits[-8:])
        yield _("[phone]"), rf"(?:(?:\+|\(|\d)[\d\s().\-/–]{{0,12}})?{own}", 0
    yield _("[phone]"), _PHONE, 0
    login = identity.email.partition("@")[0]
    if len(login) > STEM:
        yield _("[name]"), rf"(?<!\w){re.escape(login)}(?!\w)", re.IGNORECASE
    for pattern, flags in _names(identity.name):
        yield _("[name]"), pattern, flags


def _names(name: str) -> Iterator[tuple[str, int]]:
    """The whole name, its parts, their other spellings; each as a word of its own."""
    for spelled in _spellings(unicodedata.normalize("NFC", name)):
        plain = _fold(spelled)[0]
        parts = [part for part in re.split(r"[\s.,]+", plain) if part]
        if not parts:
            continue
        joined = r"[\s.,\-_]*".join(map(re.escape, parts))
        yield rf"(?<!\w){joined}{_ENDINGS}(?!\w)", re.IGNORECASE
        if len(parts) > 1:
            turned = [rf"{re.escape(last)},?[\s\-_]{{1,2}}{re.escape(first)}" for first, last in _cased(parts)]
            yield rf"(?<!\w)(?:{'|'.join(turned)})(?!\w)", 0
        for part in _parts(parts):
            yield from _part(part)
        yield from _initials(parts)


def _cased(parts: list[str]) -> list[tuple[str, str]]:
    """First and last name as written, and in capitals."""
    return [(parts[0], parts[-1]), (parts[0].upper(), parts[-1].upper())]


def _spellings(name: str) -> list[str]:
    """Müller is Mueller, too."""
    other = "".join(_spelled_out(sign) for sign in name)
    return [name, other] if other != name else [name]


def _spelled_out(sign: str) -> str:
    small = _OTHER_SPELLING.get(sign.lower())
    return sign if small is None else small.capitalize() if sign.isupper() else small


def _parts(parts: list[str]) -> list[str]:
    """First and last names, and those within double ones; particles like “de” only tell with the rest."""
    within = [piece for part in parts for piece in re.split(r"[-'‐]", part)]
    found = {part for part in [*parts, *within] if len(part.strip(".")) > 1}
    telling = [part for part in found if len(parts) == 1 or part not in PARTICLES]
    return sorted(telling, key=len, reverse=True)


def _part(part: str) -> Iterator[tuple[str, int]]:
    """One name by itself: as written in a name, in capitals; in small letters only where no case is known."""
    if _UNSPACED.search(part):
        yield re.escape(part), 0
        return
    if _ARABIC.search(part):
        yield rf"(?<!\w)(?:[وفبلك]{{0,2}}|ال){re.escape(part)}(?!\w)", 0
        return
    head = part[:1].upper() + part[1:].lower()
    forms = "|".join(map(re.escape, dict.fromkeys((part if not part.islower() else head, head, part.upper()))))
    if len(part) <= SHORT:
        yield rf"(?<![\w])(?:{forms})(?:['’]s?)?(?!\w)", 0
        return
    yield rf"(?<!\w)(?:{forms})(?:{_ENDINGS}|['’]?S)(?!\w)", 0
    if len(part) >= STEM and part[-1].lower() in "aeiou":
        yield rf"(?<!\w)(?:{re.escape(head[:-1])}){_CHANGED}(?!\w)", 0
    small = re.escape(part.lower())
    yield rf"(?:(?<=i am )|(?<=i'm )|(?<=name is )|(?<=\n)){small}(?=\s*(?:\n|$|[.,!]))", re.IGNORECASE
    if part.lower() not in COMMON:
        yield rf"(?<!\w){small}(?:['’]?s)?(?!\w)", re.IGNORECASE


def _initials(parts: list[str]) -> Iterator[tuple[str, int]]:
    """C. Candidate, Cara C., C.C."""
    if len(parts) < 2 or not (parts[0][:1].isalpha() and parts[-1][:1].isalpha()):
        return
    first, last = re.escape(parts[0]), re.escape(parts[-1])
    a, z = re.escape(parts[0][0].upper()), re.escape(parts[-1][0].upper())
    yield rf"(?<!\w)(?:[^\W\d_]\.?\s?){{1,3}}(?<!\w{{2}}){last}(?!\w)", 0
    yield rf"(?<!\w){first}\s{z}\.?(?!\w)", 0
    yield rf"(?<!\w){a}\.\s?(?:[^\W\d_]\.\s?)?{z}\.", 0


def _fold(text: str) -> tuple[str, list[int]]:
    """The text without accents, and for each of its signs the place in the original; case is kept."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFD", sign) if ord(sign) > 127 else sign:
            if not unicodedata.combining(plain):
                signs.append(plain)
                places.append(place)
    return "".join(signs).translate(_PLAIN), places


def _with_signs(text: str, end: int) -> int:
    """Accents that were typed as signs of their own belong to the letter before them."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _apart(taken: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Without overlaps: what begins first keeps its kind and takes in the rest."""
    found: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(taken, key=lambda one: (one[0], -one[1])):
        if found and start < found[-1][1]:
            first, last, said = found.pop()
            found.append((first, max(last, end), said))
        else:
            found.append((start, end, kind))
    return found


def _replaced(text: str, taken: list[tuple[int, int, str]]) -> Masked:
    pieces: list[str] = []
    marks: list[tuple[int, int, str]] = []
    cuts: list[tuple[int, int, int]] = []
    done = length = 0
    for start, end, kind in taken:
        if marks and kind == marks[-1][2] and start - done <= 1 and text[done:start] in ("", " "):
            first, _last, new = cuts[-1]
            cuts[-1] = (first, end, new)  # two parts of one name side by side are one mark
            done = end
            continue
        pieces += [text[done:start], kind]
        length += start - done
        marks.append((length, length + len(kind), kind))
        length += len(kind)
        cuts.append((start, end, len(kind)))
        done = end
    pieces.append(text[done:])
    return Masked("".join(pieces), [(start, end) for start, end, _kind in marks], cuts)
