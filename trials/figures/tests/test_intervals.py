"""How sure a figure is; expected values by Newcombe (1998), table I, and by hand."""

import pytest

from trials.figures import intervals
from trials.figures.metrics import Metric


@pytest.mark.parametrize(
    ("good", "n", "low", "high"),
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_the_interval_of_a_share_is_the_one_that_wilson_gives(good, n, low, high):
    found = intervals.of(Metric.SATISFACTION, 100 * good / n, n, None)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01))


@pytest.mark.parametrize("n", [1, 3, 1000])
@pytest.mark.parametrize("value", [0, 100])
def test_it_never_leaves_the_scale(value, n):
    found = intervals.of(Metric.REOPENED, value, n, None)
    assert 0 <= found.low < found.high <= 100


def test_the_interval_of_a_mean_follows_from_its_spread():
    assert intervals.of(Metric.FIRST_REPLY, 30, 100, 20) == intervals.Interval(30 - 3.92, 30 + 3.92)


def test_a_score_in_per_cent_ends_at_a_hundred_and_a_time_at_nothing():
    assert intervals.of(Metric.QUALITY, 99, 4, 10).high == 100
    assert intervals.of(Metric.RESOLUTION, 1, 4, 10).low == 0


@pytest.mark.parametrize(
    ("metric", "value", "n", "spread"),
    [
        (Metric.SATISFACTION, 90, None, None),
        (Metric.SATISFACTION, 90, 0, None),
        (Metric.SATISFACTION, 190, 10, None),
        (Metric.FIRST_REPLY, 30, 10, None),
        (Metric.FIRST_REPLY, 30, None, 5),
        (Metric.FIRST_REPLY, 30, 1, 0),
        (Metric.SOLVED, 30, 30, None),
    ],
)
def test_there_is_none_where_nothing_tells_how_sure_it_is(metric, value, n, spread):
    assert intervals.of(metric, value, n, spread) is None
