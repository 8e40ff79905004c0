"""What a rater changes after the lock: with a reason, beside the first version, and counted only when made blind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import NOW, make_application, make_user
from candidates.judging import actions, firewall, revisions
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_answers, make_card
from candidates.models import Event, Revision, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move, record
from candidates.tests.together import together

IDA = Actor.outsider("Ida Interviewer")


def hours(number):
    return NOW + timedelta(hours=number)


@pytest.fixture
def application(db):
    return make_application(Stage.INTERVIEWS)


@pytest.fixture
def card(application):
    return make_card(application)


@pytest.fixture
def other(application):
    return make_card(application, name="Ivan", email="ivan@example.org")


def lock(card, at=1):
    actions.lock(card, make_answers(card, 4), at=hours(at), by=IDA)


def revise(card, score=2, at=3, reason="I misread my notes", **fields):
    return revisions.revise(card, make_answers(card, score, **fields), reason=reason, at=hours(at), by=IDA)


def test_a_revision_stands_beside_the_first_version(card, other):
    lock(card)
    revise(card)
    assert {score for (score,) in card.ratings.values_list("score")} == {4}
    assert {score.score for score in revisions.current(card).scores} == {2}
    (kept,) = revisions.of([card, other])[card.pk]
    assert (kept.reason, kept.by_name, kept.at) == ("I misread my notes", "Ida Interviewer", hours(3))


def test_the_timeline_tells_it_without_a_score(card, other):
    lock(card)
    revise(card)
    event = Event.objects.get(name="scorecard.revised")
    assert event.data == {"kind": "interview", "scorecard": card.pk}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": " "}, "Say why"),
        ({"score": 4}, "Nothing is different"),
    ],
)
def test_a_revision_that_says_nothing_is_refused(card, fields, message):
    lock(card)
    with pytest.raises(NotAllowed, match=message):
        revise(card, **fields)
    assert not Revision.objects.exists()


def test_a_draft_is_not_revised(card):
    with pytest.raises(NotAllowed, match="locked scorecard"):
        revise(card)


def test_nothing_is_revised_once_the_application_is_closed(card):
    lock(card)
    move(card.application, Stage.REJECTED, at=hours(2), by=Actor.person(make_user()))
    with pytest.raises(NotAllowed, match="open application"):
        revise(card)


def test_a_revision_counts_while_another_still_owes_a_rating(card, other):
    lock(card)
    assert revise(card).is_blind


def test_a_revision_of_who_locked_last_does_not_count(card, other):
    lock(other)
    lock(card, at=2)
    assert not revise(card).is_blind


def test_a_revision_does_not_count_once_all_have_locked(card, other):
    lock(card)
    lock(other, at=2)
    assert not revise(card).is_blind


def test_a_revision_does_not_count_when_all_were_in_for_a_while(card, application):
    """The firewall is closed again for a later round, but stood open between."""
    lock(card)
    make_card(application, name="Ivan", email="ivan@example.org", at=hours(2))
    assert not firewall.is_open(application, at=hours(3))
    assert not revise(card).is_blind


def test_a_revision_after_an_override_does_not_count(card, other, application):
    lock(card)
    firewall.override(application, reason="The offer cannot wait", at=hours(2), by=Actor.person(make_user()))
    assert not revise(card).is_blind


@pytest.mark.parametrize(("who", "is_blind"), [("Rita Recruiter", False), ("Carl Colleague", True)])
def test_who_heard_a_referee_on_the_phone_is_not_blind_any_more(application, other, who, is_blind):
    rita = make_user()
    card = make_card(application, name=str(rita), email=rita.email, user=rita)
    lock(card)
    record(application, firewall.HEARD, at=hours(2), by=Actor.person(make_user(who)))
    assert revise(card).is_blind == is_blind


def test_a_revision_of_a_revision_is_told_from_the_last(card, other):
    lock(card)
    revise(card, 2)
    revise(card, 3, at=4)
    with pytest.raises(NotAllowed, match="Nothing is different"):
        revise(card, 3, at=5)
    assert [one.scores[0]["score"] for one in revisions.of([card])[card.pk]] == [2, 3]


def test_what_was_not_seen_can_be_said_later(card, other):
    lock(card)
    keys = list(card.application.plan.competencies.values_list("pk", flat=True))
    answers = Answers([Score(key, not_seen=True) for key in keys], "no")
    revisions.revise(card, answers, reason="I mixed up two people", at=hours(3), by=IDA)
    assert [one.not_seen for one in revisions.current(card).scores] == [True] * len(keys)


def test_a_revision_stays_as_it_was_written(card, other):
    lock(card)
    revision = revise(card)
    with pytest.raises(IntegrityError, match="stay as they were written"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(reason="Another")


def test_the_revisions_of_many_cards_take_one_query(card, other, django_assert_num_queries):
    for one in (card, other):
        lock(one)
        revise(one)
    with django_assert_num_queries(1):
        assert [len(found) for found in revisions.of([card, other]).values()] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_one_revision_sent_twice_at_once_is_kept_once():
    card = make_card(make_application(Stage.INTERVIEWS))
    lock(card)
    copies = [Scorecard.objects.select_related("application").get(pk=card.pk) for _ in range(4)]
    results = together(*[lambda copy=copy: revise(copy) for copy in copies])
    assert sum(isinstance(result, Revision) for result in results) == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == 3
