"""Asking help desks by themselves once a day: what is kept, when they are asked again, and what goes wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from candidates.pipeline import NotAllowed
from candidates.tests.together import together
from trials.builders import FIRST_DAY, make_trial
from trials.figures.builders import make_agent, make_figure
from trials.figures.desks import actions, talking
from trials.figures.desks.tests import recorded
from trials.figures.desks.tests.conftest import as_zendesk, zendesk
from trials.models import Agent, Figure, FigureFetch

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 16, 5, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TICKETS = "/api/v2/incremental/tickets/cursor.json"


@pytest.fixture(autouse=True)
def connected(settings):
    settings.HELP_DESKS = {"zendesk": {"account": "example", "email": "ada@example.org", "token": "secret"}}
    settings.TIME_ZONE = "Europe/Amsterdam"


def sweep(desk, at=NOW):
    return actions.sweep(clock=lambda: at, connect=lambda _tool: zendesk(desk))


def row():
    return FigureFetch.objects.get()


def figures():
    return {(one.agent.name, one.metric): (float(one.value), one.n) for one in Figure.objects.select_related("agent")}


def changed(**answer):
    """The tickets with other metrics."""
    first, second = recorded.ZENDESK_TICKETS_1["tickets"]
    return {"tickets": [first | answer, second], "end_of_stream": True}


def test_figures_are_kept_by_day_and_agents_are_listed(desk):
    as_zendesk(desk)
    assert sweep(desk) == 1
    assert figures()["Carol Candidate", "satisfaction"] == (50, 2)
    assert set(Figure.objects.values_list("starts_on", "ends_on", "run")) == {
        (FIRST_DAY, FIRST_DAY, None),
        (FIRST_DAY + 2 * DAY, FIRST_DAY + 2 * DAY, None),
    }
    agent = Agent.objects.get(name="Carol Candidate")
    assert (agent.key, agent.email, agent.part) == ("235323", "carol@example.org", Agent.Part.NEW)
    assert (row().fetched_until, row().tried_at, row().claimed_at, row().error) == (NOW.date(), NOW, None, "")


def test_a_second_time_adds_nothing(desk):
    as_zendesk(desk)
    sweep(desk)
    before = set(Figure.objects.values_list("pk", "value"))
    desk._answers.clear()
    as_zendesk(desk)
    sweep(desk, NOW + DAY)
    assert set(Figure.objects.values_list("pk", "value")) == before


def test_it_is_asked_once_a_day(desk):
    as_zendesk(desk)
    assert [sweep(desk, NOW + pause) for pause in (0 * DAY, DAY - HOUR, DAY)] == [1, 0, 1]


def test_what_was_corrected_is_corrected_and_what_is_not_told_any_more_goes(desk):
    as_zendesk(desk)
    sweep(desk)
    desk._answers[TICKETS] = []
    desk.gives(TICKETS, changed(status="open"))
    sweep(desk, NOW + DAY)
    assert figures()["Carol Candidate", "solved"] == (1, 1)
    assert ("Tom Team", "first_reply") not in figures()


def test_figures_of_files_and_of_weeks_stay(desk):
    as_zendesk(desk)
    kept = make_figure(make_agent(), FIRST_DAY, 88)
    elsewhere = make_figure(make_agent(tool="freshdesk"), FIRST_DAY, 88, days=1)
    sweep(desk)
    assert Figure.objects.filter(pk__in=[kept.pk, elsewhere.pk]).count() == 2


def test_ratings_that_are_refused_leave_those_that_are_known(desk):
    as_zendesk(desk)
    sweep(desk)
    desk._answers["/api/v2/satisfaction_ratings.json"] = []
    desk.gives("/api/v2/satisfaction_ratings.json", {}, status=403)
    sweep(desk, NOW + DAY)
    assert figures()["Carol Candidate", "satisfaction"] == (50, 2)
    assert (row().error, row().fetched_until) == (talking.NOT_ALLOWED, (NOW + DAY).date())
    assert sweep(desk, NOW + DAY + 2 * HOUR) == 0


def test_a_failure_is_said_keeps_what_is_known_and_is_tried_again_in_an_hour(desk):
    desk.gives(TICKETS, {"error": "Couldn't authenticate you"}, status=401)
    assert [sweep(desk, NOW + pause) for pause in (0 * HOUR, HOUR / 2, HOUR)] == [1, 0, 1]
    assert (row().error, row().fetched_until, row().claimed_at) == (talking.NO_ENTRY, None, None)


def test_a_failure_on_a_later_page_keeps_nothing_by_half(desk):
    desk.gives(TICKETS, recorded.ZENDESK_TICKETS_1)
    desk.gives(TICKETS, b"<html>", status=200)
    sweep(desk)
    assert (Figure.objects.count(), row().error) == (0, talking.BROKEN)


def test_the_error_goes_with_the_next_success(desk):
    desk.gives(TICKETS, {}, status=500)
    sweep(desk)
    desk._answers.clear()
    as_zendesk(desk)
    sweep(desk, NOW + HOUR)
    assert (row().error, bool(figures())) == ("", True)


def test_now_means_now(desk):
    as_zendesk(desk)
    sweep(desk)
    actions.ask_now("zendesk", at=NOW)
    assert sweep(desk, NOW + HOUR / 60) == 1


def test_what_is_not_connected_cannot_be_asked():
    with pytest.raises(NotAllowed):
        actions.ask_now("freshdesk", at=NOW)


def test_without_a_connection_the_sweep_asks_the_database_nothing(settings, django_assert_num_queries):
    settings.HELP_DESKS = {}
    with django_assert_num_queries(0):
        assert actions.sweep(clock=lambda: NOW) == 0


@pytest.mark.parametrize(
    ("known_until", "since"),
    [(None, 14), (NOW.date(), 14), (NOW.date() - timedelta(days=40), 40), (NOW.date() - timedelta(days=400), 90)],
)
def test_two_weeks_are_read_anew_and_what_was_missed(known_until, since):
    first, last = actions._days(FigureFetch(fetched_until=known_until), NOW)
    assert ((last - first).days, last) == (since, NOW.date())


def test_the_first_time_goes_back_to_the_beginning_of_the_trials(desk):
    make_trial(starts_on=FIRST_DAY)
    later = NOW + timedelta(days=30)
    assert actions._days(FigureFetch(), later) == (FIRST_DAY, later.date())


def test_a_worker_that_died_leaves_it_to_the_next(desk):
    as_zendesk(desk)
    FigureFetch.objects.create(tool="zendesk", claimed_at=NOW)
    assert [sweep(desk, NOW + pause) for pause in (actions.LEASE / 2, actions.LEASE * 2)] == [0, 1]


def test_a_worker_that_was_overtaken_keeps_nothing(desk):
    as_zendesk(desk)

    def connect(_tool):
        FigureFetch.objects.update(claimed_at=NOW + HOUR)
        return zendesk(desk)

    actions.sweep(clock=lambda: NOW, connect=connect)
    assert (Figure.objects.count(), row().claimed_at) == (0, NOW + HOUR)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_asks(desk):
    as_zendesk(desk)
    FigureFetch.objects.create(tool="zendesk")
    assert sorted(together(lambda: sweep(desk), lambda: sweep(desk))) == [0, 1]
