"""What referees say, or that they would rather not."""

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.models import Rating, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks
from candidates.tests.together import together
from references import actions
from references.builders import decline, give, make_answers, make_facts, make_references
from references.models import Reference
from references.questionnaire import KEYS
from references.questionnaires.builders import make_reference_plan

pytestmark = pytest.mark.django_db


def complete(application):
    return list(application.events.filter(name="references.complete").values_list("data", flat=True))


def test_an_answer_is_locked_with_its_facts():
    [nora, _leo] = make_references()
    give(nora, score=5)
    nora.refresh_from_db()
    assert nora.scorecard.is_locked
    assert (nora.would_hire_again, nora.role) == ("yes", "Support agent")
    assert dict(nora.scorecard.ratings.values_list("criterion", "score")) == dict.fromkeys(KEYS, 5)


def test_one_answer_of_two_completes_nothing():
    [nora, _leo] = make_references()
    give(nora)
    assert complete(nora.referee.application) == []


def test_the_last_answer_completes_the_references():
    [nora, leo] = make_references()
    give(nora)
    give(leo)
    assert complete(nora.referee.application) == [{"answered": 2, "declined": 0}]


def no_replacements():
    """Nora and Leo have been asked under a plan that asks for nobody else."""
    plan = make_plan()
    make_reference_plan(plan, needed=1, managers=0, replacements=0)
    return make_references(make_application(Stage.INTERVIEWS, job=make_job(plan=plan)))


@pytest.mark.parametrize(("first", "second"), [(give, decline), (decline, give)])
def test_an_answer_and_a_refusal_complete_the_references(first, second):
    [nora, leo] = no_replacements()
    first(nora)
    second(leo)
    assert complete(nora.referee.application) == [{"answered": 1, "declined": 1}]


def test_answers_move_nothing():
    [nora, leo] = make_references()
    give(nora)
    give(leo)
    nora.referee.application.refresh_from_db()
    assert nora.referee.application.stage == Stage.REFERENCES


@pytest.mark.parametrize("second", [give, decline])
@pytest.mark.parametrize("first", [give, decline])
def test_a_referee_answers_or_declines_once(first, second):
    [nora, _leo] = make_references()
    first(nora)
    with pytest.raises(asks.NotOpen):
        second(nora)


def test_after_a_rejection_no_answer_is_taken():
    [nora, _leo] = make_references()
    move(nora.referee.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user()))
    with pytest.raises(asks.NotOpen):
        give(nora)
    assert Rating.objects.count() == 0


def test_a_draft_is_kept_and_counts_for_nothing():
    [nora, _leo] = make_references()
    actions.save_draft(nora, make_facts(role="Agent"), make_answers(2), at=NOW)
    nora.refresh_from_db()
    assert (nora.role, nora.scorecard.is_locked, nora.scorecard.ratings.count()) == ("Agent", False, 3)


def test_declining_deletes_the_draft():
    [nora, _leo] = make_references()
    actions.save_draft(nora, make_facts(), make_answers(2), at=NOW)
    decline(nora)
    nora.refresh_from_db()
    assert (nora.role, nora.worked_from, nora.scorecard.ratings.count()) == ("", None, 0)
    assert nora.declined_at == NOW


def test_a_given_reference_cannot_be_changed_even_in_the_database():
    [nora, _leo] = make_references()
    give(nora)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reference.objects.filter(pk=nora.pk).update(would_hire_again="no")


def test_a_draft_can_be_changed_in_the_database():
    [nora, _leo] = make_references()
    assert Reference.objects.filter(pk=nora.pk).update(would_hire_again="no") == 1


def test_the_database_refuses_an_end_before_the_beginning():
    [nora, _leo] = make_references()
    facts = make_facts()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reference.objects.filter(pk=nora.pk).update(worked_from=facts.worked_until, worked_until=facts.worked_from)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [(give, give), (give, decline), (decline, decline)])
def test_two_referees_who_finish_at_once_complete_once(first, second):
    [nora, leo] = no_replacements()
    assert together(lambda: first(nora), lambda: second(leo)) == [None, None]
    assert len(complete(nora.referee.application)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_referee_who_answers_and_declines_at_once_does_one():
    [nora, _leo] = make_references()
    results = together(lambda: give(nora), lambda: decline(Reference.objects.get(pk=nora.pk)))
    assert [isinstance(result, asks.NotOpen) for result in results].count(True) == 1
    nora.refresh_from_db()
    assert (nora.declined_at is None) == nora.scorecard.is_locked
