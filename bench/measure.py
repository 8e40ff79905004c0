"""Taking turns, medians and percentiles; and the client that asks a web server for a page."""

from __future__ import annotations

import http.client
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

WARM_UP = 6
TURNS = 30
TIMEOUT = 60
Turn = Callable[[], float]


@dataclass(frozen=True)
class Timings:
    """What one side took: milliseconds, one value a turn."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        """Half of the turns were quicker."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """95 of 100 turns were at least as quick (nearest rank)."""
        return sorted(self.values)[math.ceil(0.95 * len(self.values)) - 1]


@dataclass(frozen=True)
class Answer:
    """What a web server answered, and after how many milliseconds the last byte was there."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes
    milliseconds: float


@dataclass(frozen=True)
class Site:
    """One of the two web servers, and the cookies with which it is asked."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        public: bool = False,
    ) -> Answer:
        """Ask for `path`, by POST when there is a body; `public` leaves the cookies out.

        A connection of its own each time, as for a reader who comes once; connecting is part of the time.
        """
        sent = {"Host": "localhost", **(headers or {})}
        if self.cookies and not public:
            known = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            sent["Cookie"] = "; ".join(filter(None, [known, sent.get("Cookie")]))
        return _timed(self.port, "POST" if body is not None else "GET", path, body, sent)


def _timed(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    start = time.perf_counter()
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    milliseconds = (time.perf_counter() - start) * 1000
    return Answer(
        response.status,
        dict(response.getheaders()),
        _cookies(response),
        content,
        milliseconds,
    )


def _cookies(response: http.client.HTTPResponse) -> dict[str, str]:
    pairs = [line.partition(";")[0].partition("=") for line in response.headers.get_all("Set-Cookie") or []]
    return {name: value for name, _equals, value in pairs}


class Turns(NamedTuple):
    """Both sides, and the yardstick: a fixed piece of work in every turn, that tells how fast the machine was."""

    ours: Timings
    limit: Timings
    yard: Timings


def in_turn(ours: Turn, limit: Turn, *, turns: int = TURNS, warm_up: int = WARM_UP) -> Turns:
    """Time both sides turn by turn, so that what the machine does meanwhile meets both alike.

    Args:
        ours, limit: do the work once and return its milliseconds.
        turns: how many of each are counted.
        warm_up: how many of each are not.
    """
    rounds = [_round(ours, limit, is_ours_first=bool(turn % 2)) for turn in range(warm_up + turns)]
    return Turns(*map(Timings, zip(*rounds[warm_up:], strict=True)))


def _round(ours: Turn, limit: Turn, *, is_ours_first: bool) -> tuple[float, float, float]:
    """Who is first changes, so that neither side always runs on what the other left behind."""
    yard = timed(_yardstick)
    if is_ours_first:
        return ours(), limit(), yard
    least = limit()
    return ours(), least, yard


def _yardstick() -> int:
    return sum(len(str(number)) for number in range(20_000))


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds `work` takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of times over sizes, both as logarithms: 0 is flat, 1 is proportional (least squares)."""
    logs = [(math.log(size), math.log(took)) for size, took in zip(sizes, times, strict=True)]
    return statistics.linear_regression(*zip(*logs, strict=True)).slope
