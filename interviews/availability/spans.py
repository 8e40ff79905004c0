"""Arithmetic with spans of time. A list of spans that came out of here is in order, and no two of it touch.

A span holds its beginning and not its end, so that one may begin when another ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def union(spans: Iterable[Span]) -> list[Span]:
    """What lies in any of `spans`; empty and backward ones count for nothing."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What lies in `spans` and in none of `taken`."""
    left: list[Span] = []
    gone, position = union(taken), 0
    for start, end in union(spans):
        while position < len(gone) and gone[position][1] <= start:
            position += 1
        left += _cut(start, end, gone, position)
    return left


def common(first: Iterable[Span], second: Iterable[Span]) -> list[Span]:
    """What lies in both."""
    ours, theirs, shared = union(first), union(second), []
    here = there = 0
    while here < len(ours) and there < len(theirs):
        start = max(ours[here][0], theirs[there][0])
        end = min(ours[here][1], theirs[there][1])
        if start < end:
            shared.append((start, end))
        if ours[here][1] <= theirs[there][1]:
            here += 1
        else:
            there += 1
    return shared


def widened(spans: Iterable[Span], by: timedelta) -> list[Span]:
    """Each span with `by` more on both sides."""
    return [(start - by, end + by) for start, end in spans]


def _cut(start: datetime, end: datetime, gone: list[Span], position: int) -> list[Span]:
    """The span from `start` to `end` without those of `gone` from `position` on."""
    left: list[Span] = []
    while position < len(gone) and gone[position][0] < end:
        if start < gone[position][0]:
            left.append((start, gone[position][0]))
        start = gone[position][1]
        position += 1
    if start < end:
        left.append((start, end))
    return left
