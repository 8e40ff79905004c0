"""Loading what ships."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ats.content import actions, shipped
from ats.content.competencies import ShippedCompetency
from ats.content.exercises import ShippedExercise
from ats.content.kits import ShippedKit
from ats.content.plans import ShippedPlan
from ats.content.questionnaires import ShippedQuestionnaire
from ats.content.questions import ShippedQuestion
from candidates.builders import NOW
from candidates.jobs.actions import copy_plan
from candidates.jobs.models import Competency, HiringPlan
from candidates.tests.together import together
from interviews.kits import coverage
from interviews.models import Case, DeescalationStep, Exercise, Kit, LadderRoute, Question, Round
from references.models import Criterion, CriterionWords, Questionnaire, ReferencePlan
from trials.models import FigureTarget, PlannedCheckIn, TrialPlan, TrialWeek

pytestmark = pytest.mark.django_db
COMPETENCIES, QUESTIONS, EXERCISES = actions.KINDS[:1], actions.KINDS[:4], actions.KINDS[:5]
OF_REFERENCES_AND_TRIALS = (ReferencePlan, TrialPlan, TrialWeek, PlannedCheckIn, FigureTarget)
PHONE_AS_FIRST_SHIPPED = "36786eb30ccc0b310ce9"
BEFORE_TRIALS = [
    "1903716cc417f6a6175f",  # Phone support
    "64f40cc96bf22052166c",  # E-mail and chat
    "1e77e2ffc7e4cb71576a",  # Technical support
    "39293da0900ff41811bd",  # Social media
    "f2bda18dfb04427e9c35",  # Remote support
]


def ship(monkeypatch, *rows):
    """Say that an earlier release shipped these rows as they stand now; each with the kind that reads it."""
    earlier = {shipped.fingerprint(kind.of(row)) for kind, row in rows}
    known = shipped.fingerprints() | earlier
    monkeypatch.setattr(shipped, "fingerprints", lambda: known)


def as_first_shipped(name="Phone support"):
    """A template as an installation got it before plans had rounds."""
    plan = before_trials(name)
    plan.rounds.all().delete()
    HiringPlan.objects.filter(pk=plan.pk).update(raters=1)
    return HiringPlan.objects.get(pk=plan.pk)


def before_trials(name="Phone support"):
    """A template as an installation got it when plans said nothing of references and trials but their lengths."""
    plan = HiringPlan.objects.get(name=name)
    for model in OF_REFERENCES_AND_TRIALS:
        model.objects.filter(plan=plan).delete()
    return plan


def test_a_first_load_creates_everything():
    loaded = actions.load()
    models = (
        Competency,
        Question,
        LadderRoute,
        DeescalationStep,
        Exercise,
        Case,
        Kit,
        Questionnaire,
        HiringPlan,
        Round,
    )
    assert [model.objects.count() for model in models] == [20, 24, 3, 13, 8, 19, 12, 1, 5, 15]
    assert len(loaded.created) == len(actions.everything())


def test_rows_say_what_ships():
    actions.load()
    for kind in actions.KINDS:
        rows = {getattr(row, kind.KEY): kind.of(row) for row in kind.rows()}
        assert [rows[getattr(one, kind.KEY)].told() for one in kind.shipped()] == [one.told() for one in kind.shipped()]


def test_what_ships_fits_its_fields():
    actions.load()
    models = (Question, LadderRoute, DeescalationStep, Exercise, Case, Kit, HiringPlan, Round)
    models += (Questionnaire, Criterion, CriterionWords, *OF_REFERENCES_AND_TRIALS)
    related = [row for exercise in Exercise.objects.all() for row in exercise.rubric.all()]
    related += [row for case in Case.objects.all() for row in case.mails.all()]
    related += [row for kit in Kit.objects.all() for row in kit.parts.all()]
    for row in [*related, *(row for model in models for row in model.objects.all())]:
        row.full_clean()
        assert too_long(row) == []


def too_long(row):
    """The texts of a row that its form would not take."""
    found = []
    for field in row._meta.concrete_fields:
        value, base = getattr(row, field.attname), getattr(field, "base_field", field)
        texts = value if isinstance(value, list) else [value]
        found += [text for text in texts if isinstance(text, str) and len(text) > (base.max_length or len(text))]
    return found


def test_a_second_load_changes_nothing():
    actions.load()
    loaded = actions.load()
    assert (loaded.created, loaded.updated, loaded.edited) == ([], [], [])


def test_a_second_load_asks_the_database_little_and_is_quick():
    actions.load()
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        actions.load()
    assert time.perf_counter() - begun < 2
    assert len(asked) <= 37


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_create_everything_once():
    first, second = together(actions.load, actions.load)
    assert sorted([len(first.created), len(second.created)]) == [0, len(actions.everything())]
    assert HiringPlan.objects.count() == 5


def test_an_edited_competency_is_left_alone():
    actions.load(COMPETENCIES)
    Competency.objects.filter(name="Patience").update(meaning="What patience means to us.")
    assert actions.load(COMPETENCIES).edited == ["Patience"]
    assert Competency.objects.get(name="Patience").meaning == "What patience means to us."


def test_an_unedited_competency_of_an_earlier_release_is_brought_up_to_date(monkeypatch):
    actions.load(COMPETENCIES)
    Competency.objects.filter(name="Patience").update(meaning="What an earlier release said.")
    ship(monkeypatch, (ShippedCompetency, Competency.objects.get(name="Patience")))
    assert actions.load(COMPETENCIES).updated == ["Patience"]
    assert "friendly" in Competency.objects.get(name="Patience").meaning


def test_the_voice_of_the_first_release_is_brought_up_to_date():
    """It spoke of a smile that one hears; its fingerprint stands in the list."""
    actions.load(COMPETENCIES)
    voice = Competency.objects.get(name="Articulate voice")
    voice.meaning = "On the phone: positive, lively, clear, at a pace the other can follow."
    voice.anchors = [
        voice.anchors[0],
        "Understandable with effort; flat, or reading out.",
        voice.anchors[2],
        "Clear and lively; adjusts pace and words to the listener.",
        "One hears a smile and could take notes; numbers, names and steps come in portions, with pauses.",
    ]
    voice.save()
    assert actions.load(COMPETENCIES).updated == ["Articulate voice"]


# Questions, routes, steps


def test_an_edited_question_is_left_alone():
    actions.load(QUESTIONS)
    Question.objects.filter(name="Why support").update(text="Why us?")
    assert actions.load(QUESTIONS).edited == ["Why support"]
    assert Question.objects.get(name="Why support").text == "Why us?"


def test_a_question_about_something_else_is_an_edited_one():
    actions.load(QUESTIONS)
    Question.objects.get(name="Why support").competencies.add(Competency.objects.get(name="Patience"))
    assert actions.load(QUESTIONS).edited == ["Why support"]


def test_an_unedited_question_of_an_earlier_release_is_brought_up_to_date(monkeypatch):
    actions.load(QUESTIONS)
    question = Question.objects.get(name="Why support")
    Question.objects.filter(pk=question.pk).update(text="Why do you want this?", follow_ups=["Really?"])
    question.competencies.set(Competency.objects.filter(name="Positive attitude"))
    ship(monkeypatch, (ShippedQuestion, Question.objects.get(pk=question.pk)))
    assert actions.load(QUESTIONS).updated == ["Why support"]
    question.refresh_from_db()
    assert "draws you" in question.text
    assert [one.name for one in question.competencies.all()] == ["Desire to help"]


def test_a_retired_question_stays_retired_and_is_still_brought_up_to_date(monkeypatch):
    actions.load(QUESTIONS)
    Question.objects.filter(name="Why support").update(text="Why?", is_retired=True)
    ship(monkeypatch, (ShippedQuestion, Question.objects.get(name="Why support")))
    assert actions.load(QUESTIONS).updated == ["Why support"]
    assert Question.objects.get(name="Why support").is_retired


def test_a_question_in_another_place_of_the_list_is_not_an_edited_one():
    actions.load(QUESTIONS)
    Question.objects.filter(name="Why support").update(position=99)
    assert actions.load(QUESTIONS).edited == []


def test_a_teams_own_question_is_not_looked_at():
    actions.load(QUESTIONS)
    Question.objects.create(name="Ours", text="Why cheese?", family="opinion", is_scored=False)
    assert str(actions.load(QUESTIONS)) == "0 created, 0 brought up to date, 0 left as the team edited them"


@pytest.mark.parametrize(("model", "name"), [(LadderRoute, "I did it"), (DeescalationStep, "Listened")])
def test_an_edited_route_or_step_is_left_alone(model, name):
    actions.load(QUESTIONS)
    model.objects.filter(name=name).update(name="Ours")
    assert actions.load(QUESTIONS).edited == [name]
    assert model.objects.filter(name="Ours").exists()


# Exercises


def test_an_edited_case_leaves_the_whole_exercise_to_the_team():
    actions.load(EXERCISES)
    Case.objects.filter(name="Charged twice").update(facts="Ours.")
    assert actions.load(EXERCISES).edited == ["Support e-mail"]
    assert Case.objects.get(name="Charged twice").facts == "Ours."


def test_an_unedited_exercise_is_brought_up_to_date_and_its_cases_keep_their_rows(monkeypatch):
    actions.load(EXERCISES)
    case = Case.objects.get(name="Locked out before the deadline")
    Case.objects.filter(pk=case.pk).update(facts="What an earlier release said.")
    case.exercise.rubric.first().delete()
    ship(monkeypatch, (ShippedExercise, Exercise.objects.get(pk=case.exercise_id)))
    assert actions.load(EXERCISES).updated == ["The irate customer, by chat"]
    case.refresh_from_db()
    assert "code" in case.facts
    assert case.exercise.rubric.count() == 4


def test_a_case_that_no_longer_ships_goes_unless_something_points_at_it(monkeypatch):
    actions.load()
    exercise = Exercise.objects.get(name="The irate customer, by chat")
    unused, used = (Case.objects.create(exercise=exercise, name=name, situation="Old.") for name in ("One", "Two"))
    Kit.objects.get(name="First phone call").parts.create(exercise=exercise, case=used, position=9)
    ship(monkeypatch, (ShippedExercise, exercise))
    actions.load()
    assert not Case.objects.filter(pk=unused.pk).exists()
    assert Case.objects.filter(pk=used.pk, is_retired=False).exists()


# Kits


def test_an_edited_kit_is_left_alone():
    actions.load()
    kit = Kit.objects.get(name="First phone call")
    kit.parts.last().delete()
    assert actions.load().edited == ["First phone call"]
    assert kit.parts.count() == 5


def test_an_unedited_kit_of_an_earlier_release_is_brought_up_to_date(monkeypatch):
    actions.load()
    kit = Kit.objects.get(name="First phone call")
    kit.parts.filter(question__isnull=False).first().delete()
    ship(monkeypatch, (ShippedKit, kit))
    assert actions.load().updated == ["First phone call"]
    assert kit.parts.count() == 6


def test_an_exercise_opened_and_saved_in_a_browser_counts_as_untouched():
    actions.load(EXERCISES)
    exercise = Exercise.objects.get(name="Teach me something")
    Exercise.objects.filter(pk=exercise.pk).update(guide=exercise.guide.replace("\n", "\r\n"))
    assert str(actions.load(EXERCISES)) == "0 created, 0 brought up to date, 0 left as the team edited them"


def test_a_question_that_a_team_renamed_stays_in_its_kit():
    actions.load()
    Question.objects.filter(name="Why support").update(name="Why cheese")
    loaded = actions.load()
    assert (loaded.created, loaded.edited) == (["Why support"], ["First phone call", "Far away and still together"])
    assert Kit.objects.get(name="First phone call").parts.filter(question__name="Why cheese").exists()


def test_a_kit_whose_case_a_team_deleted_gets_another_one_of_the_exercise(monkeypatch):
    actions.load()
    case = Case.objects.get(name="The sofa that does not come")
    kit = Kit.objects.get(name="In front of an audience")
    kit.parts.filter(case=case).update(case=None)
    case.delete()
    ship(monkeypatch, (ShippedKit, kit))
    loaded = actions.load()
    assert (loaded.updated, loaded.edited) == (["In front of an audience"], ["The irate customer, by chat"])
    assert kit.parts.get(exercise__isnull=False).case.name == "Locked out before the deadline"


def test_a_deleted_question_and_the_kits_that_asked_it_come_back():
    actions.load()
    HiringPlan.objects.get(name="Phone support").rounds.all().delete()
    Kit.objects.get(name="First phone call").delete()
    question = Question.objects.get(name="What you expect as a customer")
    question.kit_parts.all().delete()
    question.delete()
    assert actions.load().created == ["What you expect as a customer", "First phone call"]
    assert Kit.objects.get(name="First phone call").parts.count() == 6


# Plans


def test_a_plan_with_another_weight_is_left_alone():
    actions.load()
    plan = HiringPlan.objects.get(name="Phone support")
    plan.weights.filter(competency__name="Empathy").update(weight=1)
    assert actions.load().edited == ["Phone support"]
    assert plan.weights.get(competency__name="Empathy").weight == 1


def test_an_unedited_plan_of_an_earlier_release_is_brought_up_to_date(monkeypatch):
    actions.load()
    plan = HiringPlan.objects.get(name="Phone support")
    plan.stages.filter(stage="trial").update(days=30)
    ship(monkeypatch, (ShippedPlan, plan))
    assert actions.load().updated == ["Phone support"]
    assert plan.stages.get(stage="trial").days == 3


def test_a_plan_of_the_first_release_has_the_fingerprint_that_it_had_then():
    actions.load()
    assert shipped.fingerprint(ShippedPlan.of(as_first_shipped())) == PHONE_AS_FIRST_SHIPPED


@pytest.mark.parametrize("name", ["Phone support", "E-mail and chat", "Technical support"])
def test_a_plan_of_the_first_release_that_nobody_touched_gets_its_rounds(name):
    actions.load()
    plan = as_first_shipped(name)
    assert actions.load().updated == [name]
    plan.refresh_from_db()
    assert (plan.raters, plan.rounds.count()) == (2, 3)


@pytest.mark.parametrize("change", [{"trial_days": 40}, {"raters": 3}])
def test_a_plan_of_the_first_release_that_a_team_edited_is_left_alone(change):
    actions.load()
    plan = as_first_shipped()
    HiringPlan.objects.filter(pk=plan.pk).update(**change)
    assert actions.load().edited == ["Phone support"]
    assert plan.rounds.count() == 0


def test_a_plan_of_the_first_release_to_which_a_team_added_a_round_is_left_alone():
    actions.load()
    plan = as_first_shipped()
    Round.objects.create(plan=plan, name="Ours", kit=Kit.objects.first())
    assert actions.load().edited == ["Phone support"]
    assert [one.name for one in plan.rounds.all()] == ["Ours"]


def test_a_plan_with_other_rounds_is_left_alone():
    actions.load()
    Round.objects.filter(plan__name="Phone support", name="First call").update(raters=1)
    assert actions.load().edited == ["Phone support"]


def test_a_locked_template_is_left_alone(monkeypatch):
    actions.load()
    plan = as_first_shipped()
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    assert actions.load().edited == ["Phone support"]
    assert plan.rounds.count() == 0


def test_every_plan_of_the_release_before_trials_has_the_fingerprint_that_it_had_then():
    actions.load()
    told = [shipped.fingerprint(ShippedPlan.of(before_trials(one.name))) for one in ShippedPlan.shipped()]
    assert told == BEFORE_TRIALS


@pytest.mark.parametrize("name", ["Phone support", "Social media"])
def test_a_plan_from_before_trials_that_nobody_touched_gets_rules_terms_weeks_check_ins_and_figures(name):
    actions.load()
    plan = before_trials(name)
    assert actions.load().updated == [name]
    assert [model.objects.filter(plan=plan).exists() for model in OF_REFERENCES_AND_TRIALS] == [True] * 5


def test_a_plan_from_before_trials_that_a_team_edited_is_left_alone():
    actions.load()
    plan = before_trials()
    TrialWeek.objects.create(plan=plan, number=1, aim="Ours.")
    assert actions.load().edited == ["Phone support"]
    assert [one.aim for one in plan.trial_weeks.all()] == ["Ours."]


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (ReferencePlan, {"needed": 1}),
        (ReferencePlan, {"questionnaire": None}),
        (TrialPlan, {"pay": "15", "pay_currency": "EUR"}),
        (TrialPlan, {"note": "Ours."}),
        (TrialWeek, {"work": "chat"}),
        (PlannedCheckIn, {"roles": ["buddy"]}),
        (PlannedCheckIn, {"competencies": [0]}),
        (FigureTarget, {"target": 1}),
    ],
)
def test_a_plan_with_another_rule_term_week_check_in_or_figure_is_left_alone(model, change):
    actions.load()
    first = model.objects.filter(plan__name="Remote support").first()
    model.objects.filter(pk=first.pk).update(**change)
    assert actions.load().edited == ["Remote support"]
    assert model.objects.filter(pk=first.pk, **change).exists()


def test_terms_of_an_earlier_release_are_brought_up_to_date(monkeypatch):
    actions.load()
    plan = HiringPlan.objects.get(name="Phone support")
    plan.planned_check_ins.first().delete()
    TrialPlan.objects.filter(plan=plan).update(approvers=2)
    ship(monkeypatch, (ShippedPlan, plan))
    assert actions.load().updated == ["Phone support"]
    assert (TrialPlan.objects.get(plan=plan).approvers, plan.planned_check_ins.count()) == (1, 5)


# Questionnaires


def test_an_edited_anchor_leaves_the_questionnaire_to_the_team():
    actions.load()
    CriterionWords.objects.filter(language="de", criterion__key="teamwork").update(name="Miteinander")
    assert actions.load().edited == ["Customer contact"]
    assert CriterionWords.objects.filter(name="Miteinander").exists()


def test_a_questionnaire_with_a_language_more_is_an_edited_one():
    actions.load()
    criterion = Criterion.objects.get(key="teamwork")
    criterion.words.create(language="nl", name="Samen", meaning="M", anchors=list("12345"), example="E")
    assert actions.load().edited == ["Customer contact"]


def test_an_unedited_questionnaire_is_brought_up_to_date_and_stays_with_its_plans(monkeypatch):
    actions.load()
    questionnaire = Questionnaire.objects.get()
    questionnaire.criteria.filter(key="teamwork").update(key="together")
    Questionnaire.objects.update(is_retired=True)
    ship(monkeypatch, (ShippedQuestionnaire, questionnaire))
    assert actions.load().updated == ["Customer contact"]
    assert [one.key for one in questionnaire.criteria.all()] == ["reliability", "teamwork", "customer_service"]
    assert (questionnaire.plans.count(), Questionnaire.objects.get().is_retired) == (5, True)


def test_a_questionnaire_about_a_competency_that_a_team_deleted_tells_about_the_others():
    actions.load(COMPETENCIES)
    Competency.objects.filter(name="Self-motivation").delete()
    actions.load([ShippedQuestionnaire])
    told = Criterion.objects.get(key="reliability").competencies.all()
    assert [one.name for one in told] == ["Reliability and ownership"]


def test_a_copy_of_a_plan_is_never_touched():
    actions.load()
    template = HiringPlan.objects.get(name="Phone support")
    copy = HiringPlan.objects.create(name=template.name, copied_from=template, trial_days=3)
    actions.load()
    copy.refresh_from_db()
    assert (copy.trial_days, copy.weights.count()) == (3, 0)


def test_a_copy_has_the_rounds_of_its_template():
    actions.load()
    copy = copy_plan(HiringPlan.objects.get(name="Remote support"), version=1)
    assert [one.name for one in copy.rounds.all()] == ["Support e-mail", "Conversation", "Far away and together"]


def test_every_plan_takes_two_hours_at_most_and_has_two_people_judge_each_competency():
    actions.load()
    told = {plan.name: coverage.of_plan(plan) for plan in HiringPlan.objects.all()}
    assert {name: one.minutes for name, one in told.items() if not 60 <= one.minutes <= 120} == {}
    assert [it for one in told.values() for it in one.competencies if it.weight and it.raters < 2] == []
    assert all(one.is_fine for one in told.values())
