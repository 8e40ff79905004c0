"""Whoever is to read a letter without knowing who wrote it learns it from no page of the desk before they have read."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Application, Candidate, Document, Stage
from candidates.people.actors import Actor
from candidates.people.models import DataRequest
from candidates.post import mail
from candidates.screening import actions as screening
from candidates.screening import masking

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
    assert "Give your judgement first" in answer.content.decode()


def test_other_entries_of_the_person_stay_closed(rita, application):
    assert signed_in(rita).get(reverse("desk:duplicates_of", args=[application.pk])).status_code == 404


def test_a_colleague_who_does_not_read_sees_it_all(application, document):
    carl = signed_in(make_user("Carl Caller"))
    assert NAME in carl.get(page_of(application)).content.decode()
    assert b"".join(carl.get(reverse("people:document", args=[document.pk])).streaming_content) == b"x"


def test_after_the_reading_everything_is_open(rita, application):
    application.asks.filter(user=rita).update(answered_at=NOW, remind_at=None)
    assert NAME in signed_in(rita).get(page_of(application)).content.decode()


LISTS = ("candidate", "ask", "message", "datarequest")


def text_of(client, address):
    return client.get(address, follow=True).content.decode()


def test_the_list_shows_a_code_name_in_the_place_of_who_wrote(rita, application):
    page = text_of(signed_in(rita), reverse("admin:candidates_application_changelist"))
    assert NAME not in page
    assert masking.code_name(application.pk) in page
    assert "named once you have read" in page


def test_a_search_by_name_does_not_find_it(rita, application):
    other = make_application(candidate=make_candidate("Zebedee Other"), job=application.job)
    page = text_of(signed_in(rita), reverse("admin:candidates_application_changelist") + "?q=Zebedee&stage=all")
    assert page_of(other) in page
    assert page_of(application) not in page


@pytest.mark.parametrize("name", LISTS)
def test_other_lists_leave_it_out_until_then(rita, application, name):
    DataRequest.objects.create(application=application, kind="copy", at=NOW, due_at=NOW + timedelta(days=30))
    mail.queue(application, "candidates/withdrawn", key="one", at=NOW)
    carl = signed_in(with_role("Carl Caller", roles.RECRUITERS))
    address = reverse(f"admin:candidates_{name}_changelist") + ("?state=all" if name in ("ask", "datarequest") else "")
    told = application.candidate.email if name == "message" else NAME
    assert told in text_of(carl, address)
    assert told not in text_of(signed_in(rita), address)


@pytest.mark.parametrize("stage", [Stage.INTERVIEWS, Stage.REJECTED, Stage.APPLIED])
def test_the_pages_of_moves_lead_to_the_reading(rita, application, stage):
    address = reverse("admin:candidates_application_move", args=[application.pk, stage])
    assert signed_in(rita).get(address).url == application.asks.get(user=rita).get_absolute_url()


@pytest.mark.parametrize("name", ["note", "override", "undo_rejection"])
def test_nothing_is_done_to_it_by_its_reader_before(rita, application, name):
    address = reverse(f"admin:candidates_application_{name}", args=[application.pk])
    signed_in(rita).post(address, {"text": "A note.", "reason": "Now."})
    assert not application.notes.exists()
    assert not application.events.filter(name="firewall.opened").exists()


def test_the_debrief_leads_to_the_reading(rita, application):
    answer = signed_in(rita).get(reverse("desk:debrief", args=[application.pk]))
    assert answer.url == application.asks.get(user=rita).get_absolute_url()


def test_many_at_once_leaves_it_out_under_its_code_name(rita, application):
    typed = {"verb": "reject", "chosen": application.pk, "action": "preview", "reason": "skills", "when": "now"}
    page = signed_in(rita).post(reverse("desk:bulk"), typed).content.decode()
    assert NAME not in page
    assert masking.code_name(application.pk) in page
    assert "without knowing whose it is" in page
    signed_in(rita).post(reverse("desk:bulk"), typed | {"action": "confirm"})
    application.refresh_from_db()
    assert application.stage == Stage.SCREENING


def test_the_person_is_not_offered_as_a_double(rita, application):
    twin = make_candidate("Zebedee Quill", email="quill.two@example.org")
    make_application(candidate=twin, job=application.job)
    Candidate.objects.filter(pk__in=[twin.pk, application.candidate_id]).update(phone_key="+31200000")
    assert NAME not in text_of(signed_in(rita), reverse("desk:duplicates"))
    pair = reverse("desk:duplicates_compare", args=[twin.pk, application.candidate_id])
    assert signed_in(rita).get(pair).status_code == 404


def test_whose_link_alone_opens_the_reading_is_told_of_the_mail(rita, application):
    application.asks.filter(user=rita).update(user=None, email=rita.email.upper())
    application.job.recruiters.add(rita)
    answer = signed_in(rita).get(page_of(application))
    assert answer.status_code == 403
    assert "The link in the mail" in answer.content.decode()
    assert NAME not in answer.content.decode()


def test_the_firewall_costs_a_list_at_most_two_queries_whatever_its_length(rita, application):
    client, address = signed_in(rita), reverse("admin:candidates_application_changelist") + "?stage=all"
    client.get(address)
    counts = []
    for number in (3, 300):
        people = [make_candidate(f"Person {one}") for one in range(number)]
        Application.objects.bulk_create(_row(application, person) for person in people)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        assert sum("'exercise'" in query["sql"] for query in queries) <= 2
    assert counts[1] - counts[0] <= 1  # how many there are is counted only where there is a second page


def _row(application, person):
    fields = {"plan": application.plan, "job": application.job, "stage_since": NOW, "applied_at": NOW}
    return Application(candidate=person, **fields)
