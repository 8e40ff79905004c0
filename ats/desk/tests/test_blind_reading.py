"""Whoever is to read a letter without knowing who wrote it learns it from no page of the desk before they have read."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Document, Stage
from candidates.people.actors import Actor
from candidates.screening import actions as screening

pytestmark = pytest.mark.django_db
NAME = "Zebedee Quill"


@pytest.fixture
def application(rita):
    job = make_job(plan=make_plan(hides_identity=True), recruiters=[rita, make_user("Carl Caller")])
    made = make_application(Stage.APPLIED, job=job, candidate=make_candidate(NAME))
    caller = make_user("Carl Caller")
    screening.begin(made, reader=rita, caller=caller, at=NOW, by=Actor.person(rita))
    return made


@pytest.fixture
def document(application):
    kept = Document(application=application, kind="resume", name="quill.pdf", content_type="application/pdf", at=NOW)
    kept.size, kept.sha256 = 1, ""
    kept.file.save("x", ContentFile(b"x"), save=True)
    return kept


def page_of(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def test_the_page_of_the_application_leads_to_the_reading(rita, application):
    answer = signed_in(rita).get(page_of(application))
    assert answer.url == application.asks.get(user=rita).get_absolute_url()


def test_home_does_not_name_who_wrote(rita, application):
    assert NAME not in signed_in(rita).get(reverse("admin:index")).content.decode()


def test_the_files_stay_closed(rita, application, document):
    answer = signed_in(rita).get(reverse("people:document", args=[document.pk]))
    assert answer.status_code == 403
    assert "Read the letter first" in answer.content.decode()


def test_other_entries_of_the_person_stay_closed(rita, application):
    assert signed_in(rita).get(reverse("desk:duplicates_of", args=[application.pk])).status_code == 404


def test_a_colleague_who_does_not_read_sees_it_all(application, document):
    carl = signed_in(make_user("Carl Caller"))
    assert NAME in carl.get(page_of(application)).content.decode()
    assert b"".join(carl.get(reverse("people:document", args=[document.pk])).streaming_content) == b"x"


def test_after_the_reading_everything_is_open(rita, application):
    application.asks.filter(user=rita).update(answered_at=NOW, remind_at=None)
    assert NAME in signed_in(rita).get(page_of(application)).content.decode()
