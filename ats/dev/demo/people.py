"""Who applies, and whom they name as referees."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any

from ats.dev.demo import words

SPECIAL = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "ø": "o", "đ": "d", " ": "."})


@dataclass(frozen=True)
class Person:
    """Somebody with a name and an address of their own."""

    name: str
    email: str
    phone: str
    zone: str


class Crowd:
    """Gives new people, nobody twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._seen: set[str] = set()

    def next(self) -> Person:
        """Somebody who was not there before."""
        while True:
            person = self._draw()
            if person.email not in self._seen:
                self._seen.add(person.email)
                return person

    def skip(self, emails: set[str]) -> None:
        """Take these addresses as used."""
        self._seen |= emails

    def _draw(self) -> Person:
        region: dict[str, Any] = self._random.choice(words.read("people")["region"])
        name = f"{self._random.choice(region['first'])} {self._random.choice(region['last'])}"
        phone = f"{region['phone']}{self._random.randint(0, 999):03d}"
        return Person(name, address(name), phone, self._random.choice(region["zones"]))


def address(name: str) -> str:
    """The mail address of somebody of this name."""
    return f"{plain(name).lower().translate(SPECIAL)}@example.org"


def at_work(person: Person, company: str) -> str:
    """The address that somebody has at their company."""
    domain = "".join(char for char in plain(company).lower() if char.isalnum())
    return f"{person.email.partition('@')[0]}@{domain}.example"


def plain(text: str) -> str:
    """`text` in letters that every font and mail server has."""
    apart = unicodedata.normalize("NFKD", text.translate(SPECIAL | {ord(" "): " "}))
    return "".join(char for char in apart if not unicodedata.combining(char))
