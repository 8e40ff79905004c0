"""Lists of words, read from `lists.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("lists.toml")


@cache
def _all() -> dict[str, str]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def read(name: str) -> frozenset[str]:
    """The words of the list `name`."""
    return frozenset(_all()[name].split())
