"""Public holidays of countries and regions, read by a child process: the library stays out of ours.

Importing it costs 14 MB and half a second; what is kept here of a country is the dates of some years.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

YEARS = 5  # read at once
CHILD = Path(__file__).with_name("child.py")
CHILD_TAKES = 30.0  # seconds at most
logger = logging.getLogger(__name__)


class Silent(Exception):
    """The child gave no answer."""


def is_holiday(country: str, subdivision: str, day: date) -> bool:
    """Whether `day` is a public holiday there; a country or region that nobody knows has none."""
    if not country:
        return False
    try:
        return day.isoformat() in _holidays(country, subdivision, day.year // YEARS * YEARS)
    except Silent:
        logger.warning("Public holidays could not be read; none are kept.", exc_info=True)
        return False


@lru_cache(maxsize=1)
def subdivisions() -> dict[str, list[str]]:
    """The countries whose holidays are known, by their two letters, each with its regions.

    Raises:
        Silent: they could not be read.
    """
    return dict(_ask())


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str, year: int) -> frozenset[str]:
    return frozenset(_ask(country, subdivision, str(year), str(YEARS)))


def _ask(*question: str) -> Any:
    """
    Raises:
        Silent: it broke or took too long. That is not remembered: the next question is asked again.
    """
    try:
        command = [sys.executable, "-P", str(CHILD), *question]
        done = subprocess.run(command, capture_output=True, timeout=CHILD_TAKES, check=True)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise Silent from error
