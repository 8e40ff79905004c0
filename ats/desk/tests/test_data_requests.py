"""Recruiters see who asks for their data, and say when it is done."""

from datetime import timedelta

import pytest

from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.models import DataRequest
from candidates.people import requests
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db
LIST = "/admin/candidates/datarequest/"


def wanted(name="Cara Candidate", kind=DataRequest.Kind.ERASE, job=None, at=NOW):
    application = make_application(candidate=make_candidate(name), job=job or make_job())
    return requests.request(application, kind, at=at, by=Actor.candidate(name))


def finish(client, *rows):
    return client.post(LIST, {"action": "finish", "_selected_action": [row.pk for row in rows]}, follow=True)


def test_home_shows_what_waits_with_its_day(desk):
    wanted()
    page = desk.get("/admin/").content.decode()
    assert "Cara Candidate: deletion of their data" in page
    assert "By Wed 6 Feb" in page


def test_home_tells_what_is_overdue(desk):
    wanted(at=NOW - timedelta(days=40))
    assert "Overdue since 28 Dec" in desk.get("/admin/").content.decode()


def test_home_is_silent_without_requests_and_for_strangers(desk, stranger):
    assert "Data requests</h2>" not in desk.get("/admin/").content.decode()
    wanted()
    assert "Cara Candidate" not in signed_in(stranger).get("/admin/").content.decode()


def test_a_recruiter_marks_it_done(desk):
    one, two = wanted("Cara"), wanted("Otto")
    page = finish(desk, one, two).content.decode()
    one.refresh_from_db()
    assert "2 requests are done." in page
    assert (one.done_at.replace(microsecond=0), one.done_by_name) == (LATER, "Rita Recruiter")
    assert "Nothing" not in page
    assert finish(desk, one).status_code == 200


def test_a_stranger_neither_sees_nor_finishes_it(stranger):
    one = wanted()
    client = signed_in(stranger)
    assert "Cara Candidate" not in client.get(LIST).content.decode()
    finish(client, one)
    one.refresh_from_db()
    assert one.done_at is None


def test_what_is_done_is_found_by_the_filter(desk):
    finish(desk, wanted())
    assert "Cara Candidate" not in desk.get(LIST).content.decode()
    assert "Cara Candidate" in desk.get(LIST, {"state": "done"}).content.decode()


@pytest.mark.parametrize("count", [1, 15])
def test_home_and_list_ask_the_database_no_more_for_many(desk, count, django_assert_max_num_queries):
    job = make_job()
    for number in range(count):
        wanted(f"Person {number}", job=job)
    with django_assert_max_num_queries(9):
        assert desk.get(LIST).status_code == 200
