"""The list of applications: what it shows, how it pages, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk import lists, search
from ats.desk.admin.applications import ApplicationAdmin
from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.judging.builders import make_card
from candidates.models import Application, Candidate, Stage

pytestmark = pytest.mark.django_db
LIST = reverse("admin:candidates_application_changelist")


def names(page):
    return [row.application.candidate.name for row in page.context["cl"].rows]


def make_many(number, job=None, stage=Stage.APPLIED, people="p"):
    """Applications a minute apart, the first the oldest; two of them at the same instant."""
    job = job or make_job()
    people = [Candidate(name=f"Person {n:03}", email=f"{people}{n}@example.org") for n in range(number)]
    Candidate.objects.bulk_create(people)
    first = NOW - timedelta(days=1)
    times = [first + timedelta(minutes=min(n, 1) if n < 2 else n) for n in range(number)]
    return Application.objects.bulk_create(
        Application(candidate=person, job=job, plan=job.plan, stage=stage, stage_since=at, applied_at=at, letter="Hi")
        for person, at in zip(people, times, strict=True)
    )


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(ApplicationAdmin, "list_per_page", 3)


def test_open_ones_are_listed_unless_asked_otherwise(desk):
    for stage in (Stage.SCREENING, Stage.REJECTED):
        make_application(stage, candidate=make_candidate(stage.label))
    assert names(desk.get(LIST)) == ["Screening"]
    assert names(desk.get(LIST + "?stage=rejected")) == ["Rejected"]
    assert sorted(names(desk.get(LIST + "?stage=all"))) == ["Rejected", "Screening"]


def test_one_job_is_listed_by_its_key(desk):
    first, second = make_application(candidate=make_candidate("One")), make_application(candidate=make_candidate("Two"))
    assert names(desk.get(f"{LIST}?job={first.job_id}")) == ["One"]
    assert names(desk.get(f"{LIST}?job={second.job_id}")) == ["Two"]
    assert names(desk.get(f"{LIST}?job=x")) == []


def test_a_row_tells_for_whom_it_waits_and_who_is_late(desk):
    application = make_application(Stage.INTERVIEWS)
    make_card(application)
    make_card(application, name="Ivan", email="ivan@example.org", due_at=NOW)
    row = desk.get(LIST).context["cl"].rows[0]
    assert row.waiting == [("Ivan, interviewer, overdue", True), ("Ida Interviewer, interviewer", False)]
    assert row.since == "since today"


def test_an_ask_that_has_not_begun_is_not_waited_for(desk):
    application = make_application(Stage.INTERVIEWS)
    make_card(application, opens_at=NOW + timedelta(days=1))
    assert desk.get(LIST).context["cl"].rows[0].waiting == []


def test_pages_follow_each_other_without_gap_or_repeat(desk, small_pages):
    make_many(8)
    page, seen = desk.get(LIST), []
    seen += names(page)
    while page.context["cl"].next_url:
        page = desk.get(LIST + page.context["cl"].next_url)
        seen += names(page)
    assert seen == [f"Person {n:03}" for n in reversed(range(8))]


def test_the_way_back_shows_the_same_pages(desk, small_pages):
    make_many(8)
    first = desk.get(LIST)
    second = desk.get(LIST + first.context["cl"].next_url)
    third = desk.get(LIST + second.context["cl"].next_url)
    assert third.context["cl"].next_url == ""
    assert names(desk.get(LIST + third.context["cl"].previous_url)) == names(second)
    back = desk.get(LIST + second.context["cl"].previous_url)
    assert names(back) == names(first)
    assert back.context["cl"].previous_url == ""


def test_the_oldest_come_first_when_asked(desk, small_pages):
    make_many(8)
    page = desk.get(LIST + desk.get(LIST).context["cl"].turn_url)
    assert names(page) == ["Person 000", "Person 001", "Person 002"]
    assert names(desk.get(LIST + page.context["cl"].next_url)) == ["Person 003", "Person 004", "Person 005"]


def test_filters_hold_from_page_to_page_and_start_at_the_first(desk, small_pages):
    job = make_job()
    make_many(8, job)
    page = desk.get(f"{LIST}?job={job.pk}")
    assert f"job={job.pk}" in page.context["cl"].next_url
    second = desk.get(LIST + page.context["cl"].next_url)
    assert "after" not in second.context["cl"].get_query_string({"stage": "all"})


def test_filters_and_search_combine(desk):
    job = make_job()
    make_application(Stage.SCREENING, job=job, candidate=make_candidate("Wanted"))
    make_application(Stage.SCREENING, candidate=make_candidate("Wanted elsewhere"))
    make_application(job=job, candidate=make_candidate("Wanted, not yet"))
    page = desk.get(f"{LIST}?q=Wanted&stage=screening")
    address = next(
        choice["query_string"]
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
        if choice["display"] == job.title and f"job={job.pk}" in choice["query_string"]
    )
    assert names(desk.get(LIST + address)) == ["Wanted"]


@pytest.mark.parametrize("cursor", ["x", "[]", "[1]", '["2030-01-01", "x"]', "{}", '["2030-01-07T09:00:00+00:00"]'])
def test_a_broken_place_in_the_list_starts_it_anew(desk, cursor):
    make_application()
    answer = desk.get(LIST, {"after": cursor})
    assert answer.status_code == 302
    assert answer.url.endswith("?e=1")


def test_it_counts_no_further_than_needed(desk, small_pages, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 5)
    make_many(8)
    assert "More than 5" in desk.get(LIST).content.decode()


@pytest.mark.parametrize("term", ["Ludmila", "ludm", "LUDMILA", "lud@", "Ludmilla", "Ludmyla"])
def test_people_are_found_by_name_or_mail_and_in_spite_of_a_typo(desk, term):
    make_application(candidate=make_candidate("Ludmila Novak", email="lud@example.org"))
    make_application(candidate=make_candidate("Cara Candidate"))
    assert names(desk.get(LIST, {"q": term})) == ["Ludmila Novak"]


def test_nobody_found_says_what_to_do(desk):
    make_application()
    assert "Nobody here is called" in desk.get(LIST, {"q": "Xerxes"}).content.decode()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def make_waiting(number, job):
    for application in make_many_distinct(number, job):
        make_card(application)


def test_three_and_forty_rows_cost_the_same_queries(desk):
    job = make_job()
    make_waiting(3, job)
    few = queries_of(desk, LIST)
    make_waiting(37, job)
    assert queries_of(desk, LIST) == few


def test_more_than_a_page_costs_one_query_more_for_counting(desk):
    job = make_job()
    make_waiting(40, job)
    few = queries_of(desk, LIST)
    make_waiting(40, job)
    assert queries_of(desk, LIST) == few + 1 <= 12


def make_many_distinct(number, job):
    people = [make_candidate(f"P{n}") for n in range(number)]
    return [make_application(Stage.SCREENING, job=job, candidate=person) for person in people]


def test_no_letter_is_read_for_the_list(desk):
    make_application()
    with CaptureQueriesContext(connection) as queries:
        desk.get(LIST)
    assert not [query for query in queries if '"letter"' in query["sql"]]


def test_the_search_uses_the_trigram_indexes(monkeypatch):
    people = [Candidate(name=f"Person {n}", email=f"p{n}@example.org") for n in range(20_000)]
    Candidate.objects.bulk_create(people)
    with connection.cursor() as cursor:
        for name in ("candidate_name_search", "candidate_email_search"):
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name])
        cursor.execute("ANALYZE candidates_candidate")
    monkeypatch.setattr(search, "FEW", 0)
    plan = search.people("Person 19999").explain()
    assert "candidate_name_search" in plan
    assert "candidate_email_search" in plan


def test_a_misspelt_name_is_looked_up_in_the_index():
    with CaptureQueriesContext(connection) as queries:
        list(search.people("Ludmyla"))
    assert any("UPPER" in query["sql"] and "%>" in query["sql"] for query in queries)


@pytest.mark.parametrize("query", ["", "?o=3"])
def test_open_ones_are_read_along_their_index(desk, query):
    job = make_job()
    make_many(500, job)
    make_many(2000, job, Stage.REJECTED, people="q")  # were all open, the index of all would do as well
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_sort = off")  # so few rows are sorted as cheaply as read in order
    queryset = desk.get(LIST + query).context["cl"].queryset
    assert "application_open" in queryset[:51].explain()
