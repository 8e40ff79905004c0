"""Fetch the calendar behind an address that somebody typed, and nothing else that our network could reach.

Every address of the host is looked at before we connect, and we connect to the very address that was looked at, so
that a name which changes its mind in between leads nowhere. Redirects are followed by the same rules.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

MOST_BYTES = 5 * 1024 * 1024
CHUNK = 64 * 1024
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
ALL_SECONDS = 30.0
MOST_REDIRECTS = 4
PORTS = {"http": 80, "https": 443}
WEBCAL = {"webcal": "https", "webcals": "https"}
TYPES = "text/calendar, text/plain;q=0.5, */*;q=0.1"
NAT64 = ipaddress.ip_network("64:ff9b::/96")

WRONG_ADDRESS = gettext_noop("This is no address of a calendar. It begins with https:// or webcal://.")
WITH_PASSWORD = gettext_noop("The address holds a name or a password. Use the private address of the calendar instead.")
UNKNOWN_HOST = gettext_noop("There is no server with this name.")
OWN_NETWORK = gettext_noop("The address leads into a private network, where we do not look.")
TOO_MANY_REDIRECTS = gettext_noop("The address leads on and on to others.")
UNSAFE_REDIRECT = gettext_noop("The address leads on to one without encryption.")
TOO_LARGE = gettext_noop("The calendar is larger than 5 MB.")
TOO_SLOW = gettext_noop("The server took too long.")
UNREACHABLE = gettext_noop("The server cannot be reached.")
NOT_TRUSTED = gettext_noop("The server cannot prove who it is: its certificate is not valid.")
NOT_THERE = gettext_noop("The server says that there is no calendar at this address (any more).")
NOT_ALLOWED = gettext_noop("The server does not let us read it. Is it the private address of the calendar?")
NOT_GIVEN = gettext_noop("The server answered, but gave no calendar.")


class NotFetched(Exception):
    """There is no calendar to be had; `str()` is one of the sentences above, not yet translated."""


@dataclass(frozen=True)
class Place:
    """Where to connect: the parts of the address, and the one network address that was looked at."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def fetch(url: str, into: IO[bytes]) -> None:
    """Write what lies behind `url` to `into`.

    Args:
        url: http(s) or webcal, typed by anybody.
        into: an empty file.

    Raises:
        NotFetched: it is no such address, leads where we do not look, or gives no calendar; at most after
            `ALL_SECONDS`.
    """
    with _time_limit() as clock:
        for _number in range(MOST_REDIRECTS + 1):
            further = _visit(place_of(url), into, clock)
            if not further:
                return
            url = _followed(url, further)
    raise NotFetched(TOO_MANY_REDIRECTS)


def place_of(url: str) -> Place:
    """Read the address and look its host up.

    Raises:
        NotFetched: not an address of a calendar, or one of its hosts' addresses is not for us.
    """
    scheme, host, port, path = read(url)
    return Place(scheme, host, port, path, _address(host, port))


def read(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address, without asking anybody who that host is.

    Raises:
        NotFetched: not an address of a calendar, or one that stands for a machine where we do not look.
    """
    parts, port = _parts(url)
    scheme, host = WEBCAL.get(parts.scheme, parts.scheme), parts.hostname
    if scheme not in PORTS or not host or port == 0:
        raise NotFetched(WRONG_ADDRESS)
    if parts.username or parts.password:
        raise NotFetched(WITH_PASSWORD)
    with suppress(ValueError):  # most hosts are names
        if not may_visit(host, own_network=settings.CALENDARS_IN_OWN_NETWORK):
            raise NotFetched(OWN_NETWORK)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return scheme, host, port or PORTS[scheme], path


def may_visit(address: str, *, own_network: bool) -> bool:
    """Whether we connect to this network address. What serves machines about themselves (link-local) is never visited;
    private and loopback ones are where the installation says so."""
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None)
        if number in NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            return may_visit(str(inner), own_network=own_network)
    if number.is_loopback:  # counted among the reserved ones as well
        return own_network
    if number.is_link_local or number.is_multicast or number.is_unspecified or number.is_reserved:
        return False
    return number.is_global or (own_network and number.is_private)


class _Clock:
    """Ends the conversation from outside when its time is up, however slowly the other side talks."""

    def __init__(self) -> None:
        self.is_late = False
        self._socket: socket.socket | None = None

    def watch(self, connection: HTTPConnection) -> None:
        self._socket = connection.sock
        if self.is_late:
            self.ring()

    def ring(self) -> None:
        self.is_late = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def _time_limit() -> Iterator[_Clock]:
    clock = _Clock()
    timer = threading.Timer(ALL_SECONDS, clock.ring)
    timer.daemon = True
    timer.start()
    try:
        yield clock
    finally:
        timer.cancel()


def _parts(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        if not (url.isascii() and url.isprintable()) or " " in url:
            raise NotFetched(WRONG_ADDRESS)
        return parts, parts.port
    except ValueError as error:  # a port that is none, an address that is none
        raise NotFetched(WRONG_ADDRESS) from error


def _address(host: str, port: int) -> str:
    """The network address to connect to, once all that the name stands for may be visited."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(UNKNOWN_HOST) from error
    addresses = [str(one[4][0]) for one in found]
    if not all(may_visit(one, own_network=settings.CALENDARS_IN_OWN_NETWORK) for one in addresses):
        raise NotFetched(OWN_NETWORK)
    return addresses[0]


def _followed(url: str, further: str) -> str:
    """Where a redirect leads; never from an encrypted address to one that is not."""
    target = urljoin(url.replace("webcal", "https", 1) if url.startswith("webcal") else url, further)
    if not url.startswith("http:") and target.startswith("http:"):
        raise NotFetched(UNSAFE_REDIRECT)
    return target


def _visit(place: Place, into: IO[bytes], clock: _Clock) -> str:
    """Read the answer into `into`; where it is a redirect, give its target instead."""
    connection = _connection(place)
    try:
        connection.connect()
        clock.watch(connection)
        connection.timeout = READ_SECONDS
        if connection.sock is not None:
            connection.sock.settimeout(READ_SECONDS)
        connection.request("GET", place.path, headers=_headers(place), preload_content=False)
        with closing(connection.getresponse()) as response:
            further = response.get_redirect_location() or ""
            if not further:
                _check_status(response.status)
                _keep(response, into)
        if clock.is_late:  # an answer that was broken off may look like one that ended
            raise NotFetched(TOO_SLOW)
        return str(further)
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise NotFetched(_reason(error, clock)) from error
    finally:
        connection.close()


def _connection(place: Place) -> HTTPConnection:
    if place.scheme == "http":
        return HTTPConnection(place.address, place.port, timeout=CONNECT_SECONDS)
    return HTTPSConnection(
        place.address,
        place.port,
        timeout=CONNECT_SECONDS,
        ssl_context=ssl.create_default_context(),
        server_hostname=place.host,
        assert_hostname=place.host,
    )


def _headers(place: Place) -> dict[str, str]:
    host = f"[{place.host}]" if ":" in place.host else place.host
    named = host if place.port == PORTS[place.scheme] else f"{host}:{place.port}"
    return {"Host": named, "Accept": TYPES, "Accept-Encoding": "identity", "User-Agent": "Rapport"}


def _check_status(status: int) -> None:
    if status in (404, 410):
        raise NotFetched(NOT_THERE)
    if status in (401, 403):
        raise NotFetched(NOT_ALLOWED)
    if status != 200:
        raise NotFetched(NOT_GIVEN)


def _keep(response: BaseHTTPResponse, into: IO[bytes]) -> None:
    size = 0
    while chunk := response.read(CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise NotFetched(TOO_LARGE)
        into.write(chunk)


def _reason(error: Exception, clock: _Clock) -> str:
    if clock.is_late or isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return TOO_SLOW
    if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(error):
        return NOT_TRUSTED
    return UNREACHABLE
