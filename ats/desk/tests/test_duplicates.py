"""The pages about people who may be one: found, compared, merged, undone, each only by those who may."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Apart, Candidate, Document, Merge, Referrer, Stage
from candidates.people import merging
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db
PHONE = "+34 612 345 678"


@pytest.fixture
def job(rita):
    return make_job("Chat hero")


@pytest.fixture
def older(job):
    return make_application(Stage.SCREENING, job=job, candidate=make_candidate("Ana López", email="a@example.org"))


@pytest.fixture
def newer(job):
    person = make_candidate("Ana Lopez", email="b@example.org", phone=PHONE)
    return make_application(job=job, candidate=person)


def compare(kept, folded):
    return reverse("desk:duplicates_compare", args=[kept.candidate_id, folded.candidate_id])


def person_page(application):
    return reverse("admin:candidates_candidate_change", args=[application.candidate_id])


def application_page(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def box(application):
    return reverse("desk:duplicates_of", args=[application.pk])


def merged(older, newer):
    return merging.merge(older.candidate, newer.candidate, at=NOW, by=Actor.person(make_user()))


def test_the_page_of_an_application_and_of_a_person_tell_who_may_be_the_same(desk, older, newer):
    assert box(older) in desk.get(application_page(older)).content.decode()  # fetched after the page
    for address in (box(older), person_page(older)):
        page = desk.get(address).content.decode()
        assert "Perhaps the same person" in page
        assert "same name" in page
        assert compare(older, newer) in page


def test_merging_is_seen_before_it_is_done(desk, older, newer):
    before = counts()
    page = desk.get(compare(older, newer)).content.decode()
    assert "Is set aside" in page
    assert PHONE in page
    assert counts() == before
    assert desk.post(compare(older, newer), {"action": "merge"}).url == person_page(older)
    newer.refresh_from_db()
    assert (newer.candidate, newer.duplicate_of) == (older.candidate, older)


def test_what_was_sent_twice_shows_with_the_other(desk, older, newer):
    Document.objects.create(
        application=newer, kind="resume", name="newer-cv.pdf", content_type="application/pdf", size=1, sha256="",
        file="x", at=NOW,
    )  # fmt: skip
    merged(older, newer)
    page = desk.get(box(older), headers={"HX-Request": "true"}).content.decode()
    assert "newer-cv.pdf" in page
    assert "What happened with it" in page


def test_what_was_set_aside_says_so_and_has_no_buttons(desk, older, newer):
    merged(older, newer)
    answer = desk.get(application_page(newer))
    assert "Set aside: the same person" in answer.content.decode()
    assert application_page(older) in answer.content.decode()
    assert answer.context["buttons"] == []
    move = reverse("admin:candidates_application_move", args=[newer.pk, Stage.SCREENING])
    assert desk.get(move).status_code == 409


def test_a_merge_is_undone_by_a_second_step(desk, older, newer):
    done = merged(older, newer)
    address = reverse("desk:duplicates_undo", args=[done.pk])
    assert address in desk.get(person_page(older)).content.decode()
    assert "Undo the merge" in desk.get(address).content.decode()
    assert Merge.objects.get().undone_at is None
    assert desk.post(address).status_code == 302
    assert Merge.objects.get().undone_at is not None
    assert "undid it" in desk.get(address).content.decode()
    assert desk.post(address, follow=True).status_code == 200


def test_two_who_are_two_are_told_apart(desk, older, newer):
    answer = desk.post(compare(older, newer), {"action": "apart", "next": application_page(older)})
    assert answer.url == application_page(older)
    assert Apart.objects.count() == 1
    assert "Perhaps the same person</h2>" not in desk.get(box(older)).content.decode()


def test_nobody_is_led_away_from_our_pages(desk, older, newer):
    for next_page in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = desk.post(compare(older, newer), {"action": "apart", "next": next_page})
        assert answer.url == reverse("desk:duplicates")


def test_who_does_not_recruit_for_all_jobs_learns_who_does(desk, older, stranger):
    person = make_candidate("Ana Lopez", phone=PHONE)
    own = make_application(candidate=person, job=make_job())
    elsewhere = make_job("Secret job", recruiters=[stranger], hiring_manager=make_user("Moa"))
    make_application(candidate=person, job=elsewhere)
    page = desk.get(compare(older, own)).content.decode()
    assert "Stella Stranger" in page
    assert "Secret job" not in page
    assert "Merge them" not in page
    desk.post(compare(older, own), {"action": "merge"})
    assert not Merge.objects.exists()


def test_an_old_name_finds_the_person_of_today(desk, older, newer):
    newer.candidate.name = "Quillon Before"
    newer.candidate.save()
    merged(older, newer)
    page = desk.get(reverse("admin:candidates_application_changelist"), {"q": "Quillon"}).content.decode()
    assert application_page(older) in page


def test_strangers_find_nothing(older, newer, stranger, manager):
    client = signed_in(stranger)
    assert client.get(box(older)).status_code == 404
    assert client.get(compare(older, newer)).status_code == 404
    assert client.post(compare(older, newer), {"action": "merge"}).status_code == 404
    assert client.get(reverse("desk:duplicates_undo", args=[merged(older, newer).pk])).status_code == 404


def test_a_manager_looks_and_does_nothing(older, newer, manager):
    client = signed_in(manager)
    page = client.get(compare(older, newer))
    assert "Merge them" not in page.content.decode()
    for action in ("merge", "apart"):
        assert client.post(compare(older, newer), {"action": action}).status_code == 403
    done = merged(older, newer)
    client.post(reverse("desk:duplicates_undo", args=[done.pk]))
    assert Merge.objects.get().undone_at is None


@pytest.mark.parametrize(
    "address", ["{0}/{0}/", "{0}/0/", "{0}/99999999999999999999999/", "undo/99999999999999999999/"]
)
def test_pairs_that_are_none_are_not_found(desk, older, address):
    assert desk.get("/desk/duplicates/" + address.format(older.candidate_id)).status_code == 404


@pytest.mark.parametrize("before", ["x", "", "-1", "9" * 30, "1\0", "٣"])
def test_an_odd_page_of_pairs_is_a_page(desk, before):
    assert desk.get("/desk/duplicates/", {"before": before}).status_code == 200


def test_the_list_of_pairs_costs_the_same_for_any_number(desk, job):
    def visit():
        with CaptureQueriesContext(connection) as queries:
            answer = desk.get(reverse("desk:duplicates"))
        return len(queries), len(answer.context["pairs"])

    for _number in range(2):
        make_application(job=job, candidate=make_candidate(phone=PHONE))
    visit()
    few = visit()
    for _number in range(10):
        make_application(job=job, candidate=make_candidate(phone=PHONE))
    assert (few[1], visit()) == (1, (few[0], 11))


def test_who_was_merged_is_in_no_list_of_people(admin, older, newer):
    merged(older, newer)
    client = signed_in(admin)
    people = client.get(reverse("admin:candidates_candidate_changelist")).context["cl"].result_list
    assert people == list(Candidate.objects.filter(pk=older.candidate_id))


def test_the_desk_tells_who_recommended_somebody(desk, job):
    eve = Referrer.objects.create(name="Eve Employee", email="eve@rapport.test", created_at=NOW)
    page = desk.get(application_page(make_application(job=job, referrer=eve))).content.decode()
    assert "Eve Employee" in page
