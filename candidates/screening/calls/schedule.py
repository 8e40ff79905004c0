"""The times that follow from “weekdays from nine to twelve, a quarter of an hour each”, also when clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST = 200  # times at once


@dataclass(frozen=True)
class Offer:
    """What a colleague offers, by the clock on their wall.

    `minutes` and `gap` are minutes; `weekdays` has 0 for Monday.
    """

    first: date
    last: date
    weekdays: frozenset[int]
    begins: time
    ends: time
    minutes: int
    gap: int
    zone: ZoneInfo


def times(offer: Offer, *, after: datetime) -> list[tuple[datetime, datetime]]:
    """Begin and end of each call in UTC; only those that begin later than `after`."""
    found = []
    for begins in _begins(offer):
        if begins is not None and begins > after:
            found.append((begins, begins + timedelta(minutes=offer.minutes)))
    return found[:MOST]


def _begins(offer: Offer) -> Iterator[datetime | None]:
    for number in range((offer.last - offer.first).days + 1):
        day = offer.first + timedelta(days=number)
        if day.weekday() in offer.weekdays:
            yield from (_real(wall, offer.zone) for wall in _on_the_wall(offer, day))


def _on_the_wall(offer: Offer, day: date) -> Iterator[datetime]:
    wall, end = datetime.combine(day, offer.begins), datetime.combine(day, offer.ends)
    while wall + timedelta(minutes=offer.minutes) <= end:
        yield wall
        wall += timedelta(minutes=offer.minutes + offer.gap)


def _real(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant; None for a time that the clocks leap over. Of an hour that comes twice it is the first."""
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None
