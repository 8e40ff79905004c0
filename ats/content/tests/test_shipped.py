"""The content itself."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from ats.content import shipped
from ats.content.actions import everything
from ats.content.competencies import ShippedCompetency
from ats.content.exercises import ShippedExercise
from ats.content.kits import ShippedKit
from ats.content.plans import ShippedPlan
from ats.content.questionnaires import ShippedQuestionnaire
from ats.content.questions import ShippedQuestion, ShippedRoute, ShippedStep
from candidates.jobs.models import Competency
from candidates.stages import OPEN
from interviews.models import Exercise, LadderRoute, Question

WEIGHED_MOST = {"Empathy", "Communication", "Desire to help"}
ABOUT_COMPLAINTS = {
    "A complaint about a colleague",
    "A complaint you resolved",
    "Somebody furious",
    "A particularly difficult customer",
    "Somebody upset whom you helped",
}
PER_CHANNEL = {"email": 6, "inbox": 5, "role_play": 5, "sample": 3}


def by_name(kind):
    return {one.name: one for one in kind.shipped()}


def exercise(name):
    return by_name(ShippedExercise)[name]


def ids(one):
    return one.name


def anchors():
    told = [one.anchors for kind in (ShippedCompetency, ShippedQuestion, ShippedRoute) for one in kind.shipped()]
    return [*told, *(line["anchors"] for one in ShippedExercise.shipped() for line in one.rubric)]


def kit_minutes(name):
    return sum(part["minutes"] for part in by_name(ShippedKit)[name].parts)


def strings(value):
    """All texts in a told thing, however deep."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for one in inner for text in strings(one)]


def sentences():
    """What interviewers, graders and candidates read of questions, rubrics and cases."""
    read = [
        *(strings([one.text, one.anchors, one.follow_ups, one.red_flags]) for one in ShippedQuestion.shipped()),
        *(strings([one.meaning, one.anchors]) for one in ShippedCompetency.shipped()),
        *(strings(one.anchors) for one in ShippedRoute.shipped()),
        *(strings(one.meaning) for one in ShippedStep.shipped()),
        *(strings([one["words"] for one in asked.criteria]) for asked in ShippedQuestionnaire.shipped()),
        *(strings([one["aim"] for one in plan.weeks]) for plan in ShippedPlan.shipped()),
    ]
    for one in ShippedExercise.shipped():
        read.append(strings([[line["look_for"], line["anchors"]] for line in one.rubric]))
        read.append(strings([[case["situation"], case["player"], case["points"], case["mails"]] for case in one.cases]))
    whole = [part for texts in read for text in texts for part in re.split(r"(?<=[.?!])\s+", text)]
    return [one for one in whole if len(one.split()) >= 4]


def test_every_text_has_its_line_in_the_list_of_what_shipped():
    missing = [f"{shipped.fingerprint(one)} {one.name}" for one in everything()
               if shipped.fingerprint(one) not in shipped.fingerprints()]  # fmt: skip
    assert missing == [], "append these lines to ats/content/shipped.txt and keep the old ones"


def test_as_much_ships_as_the_trade_needs():
    shipping = (ShippedCompetency, ShippedQuestion, ShippedRoute, ShippedStep, ShippedPlan)
    assert [len(kind.shipped()) for kind in shipping] == [20, 24, 3, 13, 5]


def test_every_kind_of_written_work_and_role_play_has_several_cases():
    cases = Counter()
    for one in ShippedExercise.shipped():
        cases[one.kind] += len(one.cases)
    assert all(cases[kind] >= least for kind, least in PER_CHANNEL.items())


def test_every_kind_of_exercise_ships():
    assert {one.kind for one in ShippedExercise.shipped()} == set(Exercise.Kind.values)


def test_everything_that_is_scored_has_five_anchors_and_all_of_them_differ():
    told = [anchor for five in anchors() if five for anchor in five]
    assert {len(five) for five in anchors()} == {0, 5}
    assert len(told) == len(set(told))


def test_no_sentence_stands_there_twice():
    assert [one for one, times in Counter(sentences()).items() if times > 1] == []


def test_no_text_begins_or_ends_with_a_blank():
    assert [text for one in everything() for text in strings(one.told()) if text != text.strip()] == []


def test_only_the_chat_that_ends_interview_mode_is_not_scored():
    assert [one.name for one in ShippedQuestion.shipped() if not one.is_scored] == ["Something you like to do"]


@pytest.mark.parametrize("question", ShippedQuestion.shipped(), ids=ids)
def test_a_question_comes_with_follow_ups_and_red_flags(question):
    assert 2 <= len(question.follow_ups) <= 4
    assert 2 <= len(question.red_flags) <= 4
    assert bool(question.competencies) is question.is_scored
    assert question.family in Question.Family.values


def test_every_competency_of_a_conversation_is_told_by_a_question_or_an_exercise():
    told = {name for one in ShippedQuestion.shipped() for name in one.competencies}
    told |= {line["competency"] for one in ShippedExercise.shipped() for line in one.rubric}
    assert told == {one.name for one in ShippedCompetency.shipped()}


def test_the_ladder_has_the_three_routes_and_no_row_for_no_attempt():
    assert [one.key for one in ShippedRoute.shipped()] == ["did", "procedure", "customer"]
    assert LadderRoute.Key.NONE not in {one.key for one in ShippedRoute.shipped()}


def test_calm_and_slow_speech_do_not_apply_to_writing():
    assert [one.number for one in ShippedStep.shipped() if not one.in_writing] == [5, 6]


def test_nobody_is_rated_by_looks_or_likeability():
    words = re.compile(
        r"\b(smil\w*|eye contact|accent|energetic|energy|likeable|charm\w*|nod|nodding|handshake)\b", re.I
    )
    assert [text for one in everything() for text in strings(one.told()) if words.search(text)] == []


@pytest.mark.parametrize("one", ShippedExercise.shipped(), ids=ids)
def test_an_exercise_comes_with_guide_guards_and_a_rubric(one):
    assert one.guide
    assert len(one.guards) >= 2
    assert len(one.rubric) >= 3


def test_role_plays_are_coded_by_the_thirteen_steps_and_have_a_script():
    plays = [one for one in ShippedExercise.shipped() if one.kind == "role_play"]
    assert all(one.codes_steps for one in plays)
    assert all(
        case["player"].count("line") >= 1 and "calm down" in case["player"] for one in plays for case in one.cases
    )


def test_what_is_done_alone_in_writing_has_cases_with_points():
    written = [one for one in ShippedExercise.shipped() if one.kind in Exercise.WRITTEN]
    assert all(one.cases and all(len(case["points"]) >= 4 for case in one.cases) for one in written)


@pytest.mark.parametrize("name", ["Inbox", "Public posts"])
def test_an_inbox_has_several_customers_of_whom_one_writes_back(name):
    for case in exercise(name).cases:
        assert 3 <= len(case["mails"]) <= 5
        assert len({mail["urgency"] for mail in case["mails"]}) >= 2
        assert sum(bool(mail["writes_back"]) for mail in case["mails"]) == 1


def test_every_e_mail_case_has_its_new_fact_for_the_live_edit():
    guide = exercise("Live edit").guide
    assert [case["name"] for case in exercise("Support e-mail").cases if case["name"] not in guide] == []


@pytest.mark.parametrize("kit", ShippedKit.shipped(), ids=ids)
def test_a_kit_names_what_ships_begins_with_a_welcome_and_leaves_time_for_questions(kit):
    assert {part["question"] for part in kit.parts} - {""} <= set(by_name(ShippedQuestion))
    for part in kit.parts:
        assert not part["exercise"] or exercise(part["exercise"])
        assert not part["case"] or part["case"] in {case["name"] for case in exercise(part["exercise"]).cases}
    titles = [part["title"] for part in kit.parts]
    assert (titles[0], "Their questions" in titles, titles[-1]) == ("Welcome", True, "What happens next")


@pytest.mark.parametrize("kit", ShippedKit.shipped(), ids=ids)
def test_not_every_question_is_about_complaints(kit):
    asked = [part["question"] for part in kit.parts if part["question"]]
    assert sum(name in ABOUT_COMPLAINTS for name in asked) <= len(asked) / 2


@pytest.mark.parametrize("kit", ShippedKit.shipped(), ids=ids)
def test_an_exercise_in_a_kit_gets_the_minutes_that_it_takes(kit):
    assert all(part["minutes"] >= exercise(part["exercise"]).minutes for part in kit.parts if part["exercise"])


def test_a_phone_job_begins_with_a_call_of_ten_to_twenty_minutes():
    first = by_name(ShippedPlan)["Phone support"].rounds[0]
    assert 10 <= kit_minutes(first["kit"]) <= 20


def test_every_competency_says_whether_it_can_be_trained():
    assert {one.trainable for one in ShippedCompetency.shipped()} == set(Competency.Trainable.values)


@pytest.mark.parametrize("kind", [ShippedCompetency, ShippedQuestion, ShippedExercise, ShippedKit, ShippedPlan])
def test_names_are_unique(kind):
    names = [one.name for one in kind.shipped()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("plan", ShippedPlan.shipped(), ids=ids)
def test_a_role_that_writes_has_one_written_round_with_two_graders(plan):
    graders = [one["raters"] for one in plan.rounds if one["kind"] == "written"]
    assert graders == ([] if plan.name == "Phone support" else [2])


def test_plans_name_only_competencies_that_ship():
    names = {one.name for one in ShippedCompetency.shipped()}
    assert all(set(plan.weights) <= names for plan in ShippedPlan.shipped())


def test_empathy_communication_and_the_desire_to_help_weigh_more_than_the_average():
    for plan in ShippedPlan.shipped():
        average = sum(weight for weight, _must_have in plan.weights.values()) / len(plan.weights)
        assert all(plan.weights[name][0] > average for name in WEIGHED_MOST)


def test_plans_have_a_deadline_for_every_open_stage():
    assert all(set(plan.deadlines) == {stage.value for stage in OPEN} for plan in ShippedPlan.shipped())


def test_the_fingerprint_does_not_depend_on_the_order_of_weights():
    plan = ShippedPlan.shipped()[0]
    turned = replace(plan, weights=dict(reversed(plan.weights.items())))
    assert shipped.fingerprint(turned) == shipped.fingerprint(plan)


def test_the_fingerprint_does_not_depend_on_how_a_browser_ends_lines():
    one = exercise("Support e-mail")
    posted = ShippedExercise(**vars(one) | {"brief": one.brief.replace("\n", "\r\n")})
    assert shipped.fingerprint(posted) == shipped.fingerprint(one)


def test_the_order_of_rounds_counts():
    plan = ShippedPlan.shipped()[0]
    turned = replace(plan, rounds=plan.rounds[::-1])
    assert shipped.fingerprint(turned) != shipped.fingerprint(plan)
