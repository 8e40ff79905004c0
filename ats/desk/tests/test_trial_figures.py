"""The help desk's figures on the application's page, and the page of the connections."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from candidates.models import Ask
from trials.builders import FIRST_DAY, make_trial
from trials.figures.builders import make_agent, make_figure, make_team
from trials.figures.desks import talking
from trials.figures.metrics import Metric
from trials.models import FigureFetch
from trials.planning.builders import want_figure

pytestmark = pytest.mark.django_db
CONNECTIONS = reverse("desk:connections")
IN_THE_SECOND_WEEK = datetime(2030, 1, 24, 9, tzinfo=UTC)
INTERVAL = "65.4 – 89.4"  # Wilson's, of 80 % of 41
ZENDESK = {"zendesk": {"account": "example", "email": "ada@example.org", "token": "top-secret"}}


@pytest.fixture
def trial():
    trial = make_trial()
    want_figure(trial.application.plan, Metric.SATISFACTION, 90)
    make_figure(make_agent(trial.application), FIRST_DAY, 80, n=41)
    for agent in make_team(3):
        make_figure(agent, FIRST_DAY, 92, n=50)
    return trial


def drawn(trial, user=None, options="", at=IN_THE_SECOND_WEEK):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    template = engines["django"].from_string(f"{{% load figure_panel %}}{{% figures_of trial {options} %}}")
    with time_machine.travel(at):
        return template.render({"trial": trial}, request)


def page_of(user, trial):
    with time_machine.travel(IN_THE_SECOND_WEEK):
        page = signed_in(user).get(reverse("admin:candidates_application_change", args=[trial.application_id]))
    return page.content.decode()


def end_check_ins():
    Ask.objects.update(cancelled_at=IN_THE_SECOND_WEEK)


def test_a_figure_stands_with_n_interval_team_and_target(trial, rita):
    end_check_ins()
    page = page_of(rita, trial)
    for told in ("<strong>80.0</strong>", ">41<", INTERVAL, "92.0 (3)", "at least 90", "No figure decides"):
        assert told in page
    assert 'role="img"' in page
    assert "style=" not in drawn(trial, rita)


def test_it_shows_together_with_the_judgements(trial, rita):
    page = page_of(rita, trial)
    assert "They show together with the judgements" in page
    assert "80.0" not in drawn(trial, rita)


def test_the_lead_who_owes_a_check_in_does_not_see_it_before(trial):
    max_manager = with_role("Max Manager", roles.MANAGERS)
    others = Ask.objects.exclude(user=max_manager)
    others.update(cancelled_at=IN_THE_SECOND_WEEK)
    assert "80.0" not in drawn(trial, max_manager)
    end_check_ins()
    assert "80.0" in drawn(trial, max_manager)


def test_who_is_not_signed_in_sees_it_only_where_the_page_says_so(trial):
    end_check_ins()
    assert "80.0" not in drawn(trial)
    assert "80.0" in drawn(trial, options="is_open=True")


def test_folded_tables_say_the_same(trial):
    folded = drawn(trial, options="is_open=True compact=True")
    assert "<details><summary>Week by week" in folded
    assert "92.0 (3)" in folded


def test_without_figures_it_says_what_belongs_there(rita):
    trial = make_trial()
    end_check_ins()
    assert "Connect a help desk" in drawn(trial, rita)
    assert "Connect a help desk" not in drawn(trial, options="is_open=True")


def test_without_an_agreed_trial_it_asks_nothing_and_shows_nothing(trial, django_assert_num_queries):
    trial.agreed_at = None
    with django_assert_num_queries(0):
        assert drawn(None).strip() == drawn(trial).strip() == ""


def test_its_queries_do_not_grow(trial, rita):
    def queries():
        with CaptureQueriesContext(connection) as found:
            drawn(trial, options="is_open=True")
        return len(found)

    few = queries()
    for agent in make_team(6):
        for number in range(4):
            make_figure(agent, FIRST_DAY + timedelta(days=7 * number), 90)
            make_figure(agent, FIRST_DAY + timedelta(days=7 * number), 30, metric=Metric.FIRST_REPLY)
    assert queries() == few


def test_a_name_in_the_help_desk_is_no_part_of_it(trial):
    make_figure(make_agent(trial.application, name="<b>Carol"), FIRST_DAY, 50)
    assert "Carol" not in drawn(trial, options="is_open=True")


def test_connections_are_for_recruiters(desk, admin, manager, client):
    assert desk.get(CONNECTIONS).status_code == signed_in(admin).get(CONNECTIONS).status_code == 200
    assert signed_in(manager).get(CONNECTIONS).status_code == signed_in(manager).post(CONNECTIONS).status_code == 403
    assert client.get(CONNECTIONS).status_code == 302


def test_what_is_not_connected_says_how(desk):
    page = desk.get(CONNECTIONS).content.decode()
    for name in ("ZENDESK_SUBDOMAIN", "FRESHDESK_KEY", "HELPSCOUT_SECRET", "None is connected yet"):
        assert name in page


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (None, "is asked in a moment"),
        ({"tried_at": IN_THE_SECOND_WEEK, "error": talking.NO_ENTRY}, "does not accept our credentials"),
        (
            {"tried_at": IN_THE_SECOND_WEEK, "fetched_until": IN_THE_SECOND_WEEK.date(), "error": talking.NOT_ALLOWED},
            "Satisfaction is missing.",
        ),
        ({"tried_at": IN_THE_SECOND_WEEK, "fetched_until": IN_THE_SECOND_WEEK.date()}, "Thu 24 Jan 2030"),
        ({"claimed_at": IN_THE_SECOND_WEEK}, "is being asked"),
    ],
)
def test_a_connection_tells_how_it_goes(rita, settings, row, told):
    settings.HELP_DESKS = ZENDESK
    if row:
        FigureFetch.objects.create(tool="zendesk", **row)
    with time_machine.travel(IN_THE_SECOND_WEEK):
        page = signed_in(rita).get(CONNECTIONS).content.decode()
    assert told in page
    assert "top-secret" not in page


def test_fetch_now_makes_it_due(desk, settings):
    settings.HELP_DESKS = ZENDESK
    FigureFetch.objects.create(tool="zendesk", tried_at=IN_THE_SECOND_WEEK)
    page = desk.post(CONNECTIONS, {"tool": "zendesk"}, follow=True)
    assert "It is asked in a moment" in page.content.decode()
    assert FigureFetch.objects.get().tried_at is None


@pytest.mark.parametrize("tool", ["freshdesk", "", "nonsense\x00", "x" * 100_000])
def test_asking_what_is_not_connected_is_refused_in_words(desk, settings, tool):
    settings.HELP_DESKS = ZENDESK
    page = desk.post(CONNECTIONS, {"tool": tool}, follow=True)
    assert "not connected" in page.content.decode()
    assert not FigureFetch.objects.exists()
