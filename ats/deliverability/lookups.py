"""Asking the domain name system. Whatever goes wrong is one of two things: nothing there, or nobody knows now."""

from __future__ import annotations

import time
from typing import Any, Protocol

import dns.exception
import dns.name
import dns.resolver

SECONDS = 2.0  # for one question
SECONDS_IN_ALL = 20.0  # for a whole page of them
MOST_ANSWERS = 50


class Unknown(Exception):
    """No answer: the servers of the domain are away or refuse; it may be different in a minute."""


class Resolver(Protocol):
    """What the checks ask: nothing for a name that does not exist, `Unknown` where nobody answers."""

    def txt(self, name: str) -> list[str]:
        """The texts, each whole."""

    def mx(self, name: str) -> list[str]:
        """The names of the servers that take mail, the first choice first."""

    def addresses(self, name: str) -> list[str]:
        """IPv4 and IPv6 addresses."""


class Dns:
    """The real one. Each question has two seconds, all together twenty."""

    def __init__(self) -> None:
        self._resolver = dns.resolver.Resolver()
        self._resolver.timeout = self._resolver.lifetime = SECONDS
        self._until = time.monotonic() + SECONDS_IN_ALL

    def txt(self, name: str) -> list[str]:
        """As `Resolver`: long texts come in pieces, which belong together without a space."""
        return [b"".join(one.strings).decode("utf-8", "replace") for one in self._ask(name, "TXT")]

    def mx(self, name: str) -> list[str]:
        """As `Resolver`."""
        found = sorted(self._ask(name, "MX"), key=lambda one: (one.preference, str(one.exchange)))
        return [str(one.exchange).rstrip(".").lower() for one in found]

    def addresses(self, name: str) -> list[str]:
        """As `Resolver`."""
        return [one.address for kind in ("A", "AAAA") for one in self._ask(name, kind)]

    def _ask(self, name: str, kind: str) -> list[Any]:
        if time.monotonic() > self._until:
            raise Unknown
        try:
            return list(self._resolver.resolve(name, kind, search=False))[:MOST_ANSWERS]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Unknown from error
