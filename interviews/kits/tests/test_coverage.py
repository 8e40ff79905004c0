"""What a plan says of its minutes and its raters, before anybody is interviewed."""

import pytest

from candidates.builders import make_plan
from interviews.kits import coverage
from interviews.kits.builders import make_exercise, make_kit, make_question, make_round
from interviews.models import Exercise, Round


@pytest.fixture
def plan(db):
    return make_plan(("Empathy", "Patience"))


def empathy(**fields):
    return make_question(competencies=("Empathy",), **fields)


def raters(plan):
    return {one.name: one.raters for one in coverage.of_plan(plan).competencies}


def without_call(plan):
    return coverage.of_plan(plan).minutes - coverage.PHONE_SCREEN


def test_a_panel_takes_the_candidate_once_and_conversations_one_by_one_as_often_as_there_are_interviewers(plan):
    kit = make_kit(empathy(), "Welcome", minutes=15)
    make_round(plan, kit, raters=3)
    assert without_call(plan) == 30
    make_round(plan, kit, raters=3, kind=Round.Kind.SEPARATE)
    assert without_call(plan) == 30 + 90


def test_written_work_takes_its_minutes_once_however_many_grade_it(plan):
    make_round(plan, make_exercise(minutes=25), raters=2)
    assert without_call(plan) == 25


def test_the_phone_screen_counts(plan):
    make_round(plan, make_exercise(minutes=25))
    assert next((time.name, time.total) for time in coverage.of_plan(plan).times) == ("Phone screen", 20)


@pytest.mark.parametrize(("minutes", "is_long"), [(100, False), (101, True)])
def test_more_than_two_hours_in_all_is_too_long(plan, minutes, is_long):
    make_round(plan, make_kit(minutes=minutes))
    assert coverage.of_plan(plan).is_long == is_long


def test_a_competency_is_judged_by_the_raters_of_every_round_that_tells_about_it(plan):
    make_round(plan, make_kit(empathy(), make_question(competencies=("Patience",))), raters=1)
    make_round(plan, make_exercise(competencies=("Empathy",)), raters=2)
    assert raters(plan) == {"Empathy": 3, "Patience": 1}
    assert [one.name for one in coverage.of_plan(plan).short] == ["Patience"]


def test_an_exercise_in_the_conversation_tells_about_the_lines_of_its_rubric(plan):
    make_round(plan, make_kit(make_exercise(Exercise.Kind.TEACH, ("Patience",))))
    assert raters(plan) == {"Empathy": 0, "Patience": 2}


def test_small_talk_judges_nothing(plan):
    make_round(plan, make_kit(empathy(), make_question(competencies=("Patience",), is_scored=False)))
    assert raters(plan)["Patience"] == 0


def test_a_kit_that_names_no_competency_is_rated_on_all_of_the_plan(plan):
    make_round(plan, make_kit("Only talk"))
    assert raters(plan) == {"Empathy": 2, "Patience": 2}


def test_the_rule_may_want_more_than_two_raters_but_never_fewer(plan):
    make_round(plan, make_kit(empathy(), make_question(competencies=("Patience",))), raters=2)
    assert not coverage.of_plan(plan).short
    plan.raters = 3
    assert len(coverage.of_plan(plan).short) == 2


def test_what_is_judged_without_weight_is_told_and_never_short(plan):
    make_round(plan, make_kit(make_question(competencies=("Humour",))), raters=1)
    humour = coverage.of_plan(plan).competencies[-1]
    assert (humour.name, humour.weight, humour.is_short) == ("Humour", 0, False)


def test_a_plan_without_rounds_has_one_interview_on_everything(plan):
    found = coverage.of_plan(plan)
    assert (found.minutes, raters(plan)) == (65, {"Empathy": 2, "Patience": 2})
    assert found.is_fine


def test_a_round_whose_kit_was_emptied_is_named(plan):
    make_round(plan, make_kit(), name="First talk").kit.parts.all().delete()
    assert coverage.of_plan(plan).empty == ["First talk"]


def test_queries_do_not_grow_with_rounds_and_parts(plan, django_assert_max_num_queries):
    for _turn in range(4):
        make_round(plan, make_kit(empathy(), make_exercise(Exercise.Kind.TEACH), "Talk", empathy()))
        make_round(plan, make_exercise())
    with django_assert_max_num_queries(10):
        coverage.of_plan(plan)
