"""What the plans that ship say about references and trials, and what referees are asked."""

from itertools import pairwise

import pytest
from django.conf import settings

from ats.content.competencies import ShippedCompetency
from ats.content.plans import ShippedPlan
from ats.content.questionnaires import ShippedQuestionnaire
from references.questionnaire import CRITERIA
from references.questionnaires import wording
from trials.figures.metrics import PERCENT, Metric
from trials.models import TrialWeek
from trials.planning.models import EVERYBODY
from trials.planning.schedule import CHECK_IN_TIME

PLANS = ShippedPlan.shipped()
each_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)


def contact():
    [questionnaire] = ShippedQuestionnaire.shipped()
    return questionnaire


def words(language):
    return [one["words"][language] for one in contact().criteria]


def asked(plan, role):
    return [one for one in plan.check_ins if role in one["roles"]]


def about(plan, check_in):
    return check_in["competencies"] or sorted(plan.weights)


def test_referees_are_asked_about_the_three_things_that_they_tell_apart():
    assert [one["key"] for one in contact().criteria] == ["reliability", "teamwork", "customer_service"]


def test_the_questionnaire_says_in_english_what_is_asked_without_one():
    kept = [
        {"name": one.name, "meaning": one.meaning, "anchors": list(one.anchors), "example": one.example}
        for one in CRITERIA
    ]
    assert words("en") == kept
    assert [one["key"] for one in contact().criteria] == [one["key"] for one in wording.shipped("en")]


def test_the_questionnaire_speaks_every_language_that_referees_choose_from():
    languages = {code for code, _name in settings.LANGUAGES}
    assert all(set(one["words"]) == languages for one in contact().criteria)


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_criterion_has_five_anchors_that_differ_and_asks_for_an_example(language):
    told = [anchor for one in words(language) for anchor in one["anchors"]]
    assert [len(one["anchors"]) for one in words(language)] == [5, 5, 5]
    assert len(set(told)) == 15
    assert len({one["example"] for one in words(language)}) == 3


def test_no_words_are_left_in_english():
    told = zip(words("en"), words("de"), strict=True)
    assert [name for en, de in told for name in en if en[name] == de[name]] == []


def test_criteria_tell_about_competencies_that_ship_and_no_two_about_the_same():
    told = [name for one in contact().criteria for name in one["competencies"]]
    assert set(told) <= {one.name for one in ShippedCompetency.shipped()}
    assert len(told) == len(set(told))


@each_plan
def test_a_plan_wants_two_answers_of_which_one_is_a_managers(plan):
    rules = plan.references
    assert (rules["questionnaire"], rules["needed"], rules["managers"]) == ("Customer contact", 2, 1)
    assert rules["needed"] <= plan.settings["referees"]


@each_plan
def test_referees_tell_about_something_that_the_plan_weighs(plan):
    assert {name for one in contact().criteria for name in one["competencies"]} & set(plan.weights)


@each_plan
def test_hours_are_capped_and_paid_and_the_verdict_is_asked_for_two_weeks_before_the_end(plan):
    assert 20 <= plan.trial["hours_a_week"] <= 30
    assert "Every hour is paid" in plan.trial["note"]
    assert plan.trial["verdict_days"] == 14 < plan.settings["trial_days"]


def test_one_plan_has_two_approvers():
    assert [plan.name for plan in PLANS if plan.trial["approvers"] == 2] == ["Social media"]


@each_plan
def test_every_week_has_an_aim_of_its_own_and_the_first_one_is_training_with_the_buddy(plan):
    weeks = plan.weeks
    assert [one["number"] for one in weeks] == list(range(1, plan.settings["trial_days"] // 7 + 1))
    assert weeks[0]["work"] == "training"
    assert "buddy" in weeks[0]["aim"]
    assert {one["work"] for one in weeks} <= set(TrialWeek.Work.values)


def test_no_aim_stands_there_twice():
    aims = [one["aim"] for plan in PLANS for one in plan.weeks]
    assert len(set(aims)) == len(aims)


@each_plan
@pytest.mark.parametrize("role", EVERYBODY)
def test_everybody_is_asked_at_least_weekly(plan, role):
    days = [0, *(one["day"] for one in asked(plan, role)), plan.settings["trial_days"]]
    assert max(later - earlier for earlier, later in pairwise(days)) <= 7


@each_plan
def test_the_last_check_in_is_about_everything_and_answered_before_the_end(plan):
    last = plan.check_ins[-1]
    assert (last["competencies"], last["roles"]) == ([], sorted(EVERYBODY))
    assert last["day"] + CHECK_IN_TIME.days <= plan.settings["trial_days"]


@each_plan
def test_early_check_ins_are_about_few_things_and_all_about_what_the_plan_weighs(plan):
    assert all(set(about(plan, one)) <= set(plan.weights) for one in plan.check_ins)
    assert all(len(about(plan, one)) <= 3 for one in plan.check_ins if one["day"] <= 7)


@each_plan
def test_the_lead_says_twice_at_least_how_each_competency_shows(plan):
    told = [name for one in asked(plan, "manager") for name in about(plan, one)]
    assert {name: told.count(name) for name in plan.weights if told.count(name) < 2} == {}


@each_plan
def test_figures_have_targets_that_can_be_reached_and_none_counts_tickets(plan):
    assert 3 <= len(plan.figures) <= 5
    assert {Metric.QUALITY, Metric.SATISFACTION} <= set(plan.figures) <= set(Metric.values) - {Metric.SOLVED}
    assert all(0 < float(target) < 100 for metric, target in plan.figures.items() if metric in PERCENT)
