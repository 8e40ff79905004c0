"""Where the lines of a small chart run."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import translation

from trials.builders import FIRST_DAY
from trials.figures import charts
from trials.figures.intervals import Interval
from trials.figures.metrics import Metric
from trials.figures.weeks import Point, Reached, Series, Week

TOP, BOTTOM = charts.TOP, charts.BOTTOM


def series(*values, metric=Metric.SATISFACTION, target=None, team=None, interval=None):
    points = []
    for number, value in enumerate(values):
        day = FIRST_DAY + timedelta(days=7 * number)
        own = None if value is None else Reached(value, 10, interval)
        points.append(Point(Week(number + 1, day, day + timedelta(days=6), True), own, team, 3 if team else 0))
    return Series(metric, "zendesk", target, points)


def heights(chart):
    return [float(dot.y) for dot in chart.dots]


def test_a_better_share_stands_higher_and_all_stay_inside():
    low, middle, high = heights(charts.draw(series(40, 60, 100)))
    assert BOTTOM >= low > middle > high >= TOP


def test_shares_are_drawn_over_the_tens_around_them_and_never_over_few():
    assert [tick.text for tick in charts.draw(series(88, 96)).ticks] == ["80", "90", "100"]
    assert [tick.text for tick in charts.draw(series(95)).ticks] == ["80", "90", "100"]
    assert [tick.text for tick in charts.draw(series(3)).ticks] == ["0", "10", "20"]


def test_times_and_counts_begin_at_nothing():
    chart = charts.draw(series(120, 180, metric=Metric.FIRST_REPLY))
    assert [tick.text for tick in chart.ticks] == ["0", "100", "200"]


@pytest.mark.parametrize("value", [0, 0.0001, 1e9])
def test_any_value_can_be_drawn(value):
    assert TOP <= heights(charts.draw(series(value, metric=Metric.RESOLUTION)))[0] <= BOTTOM


def test_a_week_without_a_value_is_a_gap():
    chart = charts.draw(series(80, 82, None, 90))
    assert [len(line.split()) for line in chart.own] == [2, 1]


def test_an_interval_is_drawn_from_end_to_end():
    (dot,) = charts.draw(series(80, interval=Interval(60, 90))).dots
    assert float(dot.low) > float(dot.y) > float(dot.high)


def test_no_label_covers_another():
    chart = charts.draw(series(90, 90, target=90.0, team=90.0))
    ys = sorted(float(label.y) for label in chart.labels)
    assert [label.text for label in chart.labels] == ["90.0", "target 90", "team 90.0"]
    assert all(later - earlier >= charts.APART for earlier, later in pairwise(ys))
    low = charts.draw(series(0, 0, metric=Metric.REOPENED, target=0.0, team=0.0))
    assert max(float(label.y) for label in low.labels) <= BOTTOM


def test_sixty_weeks_have_room_for_their_days():
    chart = charts.draw(series(*[80] * 60))
    xs = [float(label.x) for label in chart.weeks]
    assert all(later - earlier >= charts.WEEK_LABEL for earlier, later in pairwise(xs))


def test_places_are_numbers_in_every_language():
    with translation.override("de"):
        chart = charts.draw(series(80.5, 90.25, target=85.5, interval=Interval(60, 95)))
    assert not any("," in place for dot in chart.dots for place in (dot.x, dot.y, dot.low, dot.high))
    assert ("90,2" in chart.words, chart.labels[-1].text) == (True, "Ziel 85,5")
