"""What is refused on saving, beside its cause, with the other rule's name."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry

from ats.automation import keeping
from ats.automation.builders import LONG_AGO, PASSES, make_rule
from ats.automation.models import Rule
from ats.content import actions as content
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.jobs.models import HiringPlan
from candidates.pipeline import NotAllowed
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
RECRUITERS = {"who": "recruiters"}
MOVE = {
    "name": "New rule", "when": "complete", "stage": "interviews", "conditions": PASSES, "then": "move",
    "to_stage": "references", "mode": "off",
}  # fmt: skip


@pytest.fixture
def plan():
    return make_plan()


def keep(plan, **fields):
    """Save a rule as the form makes it."""
    return keeping.save(Rule(plan=plan, **MOVE | fields), at=NOW, by=make_user())


def refused(plan, **fields):
    with pytest.raises(keeping.Refused) as caught:
        keep(plan, **fields)
    return [(one.field, one.words) for one in caught.value.objections]


def test_two_rules_that_move_on_one_occasion_contradict_each_other(plan):
    make_rule(plan, name="On to references", mode="off", since=None)
    field, told = refused(plan, to_stage="screening", conditions=[])[0]
    assert field == "then"
    assert "On to references" in told


def test_one_that_rejects_contradicts_one_that_moves(plan):
    make_rule(plan, name="On to references")
    assert refused(plan, then="reject", to_stage="", hours=24, conditions=[])[0][0] == "then"


@pytest.mark.parametrize(
    "other",
    [
        {"when": "under", "then": "reject", "to_stage": "", "hours": 24, "conditions": []},
        {"conditions": [{"kind": "below", "value": "2.00"}], "then": "reject", "to_stage": "", "hours": 24},
        {"then": "note", "to_stage": "", "conditions": []},
    ],
)
def test_rules_that_exclude_each_other_or_move_nobody_stand_beside_each_other(plan, other):
    make_rule(plan)
    assert keep(plan, **other).pk


def test_scores_that_overlap_contradict_each_other(plan):
    make_rule(plan, conditions=[{"kind": "at_least", "value": "3.00"}])
    assert refused(plan, when="under", score=Decimal("3.40"), then="reject", to_stage="", hours=24, conditions=[])


def test_a_circle_is_refused_with_the_rule_that_leads_back(plan):
    make_rule(plan, name="Back to the interviews", stage="references", conditions=[], to_stage="interviews")
    field, told = refused(plan)[0]
    assert field == "to_stage"
    assert "“Back to the interviews” lead back from References to Interviews" in told


@pytest.mark.parametrize(
    ("fields", "box"),
    [
        ({"to_stage": "trial"}, "to_stage"),
        ({"to_stage": "rejected"}, "to_stage"),
        ({"to_stage": "hired"}, "to_stage"),
        ({"when": "over", "score": Decimal("7.00")}, "score"),
        ({"when": "days", "days": 0}, "days"),
        ({"when": "days", "days": 5000}, "days"),
        ({"then": "reject", "to_stage": "", "hours": 0}, "hours"),
        ({"conditions": [{"kind": "at_least", "value": "9.00"}]}, "if_at_least"),
        ({"conditions": [{"kind": "moon", "value": "full"}]}, ""),
        ({"conditions": [{"kind": "stage", "value": "trial"}]}, ""),
        ({"when": "over", "score": Decimal("4.00"), "conditions": [{"kind": "below", "value": "3.00"}]}, ""),
        ({"then": "mail", "to_stage": "", "settings": {"subject": "Hi {secret}", "text": "Dear {name"}}, "subject"),
        ({"then": "tell", "to_stage": "", "settings": {"who": {"who": "colleague", "user": 0}}}, "who_user"),
        ({"when": "overdue", "page": "post:to_do", "then": "ask", "settings": {"who": RECRUITERS}}, "then"),
        ({"when": "event", "event": "mail.replied", "then": "mail", "to_stage": ""}, "then"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_cause(plan, fields, box):
    assert refused(plan, **fields)[0][0] == box
    assert not Rule.objects.exists()


def test_who_may_not_approve_is_not_asked_to(plan):
    approver = {"approver": {"who": "colleague", "user": make_user("Paul Plain").pk}}
    found = refused(plan, stage="trial", conditions=[], to_stage="hired", settings=approver)
    assert found == [("approver_user", "Paul Plain may not approve hires: only managers and administrators do.")]


def test_a_reader_must_hire_for_the_job(plan):
    job = make_job(plan=plan)
    reader = {"reader": {"who": "colleague", "user": make_user("Paul Plain").pk}, "caller": RECRUITERS}
    fields = {"when": "event", "event": "stage.applied", "stage": "", "conditions": [], "to_stage": "screening"}
    assert refused(plan, **fields, settings=reader) == [("reader_user", f"Paul Plain does not hire for {job}.")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_contradicting_rules_at_once_one_is_refused():
    plan = make_plan()
    names = ("First", "Second")
    results = together(*[lambda name=name: keep(plan, name=name) for name in names])
    assert sorted(type(one).__name__ for one in results) == ["Refused", "Rule"]


def test_a_locked_plan_takes_rules_and_remembers_who_switched_them():
    plan = make_application().plan
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    rule = keep(plan)
    keeping.switch(rule, Rule.Mode.ACT, at=NOW + timedelta(hours=1), by=make_user())
    assert (rule.mode, rule.since, rule.changed_by_name) == ("act", NOW + timedelta(hours=1), "Rita Recruiter")
    assert [str(one.change_message) for one in LogEntry.objects.order_by("pk")] == [
        "New rule “New rule”", "Rule “New rule”: acts"
    ]  # fmt: skip


def test_a_rule_at_work_is_not_deleted(plan):
    rule = make_rule(plan)
    with pytest.raises(NotAllowed, match="Switch it off first"):
        keeping.delete(rule, by=make_user())
    keeping.switch(rule, Rule.Mode.OFF, at=NOW, by=make_user())
    keeping.delete(rule, by=make_user())
    assert not Rule.objects.exists()


def test_a_rule_that_is_changed_does_not_look_back(plan):
    rule = make_rule(plan)
    assert rule.since == LONG_AGO
    keeping.save(rule, at=NOW, by=make_user())
    assert rule.since == NOW


def test_ready_rules_come_off_and_once(plan):
    assert keeping.add_ready(plan, at=NOW, by=make_user()) == 11
    assert keeping.add_ready(plan, at=NOW, by=make_user()) == 0
    assert set(plan.rules.values_list("mode", flat=True)) == {"off"}


def test_every_plan_that_ships_has_every_ready_rule_off_and_none_contradicts_another():
    content.load()
    assert Rule.objects.count() == 55
    assert set(Rule.objects.values_list("mode", flat=True)) == {"off"}
    found = []
    for rule in Rule.objects.select_related("plan"):
        others = list(Rule.objects.filter(plan=rule.plan).select_related("plan"))
        found += [(rule.key, one.words) for one in keeping.checking.objections(rule, others)]
    assert {key for key, _words in found} == {"references-in"}  # a team names the buddy before it switches that on
