"""The child process of `almanac`: it tells all countries, or the holidays of one in some years, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import holidays


def answer(question: Sequence[str]) -> Any:
    """Of nothing: the countries with their regions; of a country, a region, a year and how many: the days."""
    if not question:
        known = holidays.list_supported_countries(include_aliases=True)
        return {code: regions for code, regions in known.items() if len(code) == 2}
    country, region, first, number = question
    years = range(int(first), int(first) + int(number))
    for subdivision in (region or None, None):  # of a region that nobody knows the country's own are kept
        try:
            found = holidays.country_holidays(country, subdiv=subdivision, years=years)
        except NotImplementedError:
            continue
        return sorted(day.isoformat() for day in found)
    return []


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(sys.argv[1:])))
