"""What a process remembers of the company between pages: every page and mail shows it, it seldom changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar, cast

SECONDS = 5.0
T = TypeVar("T")
_kept: tuple[float, object] | None = None


def remember(read: Callable[[], T]) -> T:
    """What `read` gave within the last seconds, or gives now."""
    global _kept
    if _kept is None or time.monotonic() > _kept[0]:
        _kept = time.monotonic() + SECONDS, read()
    return cast(T, _kept[1])


def forget() -> None:
    """Read anew the next time."""
    global _kept
    _kept = None
