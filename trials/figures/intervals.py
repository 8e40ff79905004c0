"""How sure a figure is: the interval that holds the true value in about 95 of 100 such weeks.

For a share of n answers or tickets: E. B. Wilson, Probable inference, the law of succession, and statistical
inference, Journal of the American Statistical Association 22 (1927), 209-212. It stays between 0 and 100 % and keeps
its promise for the small n of a week, where the textbook's "p plus or minus" does not (Brown, Cai and DasGupta,
Interval estimation for a binomial proportion, Statistical Science 16 (2001), 101-133).

For a mean whose spread is known: mean +- 1.96 s / sqrt(n). For anything else there is none, and pages say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from trials.figures.metrics import PERCENT, PROPORTIONS

Z = 1.96  # of the standard normal distribution, for 95 of 100
WHOLE = 100.0


@dataclass(frozen=True)
class Interval:
    """From where to where, in the unit of the figure."""

    low: float
    high: float


def of(metric: str, value: float, n: int | None, spread: float | None) -> Interval | None:
    """The interval of a figure, or None where nothing tells how sure it is.

    Args:
        metric: one of `metrics.Metric`.
        value: in its unit; shares and scores in per cent.
        n: how many cases it stands on, None where nobody knows.
        spread: standard deviation of the cases, in the same unit; None where nobody knows.
    """
    if metric in PROPORTIONS:
        return wilson(value, n) if n and 0 <= value <= WHOLE else None
    if not n or n < 2 or spread is None:
        return None
    half = Z * spread / sqrt(n)
    return Interval(max(value - half, 0.0), min(value + half, WHOLE) if metric in PERCENT else value + half)


def wilson(percent: float, n: int) -> Interval:
    """Wilson's score interval of a share.

    Args:
        percent: the share, 0 to 100.
        n: of how many, 1 or more.
    """
    share, square = percent / WHOLE, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return Interval(WHOLE * max(middle - half, 0.0), WHOLE * min(middle + half, 1.0))
