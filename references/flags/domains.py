"""Whether a mail address could be one of a company: hints for a person, tolerant of how companies name themselves."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SECOND_LEVEL = {"ac", "co", "com", "edu", "gob", "gov", "gouv", "govt", "ne", "net", "nhs", "or", "org", "plc", "sch"}
HOSTS = {"mail", "email", "mx", "smtp", "www", "office", "info", "intern", "corp", "exchange"}  # of any company
ACRONYM = 3  # letters at least
SIGNIFICANT = 4  # letters of a word that may stand for the whole name
ALIKE = 0.8  # of two names; 1 is equal
LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "aa", "ł": "l", "đ": "d"}


def domain(email: str) -> str:
    """The domain of a mail address, in small letters, with letters in place of punycode."""
    told = email.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return told.encode("ascii").decode("idna")
    except UnicodeError:
        return told


def is_free(domain: str) -> bool:
    """Whether anybody can have an address there."""
    domains, names = _free()
    return registrable(domain) in domains or domain in domains or name(domain) in names


def registrable(domain: str) -> str:
    """The part of a domain that somebody registered: "support.former.co.uk" is "former.co.uk"."""
    labels = domain.split(".")
    many = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    return ".".join(labels[-many:])


def name(domain: str) -> str:
    """Its name, without country or kind: "former"."""
    return registrable(domain).partition(".")[0]


@dataclass(frozen=True)
class _Name:
    """A company's name: the words that tell it from others, and the first letters of them and of all its words."""

    words: list[str]
    initials: set[str]

    @property
    def spoken(self) -> str:
        """As one word."""
        return "".join(self.words)


def is_like(domain: str, company: str) -> bool:
    """Whether `domain` may well be the company's. Where it cannot be told, for example in another script, it may."""
    known = _name(company)
    if not known.words:
        return True
    own = name(domain)
    labels = [label for label in domain.split(".")[:-1] if label == own or label not in SECOND_LEVEL | HOSTS]
    return any(_matches(told, known) for label in labels if label for told in _spellings(label))


def _matches(label: str, known: _Name) -> bool:
    parts = [part for part in re.split(r"[^a-z0-9]+", label) if part]
    plain = "".join(parts)
    return (
        not plain
        or _contain(plain, known.spoken)
        or _share(parts, plain, known.words)
        or bool(known.initials & {plain, *parts})
        or SequenceMatcher(None, plain, known.spoken).ratio() >= ALIKE
    )


def _contain(plain: str, spoken: str) -> bool:
    return (len(plain) >= ACRONYM and plain in spoken) or (len(spoken) >= ACRONYM and spoken in plain)


def _share(parts: list[str], plain: str, words: list[str]) -> bool:
    """Whether one telling word stands in both."""
    return any(word in parts or (len(word) >= SIGNIFICANT and word in plain) for word in words if len(word) > 1)


def _name(company: str) -> _Name:
    """A company's name taken apart; where every word is one that many share, all of them tell."""
    told = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", company.lower())  # B.V., S.A.
    found = re.findall(r"[a-z0-9]+", _spellings(told)[0])
    words = [word for word in found if word not in _forms()] or found
    initials = {"".join(word[0] for word in some) for some in (words, found)}
    return _Name(words, {letters for letters in initials if len(letters) >= ACRONYM})


def _spellings(text: str) -> list[str]:
    """A name in plain letters: Müller is written mueller, and muller."""
    long = "".join(LETTERS.get(letter, letter) for letter in text.lower())
    return [_plain(long), _plain(text.lower())]


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


@cache
def _free() -> tuple[frozenset[str], frozenset[str]]:
    """The domains of the list, and the names that count in every country."""
    told = _read("free_mail.txt")
    return frozenset(one for one in told if "." in one), frozenset(one for one in told if "." not in one)


@cache
def _forms() -> frozenset[str]:
    """How companies end, or what many of their names share: it tells none of them apart."""
    return frozenset(word for line in _read("company_forms.txt") for word in line.split())


def _read(name: str) -> list[str]:
    lines = [line.strip() for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]
