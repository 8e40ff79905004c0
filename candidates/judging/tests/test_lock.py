"""Drafts and locks: one lock, final; the database keeps it, whoever asks."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from candidates.builders import NOW, make_application, make_user
from candidates.judging import actions
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_answers, make_card, make_locked_card
from candidates.models import Application, Event, Rating, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks
from candidates.tests.together import together

LATER = NOW + timedelta(hours=1)
IDA = Actor.outsider("Ida Interviewer")


@pytest.fixture
def card(db):
    return make_card(make_application(Stage.INTERVIEWS))


def lock(card, **answers):
    return actions.lock(card, make_answers(card, **answers), at=LATER, by=IDA)


def kept(card):
    return sorted(card.ratings.values_list("competency__name", "score", "evidence"))


def test_a_draft_keeps_what_was_typed_and_asks_for_nothing(card):
    empathy = card.application.plan.competencies.get(name="Empathy")
    actions.save_draft(card, Answers([Score(competency=empathy.pk, evidence="Liste")], summary="Wa"), at=NOW)
    card.refresh_from_db()
    assert (card.summary, card.saved_at, card.locked_at) == ("Wa", NOW, None)
    assert kept(card) == [("Empathy", None, "Liste")]


def test_a_draft_is_no_event_and_no_answer(card):
    before = Event.objects.count()
    actions.save_draft(card, make_answers(card), at=NOW)
    card.ask.refresh_from_db()
    assert (Event.objects.count(), card.ask.is_open) == (before, True)


def test_a_later_draft_replaces_the_earlier(card):
    for score in (2, 4):
        actions.save_draft(card, make_answers(card, score), at=NOW)
    assert [score for _name, score, _evidence in kept(card)] == [4, 4]


def test_a_lock_answers_the_ask_and_tells_the_timeline_no_score(card):
    lock(card)
    card.refresh_from_db()
    event = card.application.events.last()
    assert (card.locked_at, card.ask.answered_at) == (LATER, LATER)
    assert (event.name, event.by_name) == ("scorecard.locked", "Ida Interviewer")
    assert event.data == {"kind": "interview", "scorecard": card.pk}


def test_the_last_lock_of_the_stage_says_so(card):
    other = make_card(card.application, name="Ivan", email="ivan@example.org")
    assert lock(card) is False
    assert lock(other) is True


def test_a_rating_owed_in_another_stage_does_not_keep_this_one_open(card):
    Scorecard.objects.filter(pk=make_card(card.application).pk).update(stage=Stage.SCREENING)
    assert lock(card) is True


def test_two_kinds_of_one_stage_are_waited_for_together(db):
    application = make_application(Stage.SCREENING)
    letter, phone = (make_card(application, kind) for kind in (Scorecard.Kind.LETTER, Scorecard.Kind.PHONE))
    assert lock(letter) is False
    assert lock(phone) is True


@pytest.mark.parametrize("verb", [actions.save_draft, actions.lock])
def test_a_locked_card_takes_nothing_more(card, verb):
    lock(card)
    before = kept(card)
    by = {"by": IDA} if verb is actions.lock else {}
    with pytest.raises(asks.NotOpen):
        verb(card, make_answers(card, 1), at=LATER, **by)
    assert kept(card) == before


@pytest.mark.parametrize("verb", [actions.save_draft, actions.lock])
def test_a_card_that_is_no_longer_wanted_takes_nothing(card, verb):
    asks.cancel(card.ask, at=NOW)
    by = {"by": IDA} if verb is actions.lock else {}
    with pytest.raises(asks.NotOpen):
        verb(card, make_answers(card), at=LATER, **by)
    assert kept(card) == []


def change_by_orm(card):
    Scorecard.objects.filter(pk=card.pk).update(recommendation="strong_no")


def change_rating_by_orm(card):
    Rating.objects.filter(scorecard=card).update(score=1)


def change_by_sql(card):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_scorecard SET summary = 'other' WHERE id = %s", [card.pk])


def unlock_by_sql(card):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_scorecard SET locked_at = NULL WHERE id = %s", [card.pk])


def change_rating_by_sql(card):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_rating SET evidence = 'other' WHERE scorecard_id = %s", [card.pk])


def delete_rating(card):
    Rating.objects.filter(scorecard=card).first().delete()


def add_rating(card):
    Rating.objects.create(scorecard=card, criterion="more", score=1)


def give_rating_away(card):
    other = make_card(card.application, name="Ivan", email="ivan@example.org")
    Rating.objects.filter(scorecard=card).update(scorecard=other)


CHANGES = [
    change_by_orm,
    change_rating_by_orm,
    change_by_sql,
    unlock_by_sql,
    change_rating_by_sql,
    delete_rating,
    add_rating,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_draft_can_be_changed_and_a_locked_card_cannot(card, change):
    actions.save_draft(card, make_answers(card), at=NOW)
    with transaction.atomic():
        change(card)
        transaction.set_rollback(True)
    lock(card)
    with pytest.raises(IntegrityError, match="locked scorecard cannot be changed"), transaction.atomic():
        change(card)


def test_a_rating_cannot_be_moved_from_a_locked_card_to_another(card):
    lock(card)
    with pytest.raises(IntegrityError, match="locked scorecard cannot be changed"), transaction.atomic():
        give_rating_away(card)


def test_the_account_of_a_rater_may_go_and_the_judgement_stays(db):
    user = make_user("Ida Interviewer")
    card = make_locked_card(make_application(Stage.INTERVIEWS), {"Empathy": 4}, user=user, name=str(user))
    user.delete()
    card.refresh_from_db()
    assert (card.rater, card.rater_name, kept(card)) == (None, "Ida Interviewer", [("Empathy", 4, "Seen.")])


@pytest.mark.parametrize("score", [0, 6])
def test_the_database_refuses_a_score_off_the_scale(card, score):
    with pytest.raises(IntegrityError, match="rating_on_the_scale"):
        Rating.objects.create(scorecard=card, criterion="x", score=score)


def test_the_database_refuses_two_ratings_of_one_thing(card):
    empathy = card.application.plan.competencies.get(name="Empathy")
    Rating.objects.create(scorecard=card, competency=empathy, score=3)
    with pytest.raises(IntegrityError, match="one_rating_each"):
        Rating.objects.create(scorecard=card, competency=empathy, score=4)


def test_the_database_refuses_a_rating_of_nothing(card):
    with pytest.raises(IntegrityError, match="rating_of_one_thing"):
        Rating.objects.create(scorecard=card, score=4)


def locking(card, score=4):
    """A lock by another request, which has its own copy of the card."""
    copy = Scorecard.objects.select_related("application", "ask").get(pk=card.pk)
    return partial(actions.lock, copy, make_answers(copy, score), at=LATER, by=IDA)


@pytest.mark.django_db(transaction=True)
def test_eight_locks_at_once_are_one():
    card = make_card(make_application(Stage.INTERVIEWS))
    results = together(*[locking(card, number % 5 + 1) for number in range(8)])
    assert [type(result) for result in results].count(asks.NotOpen) == 7
    assert Event.objects.filter(name="scorecard.locked").count() == 1
    winner = results.index(True)
    assert {score for _name, score, _evidence in kept(card)} == {winner % 5 + 1}


@pytest.mark.django_db(transaction=True)
def test_of_two_last_raters_who_finish_at_once_one_is_the_last():
    for _ in range(10):
        application = make_application(Stage.INTERVIEWS)
        cards = [make_card(application, name=name) for name in ("Ida", "Ivan")]
        assert sorted(together(*[locking(card) for card in cards])) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_drafts_and_a_lock_at_once_end_locked_and_never_deadlock():  # F29
    for _ in range(10):
        card = make_card(make_application(Stage.INTERVIEWS))
        draft = partial(actions.save_draft, card, make_answers(card, 2), at=NOW)
        *saved, locked = together(draft, draft, draft, locking(card, 4))
        assert locked is True
        assert {type(result) for result in saved} <= {type(None), asks.NotOpen}
        assert {score for _name, score, _evidence in kept(card)} == {4}


@pytest.mark.django_db(transaction=True)
def test_answering_while_the_application_is_rejected_never_deadlocks():
    for _ in range(40):
        card = make_card(make_application(Stage.INTERVIEWS))
        application = Application.objects.get(pk=card.application_id)
        reject = partial(move, application, Stage.REJECTED, at=LATER, by=Actor.person(make_user()))
        answered, moved = together(locking(card), reject)
        assert answered is True or isinstance(answered, asks.NotOpen), answered
        assert moved.name == "stage.rejected"
        card.ask.refresh_from_db()
        assert bool(card.ask.answered_at) == (answered is True)
