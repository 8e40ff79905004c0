"""Bringing figures in, on the desk: from the file to the result, who an agent is, and for whom these pages are."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from candidates.builders import make_application, make_candidate, make_job, make_user
from candidates.models import Document, Stage
from trials.builders import make_trial
from trials.figures import columns, work
from trials.figures.tests.exports import FRESHDESK, ZENDESK, begin, clock_stands, fresh, make_import
from trials.models import Agent, Figure, FigureImport

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
BAD = "Agent;Date;Tickets solved;CSAT\nCara;2029-12-03;=5;90\nTom;2029-12-03;7;90%\n"


def address(name, *pks):
    return reverse(f"desk:{name}", args=pks)


def send(client, content, tool="zendesk", name="export.csv", **more):
    content = content.encode() if isinstance(content, str) else content
    return client.post(address("figures_new"), {"tool": tool, "table": SimpleUploadedFile(name, content), **more})


def said(run, **more):
    """What the browser sends for the columns as they are guessed."""
    meanings = columns.guess(run.columns, run.tool, {})
    return {f"column_{place}": meaning for place, meaning in enumerate(meanings)} | more


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def do(run):
    work.work(run.pk, clock=clock_stands)
    return fresh(run)


@pytest.fixture
def trial(rita):
    job = make_job(recruiters=[rita])
    return make_trial(make_application(Stage.REFERENCES, job=job, candidate=make_candidate(email="c@private.example")))


@pytest.fixture
def done(rita):
    return do(begin(make_import(by=rita)))


def test_a_recruiter_brings_an_export_in_and_sees_what_became_of_it(desk):
    answer = send(desk, ZENDESK.replace("2030-01", "2029-12"))
    run = FigureImport.objects.get()
    assert (answer.url, run.table.kind) == (address("figures_columns", run.pk), Document.Kind.IMPORT)
    shown = page(desk, answer.url)
    assert ("Read 3 rows" in shown, 'value="satisfaction:percent" selected' in shown) == (True, True)
    assert desk.post(answer.url, said(run)).url == address("figures_import", run.pk)
    assert "Reading the rows" in page(desk, address("figures_import", run.pk))
    do(run)
    assert "Match 2 agents" in page(desk, address("figures_import", run.pk))
    assert Figure.objects.count() == 14
    assert "14 added, 0 corrected" in page(desk, address("figures"))


def test_the_page_of_progress_asks_for_the_whole_page_at_the_end(desk, rita):
    run = begin(make_import(by=rita))
    assert "hx-get" in page(desk, address("figures_state", run.pk))
    do(run)
    assert desk.get(address("figures_state", run.pk))["HX-Refresh"] == "true"


def test_an_export_of_another_tool_is_told_and_nothing_need_be_chosen_again(desk):
    run_page = send(desk, FRESHDESK, "zendesk").url
    run = FigureImport.objects.get()
    assert "looks like an export of <strong>Freshdesk</strong>" in page(desk, run_page)
    assert desk.post(run_page, said(run)).status_code == 200
    assert fresh(run).state == "mapping"
    desk.post(address("figures_tool", run.pk), {"tool": "freshdesk"})
    assert "Read as an export of Freshdesk" in page(desk, run_page)
    said_so = said(fresh(run), period_from="2029-12-03", period_to="2029-12-09")
    assert desk.post(run_page, said_so).url == address("figures_import", run.pk)


def test_a_file_in_which_we_know_nothing_says_so(desk):
    url = send(desk, "Invoice;Amount\nA-1;12,50\n", "helpscout").url
    assert "None of these columns is a figure that we know of Help Scout" in page(desk, url)


def test_a_file_without_times_is_asked_for_its_time(desk):
    url = send(desk, "Agent;CSAT\nCara;90%\n", "other").url
    run = FigureImport.objects.get()
    assert "Say it here" in desk.post(url, said(run)).content.decode()
    backwards = desk.post(url, said(run, period_from="2029-12-09", period_to="2029-12-03")).content.decode()
    assert ("before it begins" in backwards, 'value="2029-12-09"' in backwards) == (True, True)
    desk.post(url, said(run, period_from="2029-12-03", period_to="2029-12-09"))
    do(run)
    assert str(Figure.objects.get().ends_on) == "2029-12-09"


def test_dates_and_numbers_that_can_be_read_in_two_ways_are_asked_for(desk):
    url = send(desk, 'Agent,Date,First reply (min)\nCara,03/04/2029,"1,234"\n', "other").url
    run = FigureImport.objects.get()
    answer = desk.post(url, said(run)).content.decode()
    assert (answer.count("tells it. Say which it is."), fresh(run).state) == (2, "mapping")
    desk.post(url, said(run, is_month_first="yes", decimal=","))
    do(run)
    assert [(str(one.starts_on), str(one.value)) for one in Figure.objects.all()] == [("2029-03-04", "1.2340")]


def test_a_time_whose_unit_nobody_tells_waits_for_a_person(desk):
    url = send(desk, "Agent;Date;First reply;CSAT\nCara;2029-12-03;90;88\n", "other").url
    assert "nothing tells its unit" in page(desk, url)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "This file is empty"),
        (b"PK\x03\x04 a spreadsheet", "a file of Excel"),
        (b"%PDF-1.7", "not a table"),
        (b"<html><table>", "not a table"),
        (b'{"a": 1}', "not a table"),
        (bytes(range(1, 9)) * 50, "not a table"),
        (b"just one column\nand a row\n", "We found no columns"),
        (b"Agent,cara@example.org\n", "here it holds a mail address"),
        (b"Agent,Date\n", "no rows under it"),
        (b"a,b\n" + b"\x81\x8d", "cannot tell the letters"),
        ((",".join("ab" * 101)).encode() + b"\n1,2\n", "more than 200 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_beside_its_box(desk, content, word):
    answer = send(desk, content, "freshdesk")
    assert (word in answer.content.decode(), FigureImport.objects.count()) == (True, 0)
    assert '<option value="freshdesk" selected>' in answer.content.decode()


def test_a_file_that_cannot_be_written_down_is_told(desk, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", no_space)
    assert "Try again in some minutes" in send(desk, ZENDESK).content.decode()


def no_space(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("value", ["", "nonsense", "\0", "\ud800", "x" * 500_000, "satisfaction:percent"])
def test_nothing_that_is_sent_for_a_column_breaks_the_page(desk, value):
    url = send(desk, ZENDESK).url
    run = FigureImport.objects.get()
    told = value.encode("utf-8", "surrogatepass")
    for where, names in ((url, ("column_0", "period_from", "decimal")), (address("figures_tool", run.pk), ("tool",))):
        sent = urlencode(dict.fromkeys(names, told))
        assert desk.post(where, sent, content_type=FORM).status_code in (200, 302)
    assert fresh(run).state == "mapping"


def test_what_was_not_taken_is_listed_and_can_be_downloaded_mended_and_sent_again(desk, rita):
    run = do(begin(make_import(BAD, "other", by=rita)))
    shown = page(desk, address("figures_import", run.pk))
    assert "Taken but for this: Tickets solved: “=5” is no number." in shown
    text = b"".join(desk.get(address("figures_refused", run.pk)).streaming_content).decode("utf-8-sig")
    assert text.splitlines() == [
        "Row,Not taken because,Agent,Date,Tickets solved,CSAT",
        "2,Taken but for this: Tickets solved: “=5” is no number.,Cara,2029-12-03,'=5,90",
    ]
    again = do(begin(make_import(text.replace("'=5", "'5").replace("'", ""), "other", by=rita)))
    assert (again.added, again.same, again.refused) == (1, 1, 0)


def test_the_figures_of_a_wrong_file_can_be_taken_back(desk, done):
    answer = desk.post(address("figures_take_back", done.pk), follow=True)
    assert "14 figures deleted." in answer.content.decode()
    assert (Figure.objects.count(), fresh(done).state, fresh(done).added) == (0, "mapping", 0)


@pytest.mark.parametrize("name", ["figures_import", "figures_columns", "figures_state", "figures_refused"])
def test_an_import_is_there_for_who_began_it_and_for_administrators(desk, stranger, admin, manager, done, name):
    url = address(name, done.pk)
    assert [signed_in(one).get(url).status_code for one in (stranger, manager)] == [404, 403]
    assert [client.get(url).status_code for client in (desk, signed_in(admin))] == [200, 200]
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", ["figures_go_on", "figures_take_back", "figures_tool"])
def test_a_stranger_sets_nothing_in_motion(desk, stranger, done, name):
    assert signed_in(stranger).post(address(name, done.pk), {"tool": "other"}).status_code == 404
    assert desk.get(address(name, done.pk)).status_code == 405
    assert (fresh(done).state, Figure.objects.count()) == ("done", 14)


@pytest.mark.parametrize("name", ["figures", "figures_new", "agents"])
def test_these_pages_are_for_recruiters(desk, manager, name):
    assert (desk.get(address(name)).status_code, signed_in(manager).get(address(name)).status_code) == (200, 403)


def test_agents_are_matched_in_place_and_not_asked_for_again(desk, trial, done):
    cara, tom = Agent.objects.order_by("key")
    shown = page(desk, address("agents") + "?part=new")
    assert f'<option value="{trial.application_id}" selected>Cara Candidate for' in shown  # the same name
    chosen = {f"who-{cara.pk}": trial.application_id, f"who-{tom.pk}": "team"}
    assert "2 agents matched." in desk.post(address("agents"), chosen, follow=True).content.decode()
    found = [(one.part, one.application, one.matched_by_name) for one in Agent.objects.order_by("key")]
    assert found == [("trial", trial.application, "Rita Recruiter"), ("team", None, "Rita Recruiter")]
    assert "Nobody here waits to be matched." in page(desk, address("agents") + "?part=new")
    desk.post(address("agents"), chosen)
    assert trial.application.events.filter(name="figures.agent_matched").count() == 1


def test_somebody_whose_trial_is_over_can_be_chosen_on_the_agents_own_page(desk, trial, done):
    type(trial.application).objects.filter(pk=trial.application_id).update(stage=Stage.HIRED)
    agent = Agent.objects.get(key="902")
    assert "Cara Candidate for" not in page(desk, address("agents"))
    assert "Cara Candidate for" in page(desk, address("agent", agent.pk))
    desk.post(address("agent", agent.pk), {f"who-{agent.pk}": trial.application_id})
    assert Agent.objects.get(key="902").application == trial.application


def test_whose_trial_an_agent_is_only_those_see_who_see_the_application(stranger, trial, done):
    agent = Agent.objects.get(key="901")
    Agent.objects.filter(pk=agent.pk).update(part="trial", application=trial.application)
    theirs = signed_in(stranger)
    shown = page(theirs, address("agents"))
    assert ("you do not see whose" in shown, trial.application.job.title in shown) == (True, False)
    assert theirs.get(address("agent", agent.pk)).status_code == 403
    for told in ("team", trial.application_id, "trial", "nonsense", "9" * 30):
        theirs.post(address("agents"), {f"who-{agent.pk}": told, "who-x": "team", "who-999999": "team"})
    assert Agent.objects.get(key="901").application == trial.application


def test_nobody_is_matched_to_an_application_that_one_does_not_see(stranger, trial, done):
    agent = Agent.objects.get(key="902")
    answer = signed_in(stranger).post(address("agents"), {f"who-{agent.pk}": trial.application_id}, follow=True)
    assert "was left as it is" in answer.content.decode()
    assert Agent.objects.get(key="902").part == "new"


@pytest.mark.parametrize("query", ["?q=cara", "?q=%00", "?tool=zendesk&part=new", "?part=x&tool=y&page=9999"])
def test_agents_are_sought_by_name_address_tool_and_state(desk, done, query):
    assert "Cara Candidate" in page(desk, address("agents") + query)


def test_queries_of_the_lists_do_not_grow_with_their_rows(desk, rita, trial):
    def queries(url):
        with CaptureQueriesContext(connection) as seen:
            desk.get(url)
        return len(seen)

    def counted():
        return [queries(address(name)) for name in ("agents", "figures")]

    def make(number):
        run = make_import(by=rita)
        for n in range(number):
            part = {"part": "trial", "application": trial.application} if n % 2 else {}
            Agent.objects.create(tool="zendesk", key=f"{run.pk}-{n}", name=f"Agent {n}", **part)

    make(2)
    first = counted()
    make(20)
    assert counted() == first


def test_a_colleague_who_left_is_not_taken_for_one_of_the_team(rita):
    make_user("Tom Team", email="tom@rapport.test", is_active=False)
    do(begin(make_import(by=rita)))
    assert Agent.objects.get(key="902").part == "new"


@pytest.mark.parametrize("name", ["agent", "figureimport"])
def test_administrators_find_agents_and_imports_in_the_admin(admin, desk, done, name):
    url = reverse(f"admin:trials_{name}_changelist")
    one = (Agent if name == "agent" else FigureImport).objects.first()
    theirs = signed_in(admin)
    assert str(one) in page(theirs, url)
    assert str(one) in page(theirs, reverse(f"admin:trials_{name}_change", args=[one.pk]))
    assert desk.get(url).status_code == 403
