"""The suggested questions of an interview without a kit."""

import pytest

from candidates.builders import make_plan
from interviews import kit
from interviews.kits.builders import make_question

pytestmark = pytest.mark.django_db


def asked(plan):
    return {plan.competencies.get(pk=key).name: part for key, part in kit.parts(plan, minutes=40).items()}


def test_each_competency_gets_the_first_question_about_it():
    make_question("Second", ("Empathy",), position=2)
    make_question("First", ("Empathy", "Patience"), position=1, follow_ups=["And then?", "Why?"])
    parts = asked(make_plan(("Empathy", "Patience")))
    assert [part.question.split(":")[0] for part in parts.values()] == ["First", "First"]
    assert parts["Empathy"].follow_up == "And then? Why?"


def test_a_retired_question_and_one_that_is_not_scored_are_passed_over():
    make_question("Retired", position=1, is_retired=True)
    make_question("Small talk", position=2, is_scored=False, anchors=[])
    make_question("In use", position=3)
    assert asked(make_plan(("Empathy",)))["Empathy"].question.startswith("In use")


def test_a_competency_without_a_question_gets_the_plain_one():
    assert "as a customer: Cheese" in asked(make_plan(("Cheese",)))["Cheese"].question


def test_the_time_is_shared_out_after_welcome_and_goodbye():
    assert [part.minutes for part in asked(make_plan(("Empathy", "Patience", "Cheese"))).values()] == [10, 10, 10]


@pytest.mark.parametrize("many", [1, 9])
def test_more_competencies_take_no_more_queries(django_assert_num_queries, many):
    names = tuple(f"Trait {number}" for number in range(many, 0, -1))
    for name in names:
        make_question(competencies=(name,))
    plan = make_plan(names[:5])
    with django_assert_num_queries(3):
        kit.parts(plan, minutes=45)
