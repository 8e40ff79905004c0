"""Gradings side by side, for those who may see them."""

import pytest

from candidates.builders import NOW
from candidates.judging import firewall
from candidates.judging.wording import traits
from candidates.models import Revision
from interviews.exercises.grading import results
from interviews.exercises.grading.builders import GINA, GRETA, GUS, grading_of, lock, make_graded

pytestmark = pytest.mark.django_db


def shown(work):
    cards = firewall.cards(work.application, at=NOW).values_list("pk", flat=True)
    return results.of(work.application, cards=cards)


def test_before_all_are_in_only_the_state_is_told():
    work = make_graded()
    lock(work, GINA, 5, 1)
    (told,) = shown(work)
    assert (told.graders, told.lines, told.waiting, told.differed) == ((), (), 1, False)


def test_afterwards_the_widest_spread_comes_first():
    work = make_graded()
    lock(work, GINA, 4, 5)
    lock(work, GUS, 3, 2)
    lock(work, GRETA, 4, None)
    (told,) = shown(work)
    assert [grader.name for grader in told.graders] == [GINA["name"], GUS["name"], GRETA["name"]]
    assert [(line.name, line.spread) for line in told.lines] == [("Patience", 3), ("Empathy", 1)]
    assert [mark.score for mark in told.lines[0].marks] == [5, 2, None]
    assert told.differed
    assert told.title.startswith(work.exercise.name)


def test_it_costs_the_same_for_many_works(django_assert_num_queries):
    work = make_graded()
    for _number in range(3):
        make_graded(work.application)
    for one in work.application.submissions.all():
        lock(one, GINA, 3, 3)
        lock(one, GUS, 3, 3)
    cards = list(firewall.cards(work.application, at=NOW).values_list("pk", flat=True))
    with django_assert_num_queries(5):
        assert len([line for told in results.of(work.application, cards=cards) for line in told.lines]) == 8


def test_a_blind_revision_counts_and_still_they_differed():
    work = make_graded()
    lock(work, GINA, 5, 3)
    lock(work, GUS, 2, 3)
    lock(work, GRETA, 4, 3)
    card = grading_of(work, GUS).scorecard
    scores = [{"competency": traits(card)[0].pk, "score": 4, "evidence": "Misread."}]
    Revision.objects.create(scorecard=card, at=NOW, by_name="Gus", reason="Misread.", scores=scores, is_blind=True)
    (told,) = shown(work)
    marks = [(mark.score, mark.is_revised) for mark in told.lines[0].marks]
    assert (told.lines[0].name, marks) == ("Empathy", [(5, False), (4, True), (4, False)])
    assert told.differed
