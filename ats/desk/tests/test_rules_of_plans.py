"""The pages of a plan's rules, and what rules show on an application's page and at home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.automation import actions, keeping
from ats.automation.builders import PASSES, complete_interviews, make_card, make_judged, make_rule
from ats.automation.models import Firing, Rule
from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import NOW, make_application, make_job, make_plan
from candidates.models import Application, Ask, Event, Stage

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TYPED = {
    "name": "On to references", "when": "complete", "stage": "interviews", "if_flags": ["passes"], "then": "move",
    "to_stage": "references", "action": "save",
}  # fmt: skip
HOSTILE = ["\0", "x" * 1_000_000, "9" * 400, "{{ 7*7 }}", "-1", "<b>"]


@pytest.fixture
def plan(rita):
    return make_job(plan=make_plan()).plan


def at(name, *args):
    return reverse(f"desk:{name}", args=args)


def text(page):
    assert page.status_code == 200
    return page.content.decode()


def page_of(client, application):
    return client.get(reverse("admin:candidates_application_change", args=[application.pk]))


def test_a_recruiter_writes_a_rule_and_reads_it_as_a_sentence(desk, plan):
    assert desk.post(at("rule_new", plan.pk), TYPED).status_code == 302
    rule = Rule.objects.get()
    assert (rule.mode, rule.conditions, rule.event, rule.changed_by_name) == (
        "off", PASSES, "interviews.complete", "Rita Recruiter",
    )  # fmt: skip
    assert "When every interviewer&#x27;s scorecard is in, and the composite reaches" in text(
        desk.get(at("rules", plan.pk))
    )


def test_the_form_asks_only_what_the_choice_needs(desk, plan):
    page = desk.post(at("rule_new", plan.pk), TYPED | {"when": "days", "then": "mail", "action": "show"})
    names = set(page.context["form"].fields)
    assert {"stage", "days", "subject", "text"} <= names
    assert not {"event", "page", "score", "to_stage", "hours"} & names
    assert not page.context["form"].errors


def test_what_is_refused_stays_typed_with_the_reason_beside_it(desk, plan):
    make_rule(plan, name="The first", mode="off", since=None)
    page = desk.post(at("rule_new", plan.pk), TYPED)
    assert "The first" in str(page.context["form"].errors["then"])
    assert page.context["form"]["name"].value() == "On to references"


@pytest.mark.parametrize("wrong", HOSTILE)
def test_nothing_that_is_sent_breaks_the_form(desk, plan, wrong):
    for name in ("name", "when", "stage", "then", "to_stage", "if_at_least", "if_source", "days"):
        typed = TYPED | {"when": "days", "days": "3", name: wrong}
        assert (name, desk.post(at("rule_new", plan.pk), typed).status_code) in ((name, 200), (name, 302))


def test_a_rule_is_tried_before_it_may_act(desk, rita):
    application = make_judged(rule={"mode": "off", "since": None})
    rule = Rule.objects.get()
    told = text(desk.post(at("rule_switch", rule.pk), {"mode": "act"}))
    assert "It would act on one application" in told
    assert Rule.objects.get().mode == "off"
    desk.post(at("rule_switch", rule.pk), {"mode": "act", "action": "confirm"})
    assert (Rule.objects.get().mode, Rule.objects.get().since >= LATER) == ("act", True)
    assert Application.objects.get(pk=application.pk).stage == "interviews"


def test_who_may_not_change_a_plan_reads_its_rules_and_no_more(manager, plan):
    rule = make_rule(plan)
    client = signed_in(manager)
    assert rule.name in text(client.get(at("rules", plan.pk)))
    for name, pk in (
        ("rule_switch", rule.pk),
        ("rule_delete", rule.pk),
        ("rule_try", rule.pk),
        ("rules_ready", plan.pk),
    ):
        assert client.post(at(name, pk), {"mode": "off"}).status_code == 403


def test_a_stranger_finds_no_rule(stranger, plan, rita):
    rule = make_rule(plan)
    plan.copied_from = make_plan()
    plan.save()
    client = signed_in(stranger)
    assert client.get(at("rules", plan.pk)).status_code == 404
    assert client.post(at("rule_switch", rule.pk), {"mode": "act"}).status_code == 404


def test_a_suggestion_stands_on_the_page_and_at_home_and_is_done_after_a_look(desk):
    application = make_judged(rule={"mode": "suggest", "name": "On to references"})
    actions.act(at=NOW + MINUTE)
    assert "is suggested" in text(page_of(desk, application))
    assert "a rule suggests “On to references” (Support specialist)" in text(desk.get(reverse("admin:index")))
    url = at("rule_take", Firing.objects.get().pk)
    assert "One mail goes out" in text(desk.post(url, {"action": "preview"}))
    assert Application.objects.get().stage == "interviews"
    desk.post(url, {"action": "confirm"})
    assert Application.objects.get().stage == "references"


def test_not_this_time_puts_a_suggestion_away(desk):
    make_judged(rule={"mode": "suggest"})
    actions.act(at=NOW + MINUTE)
    desk.post(at("rule_dismiss", Firing.objects.get().pk))
    assert Firing.objects.get().outcome == "dismissed"


def test_what_a_rule_did_is_undone_from_the_page(desk):
    application = make_judged()
    actions.act(at=NOW + MINUTE)
    undo = page_of(desk, application).context["undo"]
    assert undo.url == at("rule_undo", Firing.objects.get().pk)
    before = desk.get(undo.url)  # there is nothing to fill in, so it shows at once what comes
    assert "No longer asked" in text(before)
    assert (b'value="confirm"' in before.content, b'value="again"' in before.content) == (True, False)
    assert Application.objects.get().stage == "references"
    desk.post(undo.url, {"action": "confirm"})
    assert (Application.objects.get().stage, Firing.objects.get().outcome) == ("interviews", "undone")


def test_who_owes_a_rating_takes_back_a_move_without_learning_what_the_rule_looked_at(desk, rita):
    application = make_judged(rule={"name": "Over the line"})
    actions.act(at=NOW + MINUTE)
    card = make_card(application, "Rita")
    Ask.objects.filter(pk=card.ask_id).update(user=rita)
    url = page_of(desk, application).context["undo"].url
    for page in (desk.get(url), desk.post(url, {"action": "preview"})):
        assert "Over the line" not in text(page)
    desk.post(url, {"action": "confirm"})
    assert Application.objects.get().stage == "interviews"


def test_what_comes_next_is_told_and_kept_away(desk):
    application = make_judged(rule={"when": "days", "days": 30, "conditions": [], "then": "note", "name": "A month"})
    rule = Rule.objects.get()
    told = text(page_of(desk, application))
    assert "Not for this one" in told
    url = at("rule_keep_away", application.pk, rule.pk)
    desk.post(url)
    assert "not for this one" in text(page_of(desk, application))
    desk.post(url, {"again": "yes"})
    assert Firing.objects.get().outcome == "undone"


def test_who_owes_a_rating_learns_nothing_of_what_rules_made_of_it(desk, rita):
    application = make_judged(rule={"mode": "suggest", "name": "Over the line"})
    actions.act(at=NOW + MINUTE)
    card = make_card(application, "Rita")
    Ask.objects.filter(pk=card.ask_id).update(user=rita)
    lists = (reverse("admin:index"), at("rules", application.plan_id), reverse("admin:ats_firing_changelist"))
    for page in (page_of(desk, application), *map(desk.get, lists)):
        assert "is suggested" not in text(page)
        assert "a rule suggests" not in text(page)
    assert "Cara" not in text(desk.get(lists[1])) + text(desk.get(lists[2]))
    assert desk.get(at("rule_take", Firing.objects.get().pk)).status_code == 404


def test_the_list_of_firings_tells_why_and_undoes(desk):
    application = make_judged()
    actions.act(at=NOW + MINUTE)
    address = reverse("admin:ats_firing_changelist")
    assert application.candidate.name in text(desk.get(address))
    desk.post(address, {"action": "undo", "_selected_action": [Firing.objects.get().pk]})
    assert Firing.objects.get().outcome == "undone"


def test_looking_and_trying_write_nothing_and_much_costs_as_little(desk, plan, rita):
    make_rule(plan)
    job, counts = plan.jobs.get(), []
    for number in (2, 6):
        for _one in range(number):
            complete_interviews(make_application(Stage.INTERVIEWS, job=job), 1)
        before = Event.objects.count(), Firing.objects.count()
        with CaptureQueriesContext(connection) as asked:
            text(desk.post(at("rules_try", plan.pk)))
        counts.append(len(asked))
        assert (Event.objects.count(), Firing.objects.count()) == before
    assert counts[0] == counts[1]


def test_the_page_of_rules_costs_the_same_for_few_and_many(desk, plan, rita):
    counts = []
    for _round in range(2):
        keeping.add_ready(plan, at=NOW, by=rita)
        make_rule(plan, when="days", days=9, then="note", conditions=[])
        with CaptureQueriesContext(connection) as asked:
            text(desk.get(at("rules", plan.pk)))
        counts.append(len(asked))
    assert counts[0] == counts[1]
