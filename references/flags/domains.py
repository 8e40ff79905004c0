"""Whether a mail address could be one of a company: hints for a person, tolerant of how companies name themselves."""

from __future__ import annotations

import re
import unicodedata
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


def is_like(domain: str, company: str) -> bool:
    """Whether `domain` may well be the company's. Where it cannot be told, for example in another script, it may."""
    words = _words(company)
    spoken = "".join(words)
    if not spoken:
        return True
    own = name(domain)
    labels = [label for label in domain.split(".")[:-1] if label == own or label not in SECOND_LEVEL | HOSTS]
    return any(_matches(label, words) for label in labels if label)


def _matches(label: str, words: list[str]) -> bool:
    for told in _spellings(label):
        parts = [part for part in re.split(r"[^a-z0-9]+", told) if part]
        plain, spoken = "".join(parts), "".join(words)
        if not plain:
            return True
        if _contain(plain, spoken) or _share(parts, plain, words) or _is_acronym([plain, *parts], words):
            return True
        if SequenceMatcher(None, plain, spoken).ratio() >= ALIKE:
            return True
    return False


def _contain(plain: str, spoken: str) -> bool:
    return (len(plain) >= ACRONYM and plain in spoken) or (len(spoken) >= ACRONYM and spoken in plain)


def _share(parts: list[str], plain: str, words: list[str]) -> bool:
    """Whether one telling word stands in both."""
    return any(word in parts or (len(word) >= SIGNIFICANT and word in plain) for word in words if len(word) > 1)


def _is_acronym(parts: list[str], words: list[str]) -> bool:
    initials = "".join(word[0] for word in words)
    return len(initials) >= ACRONYM and initials in parts


def _words(company: str) -> list[str]:
    """The telling words of a company's name; all of them when none is left."""
    told = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", company.lower())  # B.V., S.A.
    for spelling in _spellings(told)[:1]:
        found = re.findall(r"[a-z0-9]+", spelling)
        return [word for word in found if word not in _forms()] or found
    return []


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
