"""Content in the desk: questions, exercises, kits, rounds of plans; what uses them; the kit on paper."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_job, make_plan
from candidates.models import HiringPlan, Job
from interviews.kits.builders import make_case, make_exercise, make_kit, make_question, make_round
from interviews.models import Case, DeescalationStep, Exercise, Kit, KitPart, LadderRoute, Question, Round, RubricLine

ANCHORS = {f"anchors_{number}": f"Level {number + 1}" for number in range(5)}
NOUNS = ["question", "exercise", "case", "kit", "ladderroute", "deescalationstep"]


def address(name, *arguments):
    return reverse(f"admin:interviews_{name}", args=arguments)


def text(page):
    return page.content.decode()


def inline(prefix, *rows, known=0):
    told = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known}
    for number, row in enumerate(rows):
        told |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return told


def question_fields(**fields):
    asked = {"name": "Thanks", "text": "Tell me about thanks you got.", "family": "behavioural", "position": 1}
    return asked | ANCHORS | {"is_scored": "on", "follow_ups": "", "red_flags": ""} | fields


def kit_fields(*parts, known=0, **fields):
    return {"name": "First talk", "purpose": "Hear them"} | inline("parts", *parts, known=known) | fields


def plan_fields(plan, *rounds, known=0, **fields):
    numbers = {
        name: getattr(plan, name)
        for name in (
            "interviewers", "referees", "trial_days", "check_in_days", "line", "undo_minutes", "rejection_hours",
            "raters", "card_reminder_hours", "card_reminders", "reschedules", "reschedule_hours",
        )
    }  # fmt: skip
    weights = [
        {"id": row.pk, "plan": plan.pk, "competency": row.competency_id, "weight": 1} for row in plan.weights.all()
    ]
    kept = inline("weights", *weights, known=len(weights)) | inline("stages")
    for part in ("reference_plan", "trial_plan", "trial_weeks", "planned_check_ins", "figure_targets"):
        kept |= inline(part)
    return {"name": plan.name} | numbers | kept | inline("rounds", *rounds, known=known) | fields


def test_a_recruiter_writes_a_question_with_anchors_follow_ups_and_red_flags(desk):
    lines = {"follow_ups": "What then?\r\n\r\nAnd then, honestly?", "red_flags": "Blames, and stops"}
    assert desk.post(address("question_add"), question_fields(**lines)).status_code == 302
    question = Question.objects.get()
    assert question.anchors == [f"Level {level}" for level in range(1, 6)]
    assert question.follow_ups == ["What then?", "And then, honestly?"]
    assert question.red_flags == ["Blames, and stops"]


def test_a_scored_question_needs_all_five_anchors_and_keeps_what_was_typed(desk):
    page = desk.post(address("question_add"), question_fields(anchors_2=""))
    assert "needs all five" in text(page)
    assert "Level 5" in text(page)
    assert not Question.objects.exists()


def test_small_talk_needs_no_anchors(desk):
    empty = dict.fromkeys(ANCHORS, "")
    assert desk.post(address("question_add"), question_fields(**empty, is_scored="")).status_code == 302
    assert Question.objects.get().anchors == []


def test_small_talk_with_some_anchors_is_asked_for_all_or_none(desk):
    assert "Fill in all five, or none" in text(
        desk.post(address("question_add"), question_fields(is_scored="", anchors_0=""))
    )


@pytest.mark.parametrize("odd", ["a\0b", "x" * 501])
def test_an_odd_anchor_is_refused_beside_its_box(desk, odd):
    page = desk.post(address("question_add"), question_fields(anchors_1=odd))
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["anchors"]


@pytest.mark.parametrize("name", NOUNS)
def test_managers_and_strangers_do_not_edit_content(manager, client, name):
    assert signed_in(manager).get(address(f"{name}_changelist")).status_code == 403
    assert client.get(address(f"{name}_changelist")).status_code == 302


def test_an_exercise_takes_a_rubric_and_cases(desk):
    competency = make_question().competencies.get()
    rubric = {"competency": competency.pk, "position": 0, "look_for": "Clear?"} | ANCHORS
    case = {
        "name": "The film",
        "position": 0,
        "situation": "It stops.",
        "facts": "",
        "player": "",
        "points": "Sorry\nFix",
    }
    fields = {"name": "Mail", "kind": "email", "minutes": 20, "brief": "Answer.", "guide": "", "guards": "Be kind"}
    sent = fields | {"position": 1} | inline("rubric", rubric) | inline("cases", case)
    assert desk.post(address("exercise_add"), sent).status_code == 302
    assert RubricLine.objects.get().anchors[4] == "Level 5"
    assert Case.objects.get().points == ["Sorry", "Fix"]
    assert Exercise.objects.get().guards == ["Be kind"]


def test_a_case_takes_the_mails_of_its_customers(desk):
    case = make_case(make_exercise(), name="Old")
    known = case.mails.get()
    mails = [
        {"id": known.pk, "case": case.pk, "sender": "Berta", "position": 0, "urgency": 2, "text": "Help"},
        {"case": case.pk, "sender": "Carl", "position": 1, "urgency": 1, "text": "Now!", "writes_back": "Still?"},
    ]
    fields = {"exercise": case.exercise_id, "name": "New", "position": 0, "situation": "S", "points": ""}
    sent = fields | inline("mails", *mails, known=1)
    assert desk.post(address("case_change", case.pk), sent).status_code == 302
    assert list(case.mails.values_list("sender", "writes_back")) == [("Berta", ""), ("Carl", "Still?")]


def test_a_kit_puts_parts_in_order_and_tells_their_minutes(desk):
    parts = [
        {"position": 1, "minutes": 12, "question": make_question().pk},
        {"position": 0, "minutes": 3, "title": "Welcome", "text": "Hello!"},
    ]
    assert desk.post(address("kit_add"), kit_fields(*parts)).status_code == 302
    kit = Kit.objects.get()
    assert [part.minutes for part in kit.parts.all()] == [3, 12]
    assert ">15<" in text(desk.get(address("kit_changelist")))


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"minutes": 6}, "Choose a question or an exercise"),
        ({"minutes": 0, "title": "Talk"}, "greater than or equal to 1"),
        ({"minutes": 99999999, "title": "Talk"}, "less than or equal to 120"),
        ({"minutes": "many", "title": "Talk"}, "whole number"),
    ],
)
def test_a_part_that_is_nothing_or_takes_impossible_minutes_is_refused(desk, part, told):
    page = desk.post(address("kit_add"), kit_fields({"position": 0} | part))
    assert told in text(page)
    assert not Kit.objects.exists()


def test_a_part_is_either_a_question_or_an_exercise(desk):
    exercise = make_exercise(Exercise.Kind.TEACH)
    both = {"position": 0, "minutes": 5, "question": make_question().pk, "exercise": exercise.pk}
    assert "Choose a question or an exercise" in text(desk.post(address("kit_add"), kit_fields(both)))


def test_a_case_of_another_exercise_is_refused(desk):
    exercise, other = make_exercise(Exercise.Kind.TEACH), make_exercise(Exercise.Kind.ROLE_PLAY)
    wrong = {"position": 0, "minutes": 5, "exercise": exercise.pk, "case": other.cases.get().pk}
    assert "This case belongs to" in text(desk.post(address("kit_add"), kit_fields(wrong)))


def test_a_kit_offers_nothing_retired_unless_it_has_it(desk):
    old, gone = make_question("Old one", is_retired=True), make_question("Gone one", is_retired=True)
    page = text(desk.get(address("kit_change", make_kit(old).pk)))
    assert old.name in page
    assert gone.name not in page


def test_written_work_is_not_offered_as_a_part_of_a_conversation(desk):
    make_exercise(name="Support mail")
    make_exercise(Exercise.Kind.TEACH, name="Teach me")
    page = text(desk.get(address("kit_change", make_kit().pk)))
    assert "Teach me" in page
    assert "Support mail" not in page


def test_an_emptied_kit_is_saved_and_told(desk):
    kit = make_kit()
    part = kit.parts.get()
    gone = {"id": part.pk, "kit": kit.pk, "position": 0, "minutes": 5, "question": part.question_id, "DELETE": "on"}
    page = desk.post(address("kit_change", kit.pk), kit_fields(gone, known=1), follow=True)
    assert "This kit has no parts" in text(page)
    assert not KitPart.objects.exists()


def test_a_kit_in_use_names_plans_and_jobs_and_says_that_cards_keep_their_words(desk, stranger):
    kit = make_kit()
    template, plan, theirs = make_plan(name="Template"), make_plan(), make_plan()
    HiringPlan.objects.exclude(pk=template.pk).update(copied_from=template)
    for one in (template, plan, theirs):
        make_round(one, kit)
    make_job("My job", plan=plan)
    make_job("Her secret job", plan=theirs, recruiters=[stranger])
    page = text(desk.get(address("kit_change", kit.pk)))
    for told in ("Template v1", "My job", "1 job of colleagues", "keep theirs"):
        assert told in page
    assert "Her secret job" not in page


def test_a_closed_job_uses_a_kit_no_more(desk):
    plan = make_plan(copied_from=make_plan())
    make_round(plan, kit := make_kit())
    make_job("Closed job", plan=plan, status=Job.Status.CLOSED)
    assert "Closed job" not in text(desk.get(address("kit_change", kit.pk)))


def test_a_question_in_a_kit_cannot_be_deleted_but_an_unused_one_can(desk):
    used, free = make_question(), make_question()
    make_kit(used)
    assert desk.get(address("question_delete", used.pk)).status_code == 403
    assert desk.post(address("question_delete", free.pk), {"post": "yes"}).status_code == 302
    assert list(Question.objects.all()) == [used]


@pytest.mark.parametrize("kind", ["kit", "exercise", "case"])
def test_what_a_round_or_a_kit_uses_cannot_be_deleted(desk, kind):
    written, spoken = make_exercise(), make_exercise(Exercise.Kind.TEACH)
    make_round(make_plan(), written)
    make_round(make_plan(), kit := make_kit(spoken))
    used = {"kit": kit, "exercise": written, "case": spoken.cases.get()}[kind]
    assert desk.get(address(f"{kind}_delete", used.pk)).status_code == 403


def test_a_case_in_use_is_not_deleted_from_the_page_of_its_exercise_and_says_why(desk):
    exercise = make_exercise(Exercise.Kind.TEACH)
    make_kit(exercise)
    case, line = exercise.cases.get(), exercise.rubric.get()
    rubric = {"id": line.pk, "exercise": exercise.pk, "competency": line.competency_id, "position": 0, "look_for": "L"}
    gone = {"id": case.pk, "exercise": exercise.pk, "name": case.name, "position": 0, "situation": "S", "DELETE": "on"}
    fields = {"name": "T", "kind": "teach", "minutes": 10, "brief": "B", "position": 0}
    page = desk.post(
        address("exercise_change", exercise.pk),
        fields | inline("rubric", rubric | ANCHORS, known=1) | inline("cases", gone, known=1),
    )
    assert "protected" in text(page)
    assert Case.objects.exists()


def test_routes_and_steps_change_their_words_and_nothing_else(desk):
    route = LadderRoute.objects.create(key="did", name="Did it", anchors=list("12345"))
    step = DeescalationStep.objects.create(number=1, name="Listened", meaning="L")
    assert (
        desk.post(address("ladderroute_change", route.pk), {"name": "Did", "key": "customer"} | ANCHORS).status_code
        == 302
    )
    route.refresh_from_db()
    assert (route.name, route.key, route.anchors[0]) == ("Did", "did", "Level 1")
    assert desk.get(address("ladderroute_add")).status_code == 403
    assert desk.get(address("deescalationstep_delete", step.pk)).status_code == 403


def test_a_plan_takes_rounds_and_tells_what_they_ask_of_people(desk):
    plan, kit = make_plan(("Empathy",)), make_kit(minutes=60)
    first = {"plan": plan.pk, "position": 0, "name": "Talk", "kind": "separate", "kit": kit.pk, "raters": 2}
    change = reverse("admin:candidates_hiringplan_change", args=[plan.pk])
    assert desk.post(change, plan_fields(plan, first)).status_code == 302
    assert Round.objects.get().raters == 2
    page = text(desk.get(change))
    assert "140 minutes with the candidate: more than two hours" in page
    assert "2 × 60 = 120" in page


@pytest.mark.parametrize("kind", ["panel", "written"])
def test_a_round_without_its_content_is_refused_in_words(desk, kind):
    plan = make_plan()
    bare = {"plan": plan.pk, "position": 0, "name": "Talk", "kind": kind, "raters": 2}
    page = desk.post(reverse("admin:candidates_hiringplan_change", args=[plan.pk]), plan_fields(plan, bare))
    assert "A conversation needs a kit, written work an exercise." in text(page)


def test_the_rounds_of_a_locked_plan_stay(desk):
    plan = make_job().plan
    make_round(plan, name="Second talk")
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    page = text(desk.get(reverse("admin:candidates_hiringplan_change", args=[plan.pk])))
    assert "Second talk" in page
    assert 'name="rounds-0-name"' not in page


def test_opening_a_job_shows_what_its_plan_asks_of_people(desk):
    plan = make_plan(("Empathy",))
    make_round(plan, raters=1)
    job = make_job(plan=plan, status=Job.Status.DRAFT)
    page = text(desk.get(reverse("admin:candidates_job_step", args=[job.pk, "open"])))
    assert "Judged by too few people" in page
    assert "Empathy (1 of 2)" in page


@pytest.mark.parametrize("name", NOUNS[:4])
def test_lists_of_content_cost_the_same_queries_for_three_and_thirty_rows(desk, name):
    counts = []
    for number in (3, 30):
        for _turn in range(number):
            make_kit(make_question(), make_exercise(Exercise.Kind.TEACH))
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(f"{name}_changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_the_page_of_a_kit_costs_the_same_queries_for_three_and_fifteen_parts(desk):
    counts = []
    for number in (3, 15):
        kit = make_kit(*[make_question() for _turn in range(number)])
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address("kit_change", kit.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_a_plan_costs_the_same_queries_for_two_and_eight_rounds(desk):
    counts = []
    for number in (2, 8):
        plan = make_plan()
        for _turn in range(number):
            make_round(plan)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse("admin:candidates_hiringplan_change", args=[plan.pk])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_kit_is_printed_with_its_questions_anchors_minutes_and_routes(desk):
    LadderRoute.objects.create(key="customer", name="As a customer", anchors=list("12345"))
    kit = make_kit("Welcome", make_question("Anger"), name="First talk", minutes=10)
    page = text(desk.get(reverse("desk:kit", args=[kit.pk])))
    for told in ("First talk", "20 minutes", "Anger, answer 5", "minute 10 to 20", "What did you say first?",
                 "As a customer", "Never had that, and stops.", "Empathy, level 3"):  # fmt: skip
        assert told in page


def test_a_role_play_is_printed_with_its_case_and_the_steps(desk):
    DeescalationStep.objects.create(number=1, name="Listened", meaning="Let them finish")
    exercise = make_exercise(Exercise.Kind.ROLE_PLAY, codes_steps=True)
    Case.objects.update(player="You are furious.")
    page = text(desk.get(reverse("desk:kit", args=[make_kit(exercise).pk])))
    assert "You are furious." in page
    assert "Let them finish" in page


def test_an_empty_kit_is_printed(desk):
    assert "There are no parts" in text(
        desk.get(reverse("desk:kit", args=[Kit.objects.create(name="E", purpose="P").pk]))
    )


def test_a_manager_prints_no_kit_and_an_unknown_one_is_not_found(desk, manager):
    kit = make_kit()
    assert signed_in(manager).get(reverse("desk:kit", args=[kit.pk])).status_code == 403
    assert desk.get(reverse("desk:kit", args=[kit.pk + 1])).status_code == 404
