"""Who may be the same person, and what tells it."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Apart, Candidate
from candidates.people import duplicates, identity
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    rita = make_user()
    rita.user_permissions.add(Permission.objects.get(codename="view_poolmember"))
    return rita


@pytest.fixture
def job(rita):
    return make_job()


def applicant(job, name="Cara Candidate", **fields):
    return make_application(job=job, candidate=make_candidate(name, **fields)).candidate


def like(candidate, user):
    return [(one.candidate.name, one.reasons) for one in duplicates.like(candidate, user)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana María López", "Ana Maria Lopez"),
        ("Smith, John", "John Smith"),
        ("Ana López", "Ana María López"),
        ("Łukasz Wójcik", "lukasz wojcik"),
        ("Jonathan Smithson", "Jonathon Smithson"),
        ("Jean-Luc Moreau", "Jean Luc Moreau"),
        ("田中 太郎", "太郎 田中"),
    ],
)
def test_names_that_may_be_one_persons(one, other):
    assert identity.alike(one, other)
    assert identity.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Jane Smith"),
        ("Maria García", "Mario García"),
        ("Anna Schmidt", "Anna Schneider"),
        ("John Smith", "John Smythe"),
        ("Ana", "Ana López"),
        ("Mohamed Ali", "Ahmed Ali"),
        ("!?", "..."),
    ],
)
def test_names_of_two(one, other):
    assert not identity.alike(one, other)


def test_a_name_of_two_hundred_letters_is_compared_quickly():
    assert identity.alike("ab " * 66, "ba " * 66) in (True, False)


@pytest.mark.parametrize(
    "alike", ["Ana Maria Lopez", "López, Ana María", "ANA MARIA LÓPEZ", "Ana Marìa Lòpez Ruiz", "Ana María Lopes"]
)
def test_the_index_finds_those_whose_names_are_alike(rita, job, alike):
    ana = applicant(job, "Ana María López")
    applicant(job, alike)
    applicant(job, "Peter Brandt")
    assert [name for name, _why in like(ana, rita)] == [alike]


def test_the_surest_stands_first_with_its_reasons(rita, job):
    ana = applicant(job, "Ana López", email="ana.lopez@gmail.com", phone="+34 612 345 678")
    applicant(job, "Ana Lopez")
    applicant(job, "A. L.", phone="0034612345678", country="NL")
    applicant(job, "Ana Lopez", email="analopez+jobs@googlemail.com", phone="+34612345678")
    assert like(ana, rita) == [
        ("Ana Lopez", "same mailbox, same phone, same name"),
        ("A. L.", "same phone"),
        ("Ana Lopez", "same name"),
    ]


def test_nobody_is_told_of_people_they_may_not_see(rita, job):
    ana = applicant(job, "Ana López")
    applicant(make_job(recruiters=[make_user("Stella Stranger")], hiring_manager=make_user("Moa")), "Ana Lopez")
    assert like(ana, rita) == []
    assert like(ana, make_user("Ada Admin", is_superuser=True)) == [("Ana Lopez", "same name")]


def test_who_was_told_apart_is_not_told_again(rita, job):
    ana, other = applicant(job, "Ana López"), applicant(job, "Ana Lopez", email="ana@example.org")
    for pair in ((ana, other), (other, ana)):
        duplicates.tell_apart(*pair, at=NOW, by=Actor.person(rita))
    assert (like(ana, rita), like(other, rita), Apart.objects.count()) == ([], [], 1)


def test_looking_costs_the_same_for_any_number_of_people(rita, job):
    ana = applicant(job, "Ana López")
    duplicates.like(ana, rita)
    with CaptureQueriesContext(
        connection,
    ) as few:
        duplicates.like(ana, rita)
    for _number in range(5):
        applicant(job, "Ana Lopez")
    with CaptureQueriesContext(connection) as many:
        assert len(duplicates.like(ana, rita)) == 5
    assert len(many) == len(few)


def test_the_list_of_pairs_has_the_newest_first_and_each_with_the_oldest(rita, job):
    first = applicant(job, "Ana", phone="+34612345678")
    second = applicant(job, "Bea", email="bea@gmail.com")
    third = applicant(job, "Cid", phone="+34 612 345 678")
    fourth = applicant(job, "Ana", phone="+34 612 345 678", email="b.ea@gmail.com")
    applicant(job, "Ana")
    told = [(pair.newer, pair.older, pair.reasons) for pair in duplicates.pairs(rita)]
    assert told == [
        (fourth, second, "same mailbox"),
        (fourth, first, "same phone, same name"),
        (third, first, "same phone"),
    ]


def test_the_list_of_pairs_goes_on_after_the_last(rita, job):
    for _number in range(5):
        applicant(job, phone="+34612345678")
    keys = list(Candidate.objects.order_by("pk").values_list("pk", flat=True))
    page = duplicates.pairs(rita, most=2)
    assert [pair.newer.pk for pair in page] == [keys[4], keys[3]]
    assert [pair.newer.pk for pair in duplicates.pairs(rita, before=keys[3], most=2)] == [keys[2], keys[1]]


def test_the_list_of_pairs_leaves_out_who_was_told_apart_or_is_not_to_be_seen(rita, job):
    ana, bea = applicant(job, phone="+34612345678"), applicant(job, phone="+34612345678")
    elsewhere = make_job(recruiters=[make_user("Stella Stranger")], hiring_manager=make_user("Moa"))
    applicant(elsewhere, phone="+34612345678")
    duplicates.tell_apart(ana, bea, at=NOW, by=Actor.person(rita))
    assert duplicates.pairs(rita) == []


def test_people_without_a_number_are_no_pairs(rita, job):
    applicant(job)
    applicant(job)
    assert duplicates.pairs(rita) == []
