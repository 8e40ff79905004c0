"""The words that a referee is asked with, and what a plan wants of references."""

import pytest

from candidates.builders import make_application, make_competency, make_plan
from candidates.judging.builders import make_card
from candidates.models import HiringPlan, Scorecard, Stage
from references.models import CriterionWords
from references.questionnaire import KEYS
from references.questionnaires import rules, wording
from references.questionnaires.builders import make_questionnaire, make_reference_plan

pytestmark = pytest.mark.django_db


def names(told):
    return [one["name"] for one in told["criteria"]]


def test_a_referee_is_asked_in_their_language():
    questionnaire = make_questionnaire(("care",), languages=("en", "de"))
    assert names(wording.of(questionnaire, "de")) == ["Care (de)"]
    assert names(wording.of(questionnaire, "en")) == ["Care (en)"]


@pytest.mark.parametrize(("languages", "name"), [(("en", "nl"), "Care (en)"), (("nl",), "Care (nl)")])
def test_who_speaks_another_language_is_asked_in_the_companys_or_in_any_there_is(languages, name):
    assert names(wording.of(make_questionnaire(("care",), languages=languages), "de")) == [name]


def test_a_criterion_without_words_is_not_asked():
    questionnaire = make_questionnaire(("care", "speed"))
    CriterionWords.objects.filter(criterion__key="speed").delete()
    assert names(wording.of(questionnaire, "en")) == ["Care (en)"]


@pytest.mark.parametrize("emptied", [True, False])
def test_without_a_questionnaire_or_with_an_emptied_one_the_three_things_that_ship_are_asked(emptied):
    questionnaire = make_questionnaire((), minutes=9) if emptied else None
    told = wording.of(questionnaire, "en")
    assert [one["key"] for one in told["criteria"]] == list(KEYS)
    assert told["minutes"] == (9 if emptied else 6)


def test_the_words_say_which_competencies_they_tell_about_and_how_long_it_takes():
    told = wording.of(make_questionnaire(("care",), minutes=4), "en")
    assert told["minutes"] == 4
    assert told["criteria"][0]["competencies"] == [make_competency("Empathy").pk]


def test_a_card_keeps_the_criteria_that_it_was_asked_with():
    questionnaire = make_questionnaire(("care",))
    application = make_application(Stage.REFERENCES)
    card = make_card(application, Scorecard.Kind.REFERENCE, words=wording.of(questionnaire, "en"))
    questionnaire.criteria.all().delete()
    assert [one["name"] for one in wording.criteria(Scorecard.objects.get(pk=card.pk))] == ["Care (en)"]


def test_the_words_of_a_questionnaire_cost_three_queries_however_long_it_is(django_assert_num_queries):
    questionnaire = make_questionnaire(tuple(f"k{number}" for number in range(8)))
    with django_assert_num_queries(3):
        assert len(wording.of(questionnaire, "en")["criteria"]) == 8


def test_a_plan_that_says_nothing_needs_an_answer_of_every_referee_of_whatever_kind():
    told = rules.of(make_plan(referees=3))
    assert (told.needed, told.managers, told.questionnaire) == (3, 0, None)


def test_a_plan_that_was_read_with_its_rules_is_asked_nothing_more(django_assert_num_queries):
    plan = make_plan()
    make_reference_plan(plan, questionnaire=make_questionnaire(name="Ours"), needed=1)
    plan = HiringPlan.objects.select_related("reference_plan__questionnaire").get(pk=plan.pk)
    with django_assert_num_queries(0):
        told = rules.of(plan)
        assert (told.needed, told.questionnaire.name) == (1, "Ours")
