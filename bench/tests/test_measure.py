import pytest

from bench.measure import Timings, exponent, in_turn


def test_the_median_is_the_middle():
    assert Timings([9, 1, 5]).median == 5
    assert Timings([1, 2, 3, 100]).median == 2.5


def test_the_95th_percentile_is_a_value_that_was_seen():
    assert Timings(list(range(1, 101))).p95 == 95
    assert Timings([7]).p95 == 7
    assert Timings([*[1] * 28, 50, 60]).p95 == 50


def test_both_sides_take_turns_and_the_first_ones_do_not_count():
    calls = []

    def side(name, values):
        return lambda: calls.append(name) or next(values)

    turns = in_turn(
        side("ours", iter(range(5))),
        side("limit", iter(range(10, 15))),
        turns=3,
        warm_up=2,
    )
    assert (turns.ours.values, turns.limit.values) == ((2, 3, 4), (12, 13, 14))
    assert calls == ["limit", "ours", "ours", "limit"] * 2 + ["limit", "ours"]


def test_the_exponent_of_what_stays_flat_is_zero():
    assert exponent([1, 10, 100], [5, 5, 5]) == pytest.approx(0)


def test_the_exponent_of_what_grows_in_proportion_is_one():
    assert exponent([1, 10, 100], [2, 20, 200]) == pytest.approx(1)


def test_every_turn_looks_at_the_yardstick():
    turns = in_turn(lambda: 1.0, lambda: 1.0, turns=4, warm_up=1)
    assert len(turns.yard.values) == 4
    assert min(turns.yard.values) > 0
