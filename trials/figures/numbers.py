"""Numbers as help desks write them: decimal commas, thousands, percentages as text, times on a clock or in words."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

EMPTY = {"", "-", "–", "—", "--", "n/a", "na", "null", "none", "nan", "(null)", "no data"}
LONGEST = 60  # characters of a cell that may be a number
MOST_COUNT = 2_147_483_647
MOST_SECONDS = 10 * 365 * 24 * 3600
SPACES = str.maketrans("", "", " '\u00a0\u2009\u202f\u2019")  # as written between thousands
FOUR_PLACES = Decimal("0.0001")
GROUPED = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{3})+")
PLAIN = re.compile(r"-?[0-9]+(?:[.,][0-9]+)*")
CLOCK = re.compile(r"(?:([0-9]+) ?(?:d|days?),? *)?([0-9]+):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?")
WORD = re.compile(r"([0-9]+(?:[.,][0-9]+)?) ?(d|h|m|s|days?|hrs?|hours?|mins?|minutes?|secs?|seconds?)(?![a-z])")
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
BY_LETTER = {"d": 86400, "h": 3600, "m": 60, "s": 1}


class Unreadable(Exception):
    """What stands in a cell cannot be taken; `str()` says why, for people."""


def is_empty(cell: str) -> bool:
    """Whether the cell tells nothing."""
    return cell.casefold() in EMPTY


def number(cell: str, decimal: str) -> Decimal:
    """The number in `cell`.

    Args:
        cell: without spaces around it.
        decimal: the sign before decimals in this file, for what can be read in two ways: "1,234".

    Raises:
        Unreadable: it is none.
    """
    text = cell.translate(SPACES).replace("−", "-").removeprefix("+")
    if len(cell) > LONGEST or not PLAIN.fullmatch(text):
        raise Unreadable(_("“%s” is no number.") % shown(cell))
    sign = decimal_sign(text) or decimal
    whole, _sign, places = text.rpartition(sign) if text.count(sign) == 1 else (text, "", "0")
    if not (places.isdigit() and (GROUPED.fullmatch(whole) or whole.removeprefix("-").isdigit())):
        raise Unreadable(_("“%s” is no number.") % shown(cell))
    return Decimal(f"{re.sub('[.,]', '', whole)}.{places}")


def decimal_sign(text: str) -> str:
    """The sign before the decimals where the number itself tells; nothing for whole numbers and for "1,234"."""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return ""
    sign, other = text[last], "," if text[last] == "." else "."
    if text.count(sign) > 1:
        return other
    whole = text[:last].removeprefix("-")
    is_open = other not in whole and len(text) - last == 4 and 0 < len(whole) < 4 and whole[0] != "0"
    return "" if is_open else sign


def count(cell: str, decimal: str) -> int:
    """How many.

    Raises:
        Unreadable: no number, not a whole one, negative, or too large.
    """
    found = number(cell, decimal)
    if found < 0:
        raise Unreadable(_("“%s” is negative.") % shown(cell))
    if found != int(found):
        raise Unreadable(_("“%s” is no whole number.") % shown(cell))
    if found > MOST_COUNT:
        raise Unreadable(_("“%s” is too large.") % shown(cell))
    return int(found)


def percentage(cell: str, decimal: str, *, is_fraction: bool) -> Decimal:
    """Per cent, 0 to 100; a sign in the cell says so whatever the column is.

    Raises:
        Unreadable: no number, or no share of a whole.
    """
    bare = cell.strip("%٪ \u00a0")
    found = number(bare, decimal)
    found = found * 100 if is_fraction and bare == cell else found
    if found < 0:
        raise Unreadable(_("“%s” is negative.") % shown(cell))
    if found > 100:
        raise Unreadable(_("“%s” is more than 100 %%.") % shown(cell))
    return found.quantize(FOUR_PLACES)


def seconds(cell: str, decimal: str, *, unit: str) -> Decimal:
    """How many seconds.

    Args:
        cell: "1:05:30", "1h 5m" or a bare number.
        decimal: see `number`.
        unit: of bare numbers, a key of `SECONDS`; "clock" when there are none.

    Raises:
        Unreadable: no time, negative, or longer than ten years.
    """
    text = cell.casefold()
    if text.startswith(("-", "−")):
        raise Unreadable(_("“%s” is negative.") % shown(cell))
    if len(text) > LONGEST:
        raise Unreadable(_("“%s” is no time.") % shown(cell))
    found = _on_a_clock(text, unit)
    if found is None:
        found = _in_words(text)
    if found is None:
        found = _bare(cell, decimal, unit)
    if found > MOST_SECONDS:
        raise Unreadable(_("“%s” is longer than ten years.") % shown(cell))
    return found


def _on_a_clock(text: str, unit: str) -> Decimal | None:
    """1:05:30; with two parts hours and minutes, but in a column of minutes minutes and seconds."""
    match = CLOCK.fullmatch(text)
    if not match:
        return None
    days, first, second, third = match.groups()
    larger, smaller = (60, 1) if third is None and unit in ("minutes", "seconds") else (3600, 60)
    return Decimal(int(days or 0) * 86400 + int(first) * larger + int(second) * smaller + int(third or 0))


def _in_words(text: str) -> Decimal | None:
    """1h 5m; 2 days 3 hrs; 45 minutes."""
    parts = WORD.findall(text)
    if not parts or WORD.sub("", text).strip(" ,") not in ("", "and"):
        return None
    return sum((Decimal(many.replace(",", ".")) * BY_LETTER[word[0]] for many, word in parts), Decimal(0))


def _bare(cell: str, decimal: str, unit: str) -> Decimal:
    try:
        found = number(cell, decimal)
    except Unreadable as error:
        raise Unreadable(_("“%s” is no time.") % shown(cell)) from error
    if unit not in SECONDS:
        raise Unreadable(_("“%s” does not say whether it is seconds, minutes or hours.") % shown(cell))
    return found * SECONDS[unit]


def shown(cell: str) -> str:
    """A cell as a reason quotes it."""
    return cell if len(cell) <= 30 else f"{cell[:29]}…"
