"""Hiring plans in the desk: what they say about references and trials."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.admin.plans import HiringPlanAdmin
from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_job, make_plan
from candidates.jobs.actions import copy_plan
from candidates.models import HiringPlan
from references.models import ReferencePlan
from references.questionnaires.builders import make_questionnaire, make_reference_plan
from trials.models import FigureTarget, PlannedCheckIn, TrialPlan, TrialWeek
from trials.planning.builders import make_trial_plan, plan_check_ins, plan_weeks, want_figure

pytestmark = pytest.mark.django_db
PREFIXES = ("weights", "rounds", "stages", "reference_plan", "trial_plan", "trial_weeks", "planned_check_ins")
RULE = {"questionnaire": "", "needed": 2, "managers": 1, "reminders": 2, "expire_days": 2, "replacements": 2}
TERMS = {
    "hours_a_week": 24, "pay": "", "pay_currency": "", "pay_period": "HOUR", "note": "", "answer_days": 5,
    "verdict_days": 14, "approvers": 1, "pulse_days": 90,
}  # fmt: skip
INLINES = [inline(HiringPlan, django_admin.site) for inline in HiringPlanAdmin.inlines]
EVERYBODY = ["candidate", "buddy", "manager"]


@pytest.fixture
def plan():
    """Two referees, four weeks."""
    return make_plan(("Empathy", "Patience"))


def change(plan):
    return reverse("admin:candidates_hiringplan_change", args=[plan.pk])


def typed(plan, known=0, **parts):
    """The form of `plan` with rows of `parts` by prefix, of which the first `known` are there already."""
    fields = {name: value for name, value in model_to_dict(plan).items() if isinstance(value, int | str)}
    fields |= {"line": plan.line, "hides_identity": ""}
    for prefix in (*PREFIXES, "figure_targets"):
        rows = parts.get(prefix, [])
        fields |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known if rows else 0}
        for number, row in enumerate(rows):
            fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def errors(page):
    """What each part complains about, by the box."""
    assert page.status_code == 200
    told = {}
    for inline in page.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            told |= {name: " ".join(words) for name, words in form.errors.items()}
    return told


def text(page):
    return page.content.decode()


def test_a_recruiter_says_what_a_plan_wants_of_references_and_trials(desk, plan):
    questionnaire = make_questionnaire()
    empathy = plan.weights.first().competency_id
    parts = {
        "reference_plan": [RULE | {"questionnaire": questionnaire.pk}],
        "trial_plan": [TERMS | {"pay": "15.50", "pay_currency": "eur", "note": "Paid monthly."}],
        "trial_weeks": [{"number": 1, "work": "chat", "aim": "Learn"}, {"number": 2, "work": "chat", "aim": "Chat"}],
        "planned_check_ins": [{"day": 7, "roles": EVERYBODY[:2], "competencies": [empathy]}],
        "figure_targets": [{"metric": "satisfaction", "target": "85.5"}],
    }  # fmt: skip
    answer = desk.post(change(plan), typed(plan, **parts))
    assert answer.status_code == 302, errors(answer)
    rule, terms = ReferencePlan.objects.get(plan=plan), TrialPlan.objects.get(plan=plan)
    assert (rule.questionnaire, rule.needed, rule.managers) == (questionnaire, 2, 1)
    assert (terms.hours_a_week, str(terms.pay), terms.pay_currency, terms.note) == (24, "15.50", "EUR", "Paid monthly.")
    assert [(one.number, one.work) for one in plan.trial_weeks.all()] == [(1, "chat"), (2, "chat")]
    check_in = PlannedCheckIn.objects.get(plan=plan)
    assert (check_in.roles, check_in.competencies) == (["candidate", "buddy"], [empathy])
    assert str(FigureTarget.objects.get(plan=plan).target) == "85.50"


@pytest.mark.parametrize(
    ("part", "row", "box", "told"),
    [
        ("reference_plan", RULE | {"needed": 3}, "needed", "The plan asks 2 referees only."),
        ("reference_plan", RULE | {"needed": 1, "managers": 2}, "managers", "Only 1 answer is needed."),
        ("reference_plan", RULE | {"needed": "many"}, "needed", "whole number"),
        ("reference_plan", RULE | {"questionnaire": 99_999}, "questionnaire", "Select a valid choice"),
        ("trial_plan", TERMS | {"hours_a_week": -5}, "hours_a_week", "greater than or equal to"),
        ("trial_plan", TERMS | {"hours_a_week": 10**20}, "hours_a_week", "less than or equal to 60"),
        ("trial_plan", TERMS | {"pay": "-1", "pay_currency": "EUR"}, "pay", "greater than or equal to 0"),
        ("trial_plan", TERMS | {"pay": "15"}, "pay_currency", "Say in which money"),
        ("trial_plan", TERMS | {"pay": "15", "pay_currency": "E1R"}, "pay_currency", "Three capital letters"),
        ("trial_plan", TERMS | {"pay": "1e9999", "pay_currency": "EUR"}, "pay", ""),
        ("trial_plan", TERMS | {"verdict_days": 29}, "verdict_days", "The trial is 28 days long."),
        ("trial_plan", TERMS | {"approvers": 3}, "approvers", "less than or equal to 2"),
        ("trial_plan", TERMS | {"note": "a\0b"}, "note", "Null characters"),
        ("trial_weeks", {"number": 5, "work": "chat", "aim": "A"}, "number", "The trial has 4 weeks only."),
        ("trial_weeks", {"number": 1, "work": "fishing", "aim": "A"}, "work", "Select a valid choice"),
        ("trial_weeks", {"number": 1, "work": "chat", "aim": "x" * 301}, "aim", "at most 300"),
        ("planned_check_ins", {"day": 29, "roles": EVERYBODY}, "day", "The trial is 28 days long."),
        ("planned_check_ins", {"day": 0, "roles": EVERYBODY}, "day", "greater than or equal to 1"),
        ("planned_check_ins", {"day": 3, "roles": []}, "roles", "Tick at least one."),
        ("planned_check_ins", {"day": 3, "roles": ["boss"]}, "roles", "Select a valid choice"),
        ("planned_check_ins", {"day": 3, "roles": EVERYBODY, "competencies": ["x"]}, "competencies", "valid choice"),
        ("figure_targets", {"metric": "quality", "target": 101}, "target", "This is a percentage: 100 at most."),
        ("figure_targets", {"metric": "quality", "target": -1}, "target", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_told_beside_its_box(rf, admin, plan, part, row, box, told):
    request = rf.get("/")
    request.user = admin
    inline = next(one for one in INLINES if one.get_formset(request, plan).get_default_prefix() == part)
    data = QueryDict(urlencode(typed(plan, **{part: [row]}), doseq=True))
    formset = inline.get_formset(request, plan)(data, instance=plan)
    assert not formset.is_valid()
    [form] = formset.forms
    assert list(form.errors) == [box]
    assert told in " ".join(form.errors[box])


def test_what_was_typed_wrongly_stays_in_its_box_and_nothing_is_saved(desk, plan):
    row = {"number": 5, "work": "chat", "aim": "Chat with ease"}
    page = desk.post(change(plan), typed(plan, trial_weeks=[row]) | {"name": "Better"})
    assert errors(page) == {"number": "The trial has 4 weeks only."}
    assert "Chat with ease" in text(page)
    plan.refresh_from_db()
    assert (plan.name == "Better", plan.trial_weeks.exists()) == (False, False)


def test_only_competencies_of_the_plan_are_offered_for_its_check_ins(desk, plan):
    make_plan(("Written language",))
    page = text(desk.get(change(plan)))
    assert page.count("Patience") > page.count("Written language")
    other = HiringPlan.objects.exclude(pk=plan.pk).get().weights.get().competency_id
    row = {"day": 3, "roles": EVERYBODY, "competencies": [other]}
    assert "competencies" in errors(desk.post(change(plan), typed(plan, planned_check_ins=[row])))


@pytest.mark.parametrize(
    ("part", "row", "box"),
    [
        ("trial_weeks", {"number": 1, "work": "chat", "aim": "A"}, "number"),
        ("planned_check_ins", {"day": 7, "roles": EVERYBODY}, "day"),
        ("figure_targets", {"metric": "quality", "target": 80}, "metric"),
    ],
)
def test_the_same_week_day_or_figure_twice_is_told_beside_the_second(desk, plan, part, row, box):
    assert "stands here twice" in errors(desk.post(change(plan), typed(plan, **{part: [row, row]})))[box]


def test_a_week_that_a_colleague_added_meanwhile_is_not_added_again(desk, plan):
    plan_weeks(plan, "Learn")
    row = {"number": 1, "work": "chat", "aim": "A"}
    assert "stands here twice" in errors(desk.post(change(plan), typed(plan, trial_weeks=[row])))["number"]


def test_a_week_is_put_between_two_others_which_move_on(desk, plan):
    first, second, third = plan_weeks(plan, "Learn", "Tickets", "Chat")
    rows = [
        {"id": one.pk, "plan": plan.pk, "number": number, "work": one.work, "aim": one.aim}
        for one, number in ((first, 1), (second, 3), (third, 2))
    ]
    new = {"number": 4, "work": "mixed", "aim": "All of it"}
    answer = desk.post(change(plan), typed(plan, known=3, trial_weeks=[*rows, new]))
    assert answer.status_code == 302, errors(answer)
    assert [one.aim for one in plan.trial_weeks.all()] == ["Learn", "Chat", "Tickets", "All of it"]


def test_a_deleted_day_can_be_given_to_another_check_in_at_once(desk, plan):
    first, second = plan_check_ins(plan, 7, 14)
    rows = [
        {"id": first.pk, "plan": plan.pk, "day": 14, "roles": ["buddy"]},
        {"id": second.pk, "plan": plan.pk, "day": 14, "roles": EVERYBODY, "DELETE": "on"},
    ]
    assert desk.post(change(plan), typed(plan, known=2, planned_check_ins=rows)).status_code == 302
    assert list(plan.planned_check_ins.values_list("pk", "day", "roles")) == [(first.pk, 14, ["buddy"])]


def test_a_shorter_trial_is_told_beside_the_week_that_lies_after_it(desk, plan):
    [week] = plan_weeks(plan, "Learn")
    TrialWeek.objects.update(number=4)
    row = {"id": week.pk, "plan": plan.pk, "number": 4, "work": "chat", "aim": "A"}
    fields = typed(plan, known=1, trial_weeks=[row]) | {"trial_days": 14}
    assert errors(desk.post(change(plan), fields)) == {"number": "The trial has 2 weeks only."}


def full(plan):
    """A plan with a row of each part."""
    make_reference_plan(plan, questionnaire=make_questionnaire(name="For our leads"), needed=2, managers=1)
    make_trial_plan(plan, note="Paid on Fridays.", approvers=2, verdict_days=10)
    plan_weeks(plan, "Learn the product", "Answer simple tickets")
    key = plan.weights.get(competency__name="Patience").competency_id
    plan_check_ins(plan, 7, 14, roles=["buddy", "manager"], competencies=[key])
    want_figure(plan, "satisfaction", "85")
    want_figure(plan, "first_reply", "120")
    return plan


@pytest.mark.parametrize("model", [ReferencePlan, TrialPlan, TrialWeek, PlannedCheckIn, FigureTarget])
def test_a_copy_of_a_plan_has_each_of_its_parts(plan, model):
    copy = copy_plan(full(plan), version=2)
    told = [
        [model_to_dict(row, exclude=["id", "plan"]) for row in model.objects.filter(plan=one).order_by("pk")]
        for one in (plan, copy)
    ]
    assert told[0] == told[1] != []


def locked(plan):
    plan = full(plan)
    make_job(plan=plan)
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    return plan


def test_the_parts_of_a_locked_plan_are_read_in_words_and_have_no_boxes(desk, plan):
    page = text(desk.get(change(locked(plan))))
    for told in ("For our leads", "Paid on Fridays.", "Learn the product", "the buddy, the lead", "satisfaction, %"):
        assert told in page
    for prefix in ("reference_plan", "trial_plan", "trial_weeks", "planned_check_ins", "figure_targets"):
        boxes = set(re.findall(f'name="{prefix}-0-([a-z_]+)"', page))
        assert boxes <= {"id", "plan"}


def test_a_manager_reads_what_is_planned_and_changes_nothing(manager, plan):
    page = text(signed_in(manager).get(change(full(plan))))
    assert "the buddy, the lead" in page
    assert 'name="trial_weeks-0-aim"' not in page


def test_a_check_in_about_a_competency_that_the_plan_lost_is_about_the_others(desk, plan):
    plan_check_ins(plan, 7, competencies=[99_999])
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    assert "everything" in text(desk.get(change(plan)))


def test_a_retired_questionnaire_is_offered_only_where_it_is_used(desk, plan):
    gone, used = (make_questionnaire(name=name, is_retired=True) for name in ("Gone one", "Used one"))
    make_reference_plan(plan, questionnaire=used)
    page = text(desk.get(change(plan)))
    assert used.name in page
    assert gone.name not in page


def test_the_page_of_a_plan_costs_the_same_queries_for_few_and_many_parts(desk):
    counts = []
    for many in (1, 4):
        plan = make_plan(trial_days=70)
        plan_weeks(plan, *["Learn"] * many)
        plan_check_ins(plan, *range(1, many + 1))
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(change(plan)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
