"""Krippendorff's alpha with a bootstrap interval. Numbers alone: what they are about stands in `units`.

Alpha is 1 - (observed disagreement / disagreement expected by chance); 1 is perfect, 0 is what chance gives, below 0
is systematic disagreement. It takes any number of raters and missing ratings, so panels of two and of three compare.

The value is the library's. The interval is the percentile bootstrap over units: units are drawn again with
replacement, a thousand times, and the middle 95 % of the alphas kept. As units with the same scores contribute the
same, their patterns are drawn (multinomially) and all draws computed at once, by the library's formula; a test
compares the two.

Only worker processes may import this module: numpy would cost each web process thirty megabytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import krippendorff
import numpy as np

Level = Literal["ordinal", "nominal"]
DRAWS = 1000
SEED = 20_300_107
MIDDLE = (2.5, 97.5)  # percentiles


@dataclass(frozen=True)
class Agreement:
    """Alpha and the ends of its 95 % interval."""

    alpha: float
    low: float
    high: float


def agreement(counts: Sequence[Sequence[int]], *, level: Level) -> Agreement | None:
    """How far raters agree; None when all gave the same score, where there is nothing to agree on.

    Args:
        counts: for each unit of at least two raters, how many gave each value.
        level: "ordinal" for scores, "nominal" for yes and no.
    """
    table = np.asarray(counts, dtype=np.int64)
    if np.count_nonzero(table.sum(axis=0)) < 2:
        return None
    alpha = float(krippendorff.alpha(value_counts=table, level_of_measurement=level))
    low, high = np.percentile(draws(table, level), MIDDLE)
    return Agreement(alpha, float(low), float(high))


def draws(table: Any, level: Level, number: int = DRAWS) -> Any:
    """The alphas of `number` samples of the units; samples without any variation have none and are left out."""
    patterns, times = np.unique(table, axis=0, return_counts=True)
    sizes = np.random.default_rng(SEED).multinomial(times.sum(), times / times.sum(), size=number)
    return alphas(patterns, sizes, level)


def alphas(patterns: Any, sizes: Any, level: Level) -> Any:
    """Alpha of each sample. `sizes` has a row for each sample: how often each of `patterns` was drawn."""
    values = patterns.shape[1]
    pairs = patterns[:, :, None] * patterns[:, None, :] - patterns[:, :, None] * np.eye(values)
    pairs = pairs / (patterns.sum(axis=1) - 1)[:, None, None]
    observed = (sizes @ pairs.reshape(len(patterns), -1)).reshape(-1, values, values)
    each = observed.sum(axis=2)
    chance = each[:, :, None] * each[:, None, :] - each[:, :, None] * np.eye(values)
    chance = chance / (each.sum(axis=1) - 1)[:, None, None]
    apart = _apart(each, level)
    expected = (chance * apart).sum(axis=(1, 2))
    varied = expected > 0
    return 1 - (observed * apart).sum(axis=(1, 2))[varied] / expected[varied]


def _apart(each: Any, level: Level) -> Any:
    """How far values lie apart: all alike, or by the squared distance of their middle ranks."""
    if level == "nominal":
        return 1 - np.eye(each.shape[1])
    middle = each.cumsum(axis=1) - each / 2
    return (middle[:, :, None] - middle[:, None, :]) ** 2
