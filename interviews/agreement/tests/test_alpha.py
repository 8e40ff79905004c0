"""Alpha against the published example and against numbers worked out by hand."""

import krippendorff
import numpy as np
import pytest

from interviews.agreement.alpha import SEED, agreement, alphas, draws

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units, five
# values; the number of observers who gave each value, unit by unit. The twelfth unit has one value and pairs nothing.
PUBLISHED = [
    [3, 0, 0, 0, 0], [0, 3, 1, 0, 0], [0, 0, 4, 0, 0], [0, 0, 4, 0, 0], [0, 4, 0, 0, 0], [1, 1, 1, 1, 0],
    [0, 0, 0, 4, 0], [3, 1, 0, 0, 0], [0, 4, 0, 0, 0], [0, 0, 0, 0, 3], [2, 0, 0, 0, 0],
]  # fmt: skip


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815)])
def test_the_published_example_comes_out(level, published):
    assert round(agreement(PUBLISHED, level=level).alpha, 3) == published


def test_yes_and_no_by_hand():
    """Eight units of two raters: three both yes, three both no, two split.

    Coincidences: yes-yes 6, no-no 6, yes-no 2, no-yes 2; of 16 values 8 are yes. Observed disagreement 4 / 16;
    expected 2 * 8 * 8 / (16 * 15) = 8 / 15. Alpha = 1 - (1/4) / (8/15) = 17 / 32.
    """
    split = agreement([[0, 2]] * 3 + [[2, 0]] * 3 + [[1, 1]] * 2, level="nominal")
    assert split.alpha == pytest.approx(17 / 32)


def test_raters_who_always_disagree_are_below_chance():
    assert agreement([[1, 1]] * 10, level="nominal").alpha < 0


def test_neighbouring_scores_disagree_less_than_distant_ones():
    near = agreement([[1, 1, 0, 0, 0], [0, 0, 0, 1, 1], [0, 0, 2, 0, 0]], level="ordinal")
    far = agreement([[1, 0, 0, 0, 1], [0, 1, 0, 1, 0], [0, 0, 2, 0, 0]], level="ordinal")
    assert near.alpha > far.alpha


def test_one_score_for_everybody_has_no_alpha():
    assert agreement([[0, 0, 2, 0, 0]] * 12, level="ordinal") is None


def test_the_interval_holds_the_value_and_is_the_same_each_time():
    first, second = agreement(PUBLISHED, level="ordinal"), agreement(PUBLISHED, level="ordinal")
    assert first == second
    assert first.low < first.alpha < first.high <= 1


def test_more_units_make_the_interval_narrower():
    few, many = agreement(PUBLISHED, level="ordinal"), agreement(PUBLISHED * 20, level="ordinal")
    assert many.high - many.low < (few.high - few.low) / 3


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_each_draw_is_what_the_library_says_of_the_same_units(level):
    table = np.array(PUBLISHED)
    samples = np.random.default_rng(SEED).integers(0, len(table), size=(50, len(table)))
    ours = alphas(table, np.array([np.bincount(sample, minlength=len(table)) for sample in samples]), level)
    theirs = [krippendorff.alpha(value_counts=table[sample], level_of_measurement=level) for sample in samples]
    assert ours == pytest.approx(theirs)


def test_samples_without_variation_are_left_out():
    table = np.array([[2, 0], [0, 2]])
    assert 0 < len(draws(table, "nominal", number=400)) < 400
