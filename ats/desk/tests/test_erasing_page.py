"""The page that erases a person: who may, what it says, the name as the second step."""

import pytest
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from ats.privacy.models import Erasure
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Candidate
from candidates.people import requests
from candidates.people.actors import Actor
from candidates.people.models import DataRequest
from candidates.screening.builders import begin_screening

pytestmark = pytest.mark.django_db
NAME = "Zacharias Quillfeather"


@pytest.fixture
def rita():
    return with_role("Rita Recruiter", roles.RECRUITERS)


@pytest.fixture
def application(rita):
    return make_application(job=make_job(recruiters=[rita]), candidate=make_candidate(NAME))


def page_of(application):
    return reverse("desk:erase", args=[application.candidate_id])


def test_the_page_says_what_goes_and_opening_it_changes_nothing(rita, application):
    page = signed_in(rita).get(page_of(application))
    for words in (NAME, "What goes", "What stays", "cannot be undone", application.job.title):
        assert words in page.content.decode()
    assert (page.status_code, Erasure.objects.count()) == (200, 0)


def test_a_recruiter_erases_who_applied_for_their_jobs_by_typing_the_name(rita, application):
    answer = signed_in(rita).post(page_of(application), {"name": "  zacharias   QUILLFEATHER "}, follow=True)
    assert "Erased." in answer.content.decode()
    assert (Candidate.objects.get(pk=application.candidate_id).name, Erasure.objects.get().by_name) == (
        "Erased person", str(rita),
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["", "Zacharias", "x" * 1000, "Zacharias\0Quillfeather", "\ud800"])
def test_another_word_erases_nobody(rita, application, typed):
    data = f"name={typed}" if typed != "\ud800" else "name=%ED%A0%80"
    answer = signed_in(rita).post(page_of(application), data, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, Erasure.objects.count()) == (422, 0)
    assert 'role="alert"' in answer.content.decode()


def test_who_recruits_for_only_one_of_the_jobs_is_told_whom_to_ask(rita, application):
    olaf = with_role("Olaf Other", roles.RECRUITERS)
    make_application(job=make_job(recruiters=[olaf]), candidate=application.candidate)
    page = signed_in(rita).get(page_of(application)).content.decode()
    assert ("Ask: Olaf Other" in page, "Erase for good" in page) == (True, False)
    signed_in(rita).post(page_of(application), {"name": NAME})
    assert Erasure.objects.count() == 0
    signed_in(make_user("Ada Admin", is_superuser=True)).post(page_of(application), {"name": NAME})
    assert Erasure.objects.count() == 1


def test_managers_and_strangers_erase_nobody(rita, application):
    stranger = with_role("Sven Stranger", roles.RECRUITERS)
    assert signed_in(stranger).post(page_of(application), {"name": NAME}).status_code == 404
    manager = with_role("Mona Manager", roles.MANAGERS)
    application.job.hiring_manager = manager
    application.job.save()
    assert "Erase for good" not in signed_in(manager).get(page_of(application)).content.decode()
    signed_in(manager).post(page_of(application), {"name": NAME})
    assert Erasure.objects.count() == 0


def test_whoever_is_to_read_without_the_name_does_not_meet_it_here(rita):
    plan = make_plan(hides_identity=True)
    application = make_application(job=make_job(plan=plan, recruiters=[rita]), candidate=make_candidate(NAME))
    begin_screening(application, reader=rita)
    assert signed_in(rita).get(page_of(application)).status_code == 404


def test_who_is_erased_already_is_told_so(rita, application):
    for _time in range(2):
        answer = signed_in(rita).post(page_of(application), {"name": NAME}, follow=True)
    assert (answer.status_code, Erasure.objects.count()) == (422, 1)
    assert "erased already" in signed_in(rita).get(page_of(application)).content.decode()


def test_the_pages_of_who_was_erased_still_open(rita, application):
    begin_screening(application, reader=rita, caller=rita)
    signed_in(rita).post(page_of(application), {"name": NAME})
    client = signed_in(rita)
    for name, pk in (("candidate", application.candidate_id), ("application", application.pk)):
        page = client.get(reverse(f"admin:candidates_{name}_change", args=[pk]))
        assert (page.status_code, NAME in page.content.decode()) == (200, False)
    for name in ("candidate", "application", "ask", "message", "datarequest"):
        page = client.get(reverse(f"admin:candidates_{name}_changelist"), {"state": "all"}, follow=True)
        assert (page.status_code, NAME in page.content.decode()) == (200, False)


def test_a_request_to_be_deleted_leads_there_while_it_waits(rita, application):
    requests.request(application, DataRequest.Kind.ERASE, at=NOW, by=Actor.candidate(NAME))
    requests.request(application, DataRequest.Kind.COPY, at=NOW, by=Actor.candidate(NAME))
    waiting = reverse("admin:candidates_datarequest_changelist")
    assert signed_in(rita).get(waiting).content.decode().count(page_of(application)) == 1
    signed_in(rita).post(page_of(application), {"name": NAME})
    done = signed_in(rita).get(waiting, {"state": "all"}).content.decode()
    assert (page_of(application) in done, "Erased person" in done) == (False, True)
