"""The switch "ask for references by itself" became a rule: the statements of the migration, over rows."""

import importlib

import pytest
from django.db import connection

from ats.automation import actions
from ats.automation.models import Firing, Handling, Rule
from candidates.builders import NOW, make_application, make_job, make_plan
from candidates.models import HiringPlan, Stage

pytestmark = pytest.mark.django_db
migration = importlib.import_module("ats.migrations.0004_the_first_rule")


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def make_old_plan(name, switch):
    plan = make_plan(name=name)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_hiringplan SET references_by_itself = %s WHERE id = %s", [switch, plan.pk])
    return plan


def handled(plan, outcome):
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=plan))
    event = application.events.latest("pk")
    Handling.objects.create(event=event, rule="references_by_itself", outcome=outcome, at=NOW)
    return event


def test_each_switch_becomes_a_rule_and_what_was_handled_its_firing():
    on, off = make_old_plan("On", True), make_old_plan("Off", False)
    events = {outcome: handled(on, outcome) for outcome in ("moved", "not_allowed", "not_met", "overtaken")}
    run(migration.RULES, migration.FIRINGS)
    assert dict(Rule.objects.filter(plan__in=[on, off]).values_list("plan__name", "mode")) == {
        "On": "act",
        "Off": "off",
    }
    found = dict(Firing.objects.values_list("event", "outcome"))
    became = {"moved": "acted", "not_allowed": "not_met", "not_met": "not_met", "overtaken": "overtaken"}
    assert found == {event.pk: became[outcome] for outcome, event in events.items()}
    assert actions.act(at=NOW) == 0


def test_going_twice_doubles_nothing_and_the_way_back_leaves_what_was_handled():
    event = handled(make_old_plan("On", True), "moved")
    run(migration.RULES, migration.FIRINGS, migration.RULES, migration.FIRINGS)
    assert (Rule.objects.count(), Firing.objects.count()) == (HiringPlan.objects.count(), 1)
    run(migration.BACK)
    assert not Rule.objects.exists()
    assert not Firing.objects.exists()
    assert Handling.objects.get().event == event
