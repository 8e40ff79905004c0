"""What a plan says about its trials, and what holds where it says nothing."""

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import NOW, make_plan
from candidates.models import HiringPlan
from trials.models import TrialPlan
from trials.planning import terms
from trials.planning.builders import make_trial_plan, plan_check_ins, plan_weeks, want_figure

pytestmark = pytest.mark.django_db


def test_a_plan_without_terms_has_neither_hours_nor_pay_and_one_approver():
    told = terms.of(make_plan())
    assert (told.hours_a_week, told.pay, told.approvers, told.verdict_days) == (None, None, 1, 14)
    assert not TrialPlan.objects.exists()


def test_a_plan_with_terms_says_what_they_are():
    plan = make_plan()
    make_trial_plan(plan, approvers=2)
    assert (terms.of(plan).hours_a_week, terms.of(plan).approvers) == (20, 2)


@pytest.mark.parametrize(
    "add",
    [
        make_trial_plan,
        lambda plan: plan_weeks(plan, "Learn"),
        lambda plan: plan_check_ins(plan, 7),
        lambda plan: want_figure(plan, "quality", 80),
    ],
)
def test_to_a_locked_plan_nothing_can_be_added(add):
    plan = make_plan()
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        add(plan)
