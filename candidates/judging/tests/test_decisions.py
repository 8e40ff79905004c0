"""A decision keeps its reason and what the rule said; one against the rule is kept as such."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging import decisions, firewall
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import Application, Decision, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def make(score):
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=make_plan(("Empathy",), line="3.50")))
    if score:
        make_locked_card(application, {"Empathy": score})
    return application


def decide(application, choice="go_on", reason="Calm and warm.", at=LATER, by="Rita Recruiter"):
    return decisions.decide(application, choice=choice, reason=reason, at=at, by=Actor.person(make_user(by)))


@pytest.mark.parametrize(
    ("score", "choice", "rule_says", "is_override"),
    [
        (4, "go_on", True, False),
        (4, "stop", True, True),
        (4, "wait", True, False),
        (2, "go_on", False, True),
        (2, "stop", False, False),
        (2, "wait", False, False),
        (None, "go_on", None, False),
    ],
)
def test_a_decision_against_the_rule_is_kept_as_such(score, choice, rule_says, is_override):
    made = decide(make(score), choice)
    assert (made.rule_says, made.is_override) == (rule_says, is_override)


def test_a_decision_keeps_the_composite_as_it_was():
    application = make(4)
    made = decide(application)
    make_locked_card(application, {"Empathy": 1})
    made.refresh_from_db()
    assert (made.score, made.stage, made.by_name) == (Decimal("4.00"), Stage.INTERVIEWS, "Rita Recruiter")
    (line,) = made.data["lines"]
    assert (line["name"], line["mean"], line["n"], line["raters"]) == ("Empathy", "4.00", 1, 1)


def test_the_event_tells_neither_choice_nor_score():
    application = make(4)
    made = decide(application, "stop", "SECRET-REASON")
    event = application.events.last()
    assert (event.name, event.data) == ("decision.made", {"decision": made.pk})


@pytest.mark.parametrize(
    ("choice", "reason", "why"), [("go_on", " \n", "Say why"), ("perhaps", "Because.", "Choose"), ("", "x", "Choose")]
)
def test_it_takes_a_choice_and_a_reason(choice, reason, why):
    application = make(4)
    with pytest.raises(NotAllowed, match=why):
        decide(application, choice, reason)
    assert not Decision.objects.exists()


def test_nobody_decides_while_a_rating_is_owed():
    application = make(4)
    make_card(application)
    with pytest.raises(NotAllowed, match="Not all judgements are in"):
        decide(application)


def test_who_owes_a_rating_does_not_decide_although_it_was_opened():
    application, max_manager = make(4), make_user("Max Manager")
    make_card(application, user=max_manager, email=max_manager.email)
    firewall.override(application, reason="Ends today.", at=LATER, by=Actor.person(make_user()))
    with pytest.raises(NotAllowed, match="Not all judgements are in"):
        decide(application, by="Max Manager")
    assert decide(application).pk


def test_nothing_is_decided_after_the_end():
    application = make(4)
    pipeline.move(application, Stage.REJECTED, at=LATER, by=Actor.person(make_user()))
    with pytest.raises(NotAllowed, match="Its way has ended"):
        decide(application, at=LATER + timedelta(hours=1))


def test_a_decision_stays_as_it_was_written():
    made = decide(make(4))
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(reason="Another one.")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_both_stay_and_the_later_counts():
    application = make(4)
    results = together(
        lambda: decide(Application.objects.get(pk=application.pk), "go_on"),
        lambda: decide(Application.objects.get(pk=application.pk), "stop", by="Max Manager"),
    )
    assert {made.choice for made in results} == {"go_on", "stop"}
    assert decisions.latest(application) == max(results, key=lambda made: made.pk)
