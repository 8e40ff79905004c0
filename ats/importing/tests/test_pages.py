"""The pages of an import: for its maker, with plain words for what is wrong, and nothing written by looking."""

import pytest
from django.test import Client
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from ats.importing import work
from ats.importing.models import Import
from ats.importing.tests.making import (
    CARA,
    OMAR,
    check,
    clock_stands,
    fresh,
    make_csv,
    make_import,
    make_zip,
    take_in,
    upload,
)
from candidates.builders import make_application, make_candidate, make_job
from candidates.models import Application, Document
from candidates.people import uploads
from candidates.people.tests import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(rita):
    return make_job(recruiters=[rita])


def address(name, run):
    return reverse(f"importing:{name}", args=[run.pk])


def send(client, job, content, name="export.csv", **more):
    return client.post(reverse("importing:upload"), {"job": job.pk, "table": upload(content, name), **more})


def named(run):
    """What the browser sends for the columns as they are guessed."""
    meanings = ["name", "email", "phone", "applied_at", "letter"]
    return {f"column_{place}": meaning for place, meaning in enumerate(meanings)} | {"is_month_first": "no"}


def test_a_recruiter_brings_a_file_and_sees_what_becomes_of_each_row(desk, job):
    answer = send(desk, job, make_csv(CARA, OMAR))
    run = Import.objects.get()
    assert answer.url == address("columns", run)
    page = desk.get(answer.url).content.decode()
    assert ("cara@example.org" in page, 'value="applied_at" selected' in page) == (True, True)
    assert desk.post(address("columns", run), named(run)).url == address("run", run)
    work.work(run.pk, clock=clock_stands)
    assert "Take in 2 applications" in desk.get(address("run", run)).content.decode()
    assert Application.objects.count() == 0
    desk.post(address("start", run))
    work.work(run.pk, clock=clock_stands)
    page = desk.get(address("run", run)).content.decode()
    application = Application.objects.first()
    assert reverse("admin:candidates_application_change", args=[application.pk]) in page


@pytest.mark.parametrize("name", ["run", "columns", "state", "refused"])
def test_an_import_is_there_for_its_maker_and_administrators_alone(desk, stranger, admin, job, name):
    run = check(make_import(job, make_csv(CARA)))
    job.recruiters.add(stranger)  # even a recruiter of the same job
    assert signed_in(stranger).get(address(name, run)).status_code == 404
    assert Client().get(address(name, run)).status_code == 302
    assert [client.get(address(name, run)).status_code for client in (desk, signed_in(admin))] == [200, 200]


@pytest.mark.parametrize("name", ["start", "stop", "go_on"])
def test_a_stranger_sets_nothing_in_motion(stranger, job, rita, name):
    run = check(make_import(job, make_csv(CARA)))
    assert signed_in(stranger).post(address(name, run)).status_code == 404
    assert fresh(run).state == "checked"


def test_the_list_shows_ones_own_imports(desk, stranger, job):
    make_import(job, make_csv(CARA))
    assert "export.csv" in desk.get(reverse("importing:imports")).content.decode()
    assert "export.csv" not in signed_in(stranger).get(reverse("importing:imports")).content.decode()


def test_a_job_of_others_cannot_be_chosen(desk, job, stranger):
    answer = send(desk, make_job(recruiters=[stranger]), make_csv(CARA))
    assert ("Choose a job." in answer.content.decode(), Import.objects.count()) == (True, 0)


def test_who_recruits_for_nothing_is_told_so(manager, job):
    assert signed_in(manager).get(reverse("importing:upload")).status_code == 403


def test_a_post_without_a_token_is_refused(rita, job):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rita)
    assert send(client, job, make_csv(CARA)).status_code == 403
    assert Import.objects.count() == 0


def test_a_post_with_a_token_is_taken(rita, job):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rita)
    client.get(reverse("importing:upload"))
    token = client.cookies["csrftoken"].value
    assert send(client, job, make_csv(CARA), csrfmiddlewaretoken=token).status_code == 302


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"\0\0\0", b"a\r\nb\r\n", b"PK\x03\x04"])
def test_a_file_that_is_no_table_is_told_beside_its_field_and_not_kept(desk, job, content):
    answer = send(desk, job, content)
    assert ("errorlist" in answer.content.decode(), answer.status_code) == (True, 200)
    assert Document.objects.count() == 0


def test_a_file_larger_than_ten_megabytes_is_taken(desk, job):
    big = make_csv(*[[f"Person {n}", f"p{n}@example.org", "", "", "x" * 40_000] for n in range(300)])
    assert len(big) > uploads.MOST_BYTES
    assert send(desk, job, big).status_code == 302
    assert Document.objects.get().size == len(big)


def test_a_table_over_fifty_megabytes_is_refused(desk, job):
    answer = send(desk, job, b"Name,Email\r\n" + b"x" * (50 * 1024 * 1024 + 1))
    assert "larger than 50 MB" in answer.content.decode()


def test_a_zip_that_is_none_is_refused(desk, job):
    answer = send(desk, job, make_csv(CARA), resumes=upload(b"no zip", "cvs.zip"))
    assert ("This ZIP is broken" in answer.content.decode(), Document.objects.count()) == (True, 0)


def test_a_zip_goes_with_the_table(desk, job):
    send(desk, job, make_csv(CARA), resumes=upload(make_zip({"cv.pdf": files.pdf()}), "cvs.zip"))
    run = Import.objects.get()
    assert run.resumes.content_type == "application/zip"
    assert "file name in the ZIP" in desk.get(address("columns", run)).content.decode()


def test_the_name_of_a_file_cannot_act(desk, job):
    send(desk, job, make_csv(CARA), name="<script>alert(1)</script>\u202e.csv")
    page = desk.get(address("columns", Import.objects.get())).content.decode()
    assert ("<script>alert" in page, "\u202e" in page) == (False, False)


def test_cells_cannot_act(desk, job):
    run = check(make_import(job, make_csv(["<script>alert(1)</script>", "x@example.org", "", "", ""])))
    for name in ("columns", "run"):
        assert "<script>alert" not in desk.get(address(name, run)).content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"column_0": "name"}, "which column holds the mail address"),
        ({"column_0": "email"}, "which column holds the name"),
        ({"column_0": "name", "column_1": "email", "column_2": "email"}, "Another column has this meaning already."),
        ({"column_0": "<script>"}, "Select a valid choice"),
        ({"column_0": "name\0", "column_1": "email"}, "errorlist"),
        ({"column_0": "question:99999999999999999999"}, "Select a valid choice"),
    ],
)
def test_columns_that_make_no_sense_are_told(desk, job, said, words):
    run = make_import(job, make_csv(CARA))
    answer = desk.post(address("columns", run), said)
    assert (words in answer.content.decode(), fresh(run).state) == (True, "mapping")


def test_the_next_file_with_the_same_header_is_read_as_the_last(desk, job):
    check(make_import(job, make_csv(CARA)), columns=["name", "email", "", "", "note"])
    page = desk.get(address("columns", make_import(job, make_csv(OMAR)))).content.decode()
    assert ("imported before" in page, 'value="note" selected' in page) == (True, True)


def test_looking_writes_nothing(desk, job):
    run = check(make_import(job, make_csv(CARA)))
    before = Import.objects.values().get()
    for name in ("run", "columns", "state", "refused"):
        assert desk.get(address(name, run)).status_code == 200
        assert desk.head(address(name, run)).status_code == 200
    for name in ("start", "stop", "go_on"):
        assert desk.get(address(name, run)).status_code == 405
    assert Import.objects.values().get() == before


def test_pressing_twice_starts_once(desk, job):
    run = check(make_import(job, make_csv(CARA)))
    desk.post(address("start", run))
    work.work(run.pk, clock=clock_stands)
    answer = desk.post(address("start", run), follow=True)
    assert "can be started" in answer.content.decode()
    assert Application.objects.count() == 1


def test_rows_are_filtered_by_their_fate(desk, job):
    run = check(make_import(job, make_csv(CARA, ["Nobody", "", "", "", ""])))
    page = desk.get(address("run", run) + "?fate=refused").content.decode()
    assert ("Nobody" in page, "Cara Candidate" in page) == (True, False)


@pytest.mark.parametrize("query", ["?fate=%00", "?page=x", "?page=99999999999999999999", "?fate[]=1", "?page=-1"])
def test_any_address_of_the_rows_is_answered(desk, job, query):
    assert desk.get(address("run", check(make_import(job, make_csv(CARA)))) + query).status_code == 200


def test_refused_rows_come_back_as_they_stood_with_the_reason_and_harmless(desk, job):
    run = check(make_import(job, make_csv(CARA, ['=cmd|"/c calc"', "", "+31", "", "\0x"])))
    text = b"".join(desk.get(address("refused", run)).streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "Row,Not taken because,Name,Email,Phone,Applied on,Cover letter"
    assert "'=cmd" in text.splitlines()[1]
    assert ("'+31" in text, "\0" in text, "Cara" in text) == (True, False, False)


def test_a_mended_file_of_refused_rows_can_be_imported(desk, job):
    run = check(make_import(job, make_csv(["Cara", "", "+31201234567", "", ""])))
    text = b"".join(desk.get(address("refused", run)).streaming_content).decode("utf-8-sig")
    mended = text.replace("Cara,,", "Cara,cara@example.org,").encode()
    take_in(make_import(job, mended))
    assert Application.objects.get().candidate.phone == "+31201234567"


def test_the_page_asks_again_while_it_is_under_way_and_is_whole_at_the_end(desk, job):
    run = make_import(job, make_csv(CARA))
    desk.post(address("columns", run), named(run))
    state = desk.get(address("state", run))
    assert ("every 2s" in state.content.decode(), "HX-Refresh" in state.headers) == (True, False)
    work.work(run.pk, clock=clock_stands)
    assert desk.get(address("state", run)).headers["HX-Refresh"] == "true"


def test_a_page_of_rows_costs_the_same_however_many_there_are(desk, job, django_assert_max_num_queries):
    for number in range(12):
        make_application(job=job, candidate=make_candidate(email=f"p{number}@example.org"))
    run = take_in(make_import(job, make_csv(*[[f"P {n}", f"p{n}@example.org", "", "", ""] for n in range(60)])))
    desk.get(address("run", run))
    with django_assert_max_num_queries(7):
        desk.get(address("run", run))


def test_the_jobs_page_leads_to_its_import(desk, job):
    page = desk.get(reverse("admin:candidates_job_change", args=[job.pk])).content.decode()
    assert f"{reverse('importing:upload')}?job={job.pk}" in page
    chosen = desk.get(f"{reverse('importing:upload')}?job={job.pk}").content.decode()
    assert f'<option value="{job.pk}" selected>' in chosen
