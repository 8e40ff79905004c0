"""Ask the API of a help desk: one host, no redirects, bounds on time and size, patience where it asks for patience.

Addresses are made here out of a host that the settings name and paths that our own code names; what an answer says
about further pages is taken as numbers and marks, never as an address. Credentials stand in headers and are never part
of what is raised, logged or printed.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_noop
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from trials.figures.desks.interface import Forbidden, NotFetched

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
ALL_SECONDS = 600.0  # for everything that is asked in one go
LONGEST_WAIT = 90.0  # that we are asked for at once
SHORT_WAIT = 5.0  # where it only says that it is busy
MOST_TRIES = 6
MOST_PAGES = 2000
MOST_BYTES = 32 * 1024 * 1024  # of one answer
CHUNK = 64 * 1024
YEARS = range(2000, 2200)
HIGHEST = 10**12
LONGEST_ADDRESS = 254
BUSY = frozenset({429, 502, 503, 504})

NO_ENTRY = gettext_noop("It does not accept our credentials. Check the settings and start Rapport anew.")
NOT_ALLOWED = gettext_noop("It does not let us read this. The key must belong to an administrator of the help desk.")
NOT_THERE = gettext_noop("There is no such account. Check its name in the settings.")
LEADS_ON = gettext_noop("It leads on to another address. Check the name of the account in the settings.")
ASKED_TO_WAIT = gettext_noop("It asked us to wait for too long. We try again in an hour.")
FAILED = gettext_noop("It failed with an error of its own. We try again in an hour.")
TOO_SLOW = gettext_noop("It took too long. We try again in an hour.")
UNREACHABLE = gettext_noop("It cannot be reached. We try again in an hour.")
NOT_TRUSTED = gettext_noop("It cannot prove who it is: its certificate is not valid.")
TOO_LARGE = gettext_noop("It answered with more than we read.")
BROKEN = gettext_noop("It did not answer as its documentation says.")


@dataclass
class Api:
    """One conversation with one help desk; it ends after `seconds`.

    Args:
        base: scheme and host, without a path.
        wait: how a pause is made, given seconds.
    """

    base: str
    headers: dict[str, str] = field(repr=False)
    wait: Callable[[float], None] = field(default=time.sleep, repr=False)
    seconds: float = ALL_SECONDS
    read_seconds: float = READ_SECONDS

    def __post_init__(self) -> None:
        timeout = Timeout(connect=CONNECT_SECONDS, read=self.read_seconds)
        self._pool = PoolManager(num_pools=1, retries=False, timeout=timeout)
        self._ends = time.monotonic() + self.seconds

    def get(self, path: str, **query: Any) -> Any:
        """What lies at `path`, out of its JSON. Names with a "__" stand for brackets: page__size is page[size].

        Raises:
            NotFetched: nothing that we can read.
        """
        asked = urlencode([(_bracketed(name), value) for name, value in query.items()], doseq=True)
        return self._answer("GET", f"{path}?{asked}" if asked else path)

    def post(self, path: str, form: Mapping[str, str]) -> Any:
        """What is answered to a form, out of its JSON.

        Raises:
            NotFetched: nothing that we can read.
        """
        return self._answer("POST", path, urlencode(form).encode())

    def _answer(self, method: str, path: str, body: bytes | None = None) -> Any:
        try:
            for _number in range(MOST_TRIES):
                status, pause, content = self._once(method, path, body)
                if status not in BUSY:
                    _check(status)
                    return _read(content)
                self._pause(pause)
        except (HTTPError, OSError, ValueError, RecursionError) as error:
            raise NotFetched(_reason(error)) from error
        raise NotFetched(ASKED_TO_WAIT if status == 429 else FAILED)

    def _once(self, method: str, path: str, body: bytes | None) -> tuple[int, float, bytes]:
        """The status, how long it asks us to wait, and the content where that counts."""
        if time.monotonic() > self._ends:
            raise NotFetched(TOO_SLOW)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        headers = {"Accept": "application/json", "User-Agent": "Rapport", **kind, **self.headers}
        answer = self._pool.request(
            method, self.base + path, body=body, headers=headers, redirect=False, preload_content=False
        )
        with closing(answer):
            content = self._content(answer) if answer.status == 200 else b""
        return answer.status, _asked_pause(answer.headers), content

    def _content(self, answer: BaseHTTPResponse) -> bytes:
        content = bytearray()
        while piece := answer.read1(CHUNK, decode_content=True):
            content += piece
            if len(content) > MOST_BYTES:
                raise NotFetched(TOO_LARGE)
            if time.monotonic() > self._ends:
                raise NotFetched(TOO_SLOW)
        return bytes(content)

    def _pause(self, seconds: float) -> None:
        if seconds > LONGEST_WAIT or time.monotonic() + seconds > self._ends:
            raise NotFetched(ASKED_TO_WAIT)
        self.wait(seconds)


def listed(answer: Any, *keys: str) -> list[dict[str, Any]]:
    """The objects in a list of an answer; what is no object is left out.

    Raises:
        NotFetched: there is no such list.
    """
    found = answer
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise NotFetched(BROKEN)
    return [one for one in found if isinstance(one, dict)]


def described(answer: Any) -> dict[str, Any]:
    """An answer that is one object.

    Raises:
        NotFetched: it is something else.
    """
    if not isinstance(answer, dict):
        raise NotFetched(BROKEN)
    return answer


def part(answer: Any, key: str) -> dict[str, Any]:
    """An object within an object; an empty one where there is none."""
    found = answer.get(key) if isinstance(answer, dict) else None
    return found if isinstance(found, dict) else {}


def moment(said: Any) -> datetime | None:
    """A time of our days as APIs write it, with its zone; None where it is none."""
    if not isinstance(said, str):
        return None
    try:
        found = datetime.fromisoformat(said[:40])
    except ValueError:
        return None
    if found.year not in YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def number(said: Any) -> float | None:
    """A number; None where it is none, or one that nothing can be counted with."""
    if isinstance(said, bool) or not isinstance(said, int | float) or not abs(said) < HIGHEST:
        return None
    return float(said)


def key(said: Any) -> str:
    """The number by which somebody or something is known there, as text; empty where there is none."""
    is_known = isinstance(said, int | str) and not isinstance(said, bool) and said not in (0, "", -1)
    return words(str(said), 200) if is_known else ""


def words(said: Any, most: int) -> str:
    """A name or an address without what no page can show, cut to its length."""
    text = said if isinstance(said, str) else ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:most]


def address(said: Any) -> str:
    """A mail address in small letters; empty where it is none."""
    text = words(said, LONGEST_ADDRESS + 1).lower()
    return text if "@" in text and " " not in text and len(text) <= LONGEST_ADDRESS else ""


def _bracketed(name: str) -> str:
    first, two, second = name.partition("__")
    return f"{first}[{second}]" if two else first


def _check(status: int) -> None:
    if status == 401:
        raise NotFetched(NO_ENTRY)
    if status == 403:
        raise Forbidden(NOT_ALLOWED)
    if status in (404, 410):
        raise NotFetched(NOT_THERE)
    if 300 <= status < 400:
        raise NotFetched(LEADS_ON)
    if status != 200:
        raise NotFetched(FAILED if status >= 500 else BROKEN)


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotFetched(BROKEN) from error


def _asked_pause(headers: Mapping[str, str]) -> float:
    """Seconds, by `Retry-After` (RFC 9110, 10.2.3: a number or a date) or Help Scout's own header."""
    said = headers.get("Retry-After") or headers.get("X-RateLimit-Retry-After") or ""
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        then = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return SHORT_WAIT
    aware = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return TOO_SLOW
    if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(error):
        return NOT_TRUSTED
    return UNREACHABLE
