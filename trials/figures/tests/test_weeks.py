"""The figures of a trial, week by week, beside the team and the target."""

from datetime import date, timedelta
from statistics import stdev

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from trials.builders import FIRST_DAY, make_trial
from trials.figures import weeks
from trials.figures.builders import make_agent, make_figure, make_team
from trials.figures.metrics import Metric, Tool
from trials.models import Agent
from trials.planning.builders import want_figure

pytestmark = pytest.mark.django_db
MONDAY = FIRST_DAY
LATER = FIRST_DAY + timedelta(days=7)
TODAY = FIRST_DAY + timedelta(days=16)  # in the third week


@pytest.fixture
def trial():
    return make_trial()


@pytest.fixture
def carol(trial):
    return make_agent(trial.application)


def only(trial, today=TODAY):
    (series,) = weeks.of(trial, today=today)
    return series


def first(trial):
    return only(trial).points[0]


def test_the_weeks_go_from_monday_to_monday_and_end_today(trial):
    told = weeks.weeks_of(trial, TODAY)
    assert [week.starts_on for week in told] == [MONDAY, LATER, LATER + timedelta(days=7)]
    assert [week.is_over for week in told] == [True, True, False]


def test_a_trial_that_begins_in_the_middle_of_a_week_begins_with_that_week(trial):
    trial.starts_on = MONDAY + timedelta(days=3)
    assert weeks.weeks_of(trial, trial.starts_on)[0].starts_on == MONDAY


def test_before_its_first_day_there_are_no_weeks(trial):
    assert weeks.weeks_of(trial, MONDAY - timedelta(days=1)) == []


def test_there_are_no_weeks_after_the_end(trial):
    assert weeks.weeks_of(trial, trial.ends_on + timedelta(days=90))[-1].ends_on <= trial.ends_on + timedelta(days=6)


def test_a_figure_of_a_week_stands_in_its_week_with_its_interval(trial, carol):
    make_figure(carol, LATER, 90, n=20)
    empty, told, _now = only(trial).points
    assert empty.own is None
    assert (told.own.value, told.own.n) == (90, 20)
    assert told.own.interval.low == pytest.approx(69.9, abs=0.1)


def test_the_days_of_a_week_are_one_figure_weighted_by_n(trial, carol):
    make_figure(carol, MONDAY, 100, days=1, n=30)
    make_figure(carol, MONDAY + timedelta(days=4), 50, days=1, n=10)
    assert (first(trial).own.value, first(trial).own.n) == (87.5, 40)


def test_counts_are_added_up_and_are_their_own_n(trial, carol):
    for number in range(5):
        make_figure(carol, MONDAY + timedelta(days=number), 7, days=1, metric=Metric.SOLVED, n=None)
    assert (first(trial).own.value, first(trial).own.n, first(trial).own.interval) == (35, 35, None)


def test_n_stays_unknown_where_one_day_does_not_tell_it(trial, carol):
    make_figure(carol, MONDAY, 100, days=1, n=30)
    make_figure(carol, MONDAY + timedelta(days=1), 50, days=1, n=None)
    assert first(trial).own == weeks.Reached(75, None, None)


def test_days_on_which_nothing_was_measured_count_nothing(trial, carol):
    make_figure(carol, MONDAY, 0, days=1, n=0)
    make_figure(carol, MONDAY + timedelta(days=1), 80, days=1, n=5)
    assert (first(trial).own.value, first(trial).own.n) == (80, 5)


def test_the_spread_of_a_week_is_that_of_all_its_cases(trial, carol):
    monday, tuesday = [10, 12, 20], [30, 34, 41, 50]
    for day, cases in ((MONDAY, monday), (MONDAY + timedelta(days=1), tuesday)):
        mean = sum(cases) / len(cases)
        make_figure(carol, day, mean, metric=Metric.FIRST_REPLY, days=1, n=len(cases), spread=stdev(cases))
    own = first(trial).own
    assert own.interval.high - own.value == pytest.approx(1.96 * stdev(monday + tuesday) / 7**0.5, abs=0.01)


def test_a_mean_without_a_spread_has_no_interval(trial, carol):
    make_figure(carol, MONDAY, 30, metric=Metric.FIRST_REPLY)
    assert first(trial).own == weeks.Reached(30, 10, None)


def test_the_figure_of_the_week_is_not_counted_once_more_with_those_of_its_days(trial, carol):
    make_figure(carol, MONDAY, 12, metric=Metric.SOLVED)
    make_figure(carol, MONDAY, 5, metric=Metric.SOLVED, days=1)
    make_figure(carol, MONDAY + timedelta(days=6), 7, metric=Metric.SOLVED, days=1)
    assert first(trial).own.value == 12


def test_a_week_that_begins_on_sunday_is_the_week_of_most_of_its_days(trial, carol):
    make_figure(carol, LATER - timedelta(days=1), 80)
    assert only(trial).points[1].own.value == 80


def test_what_covers_more_than_a_week_is_told_apart(trial, carol):
    make_figure(carol, MONDAY, 91, days=28, n=44)
    series = only(trial)
    assert series.measured == []
    assert (series.longer[0].own.value, series.longer[0].own.n) == (91, 44)


def test_somebody_known_twice_in_one_help_desk_is_one_person(trial, carol):
    make_figure(carol, MONDAY, 100, n=10)
    make_figure(make_agent(trial.application), MONDAY, 50, n=10)
    assert (first(trial).own.value, first(trial).own.n) == (75, 20)


def test_the_team_is_the_median_of_its_agents_each_counting_once(trial, carol):
    make_figure(carol, MONDAY, 80)
    for agent, value in zip(make_team(4), (60, 70, 90, 100), strict=True):
        make_figure(agent, MONDAY, value, n=value * 10)
    assert (first(trial).team, first(trial).agents) == (80, 4)


def test_fewer_than_three_agents_are_no_team(trial, carol):
    make_figure(carol, MONDAY, 80)
    for agent in make_team(2):
        make_figure(agent, MONDAY, 90)
    assert (first(trial).team, first(trial).agents) == (None, 2)


@pytest.mark.parametrize(
    "other",
    [{"part": Agent.Part.IGNORED}, {"part": Agent.Part.NEW}, {"tool": Tool.FRESHDESK}],
    ids=["left out", "not matched", "of another help desk"],
)
def test_only_matched_colleagues_of_the_same_help_desk_are_the_team(trial, carol, other):
    make_figure(carol, MONDAY, 80)
    for agent in make_team(3, **other):
        make_figure(agent, MONDAY, 90)
    assert first(trial).agents == 0


def test_others_on_trial_are_not_the_team(trial, carol):
    make_figure(carol, MONDAY, 80)
    from_elsewhere = make_trial(starts_on=MONDAY)
    for _number in range(3):
        make_figure(make_agent(from_elsewhere.application), MONDAY, 10)
    assert (only(trial).points[0].agents, only(from_elsewhere).points[0].own.value) == (0, 10)


def test_two_help_desks_are_two_series(trial, carol):
    make_figure(carol, MONDAY, 80)
    make_figure(make_agent(trial.application, tool=Tool.FRESHDESK), MONDAY, 90)
    assert [(one.tool, one.points[0].own.value) for one in weeks.of(trial, today=TODAY)] == [
        ("freshdesk", 90),
        ("zendesk", 80),
    ]


def test_a_target_waits_for_its_first_figure(trial):
    want_figure(trial.application.plan, Metric.FIRST_REPLY, 30)
    series = only(trial)
    assert (series.metric, series.target, series.measured, series.is_lower_better) == (Metric.FIRST_REPLY, 30, [], True)
    make_figure(make_agent(trial.application), MONDAY, 40, metric=Metric.FIRST_REPLY)
    series = only(trial)
    assert (series.tool_name, series.target, len(series.measured)) == ("Zendesk", 30, 1)


def test_figures_from_before_the_trial_are_not_told(trial, carol):
    make_figure(carol, date(2029, 12, 31), 20)
    assert weeks.of(trial, today=TODAY) == []


def test_queries_do_not_grow_with_weeks_and_agents(trial, carol):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            weeks.of(trial, today=TODAY + timedelta(days=60))
        return len(found)

    make_figure(carol, MONDAY, 80)
    few = queries()
    for agent in make_team(8):
        for number in range(6):
            make_figure(agent, MONDAY + timedelta(days=7 * number), 90)
    assert queries() == few <= 4
