"""axe finds nothing on the desk's pages about rules, reminders, mails and the engine; and they fit a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from ats.automation import actions
from ats.automation.builders import make_rule
from ats.automation.models import Firing, Rule
from ats.content.rules import ShippedRule
from ats.desk.tests.conftest import signed_in
from ats.dev import axe
from ats.tests.test_axe import findings
from candidates.builders import make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.post import mail
from candidates.post.links import ask_url
from candidates.post.reminding import actions as reminding
from candidates.post.to_dos import actions as to_dos
from candidates.post.to_dos.models import ToDo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DRY_RUN = "See what all would do now"
TELL = {"then": "tell", "settings": {"who": {"who": "recruiters"}, "words": "Look at {name}."}, "conditions": []}


@pytest.fixture
def ada():
    return make_user("Ada Admin", is_superuser=True)


@pytest.fixture
def looked_at(new_page, live_server, ada):
    """Open pages of the desk one after the other, and press a button there; gives what is wrong with each."""
    page = new_page()
    value = signed_in(ada).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])

    def look(*addresses, press=""):
        found = []
        for address in addresses:
            page.goto(live_server.url + address)
            if press:
                page.get_by_role("button", name=press).first.click()
                page.wait_for_url(lambda url, address=address: not url.endswith(address))
            found += [f"{address}: {told}" for told in findings(page, axe.WCAG)]
        return found

    return look


def arrived(ada):
    """An application of a plan with all ready rules and two of its own, which acted and suggested."""
    plan, applied = make_plan(), {"when": "event", "event": "stage.applied", "stage": ""}
    for position, one in enumerate(ShippedRule.ready()):
        one.write_to(plan, position=position)
    make_rule(plan, name="Say that somebody came", since=now() - DAY, **applied, **TELL)
    make_rule(plan, name="Begin at once", since=now() - DAY, **applied, conditions=[], to_stage="screening",
              mode="suggest")  # fmt: skip
    job = make_job(plan=plan)
    job.recruiters.add(ada)
    application = make_application(job=job, at=now() - HOUR, candidate=make_candidate("Cara Candidate"))
    actions.act(at=now())
    return application


def test_on_the_pages_of_rules(looked_at, ada):
    application = arrived(ada)
    plan, rule = application.plan_id, Rule.objects.get(name="Begin at once").pk
    acted, suggested = Firing.objects.get(outcome="acted").pk, Firing.objects.get(outcome="suggested").pk
    of_plan = [reverse(f"desk:{name}", args=[plan]) for name in ("rules", "rule_new")]
    made = [
        reverse("desk:rule", args=[rule]),
        reverse("desk:rule_take", args=[suggested]),
        reverse("desk:rule_undo", args=[acted]),
    ]
    lists = [reverse("desk:rules_plans"), reverse("admin:ats_firing_changelist")]
    of_application = reverse("admin:candidates_application_change", args=[application.pk])
    assert looked_at(*lists, *of_plan, *made, of_application) == []
    assert looked_at(of_plan[0], press=DRY_RUN) == []


def give(application, ada):
    said = {"kind": ToDo.Kind.RULE, "words": "Ring Cara.\nShe waits.", "due_at": now() + DAY, "at": now() - HOUR}
    return to_dos.give(application, colleague=ada, by=Actor.person(ada), **said).ask


def test_on_the_pages_of_reminders(looked_at, ada):
    asked = give(arrived(ada), ada)
    reminding.remind_now(asked, at=now(), by=Actor.person(ada))
    Ask.objects.filter(pk=asked.pk).update(remind_at=now())
    ledger = reverse("admin:candidates_reminder_changelist")
    site = reverse("desk:my_reminders"), ledger, reverse("admin:index"), ask_url(asked).removeprefix("http://localhost")
    assert looked_at(*site, reverse("desk:request_hand_on", args=[asked.pk])) == []


def test_on_the_pages_of_mails_and_the_engine(looked_at, ada):
    application = make_application(Stage.SCREENING, at=now(), candidate=make_candidate("Cara Candidate"))
    waiting = mail.queue(application, "candidates/rejected", key="x", at=now(), solemn=True, wait=HOUR)
    states = {"held": Message.Status.HELD, "doubt": Message.Status.UNCERTAIN, "dead": Message.Status.FAILED}
    for name, status in states.items():
        made = mail.queue(application, "candidates/received", key=name, at=now(), wait=HOUR)
        Message.objects.filter(pk=made.pk).update(status=status, error="The server said no.")
    of_waiting = reverse("admin:candidates_message_change", args=[waiting.pk])
    pages = reverse("admin:candidates_message_changelist"), reverse("desk:engine")
    assert looked_at(*pages, of_waiting, reverse("desk:erase", args=[application.candidate_id])) == []
