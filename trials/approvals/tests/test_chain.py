"""One or two managers in turn, round by round: approve, send back, hand on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import NOW, make_user
from candidates.models import Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import asks, rendering
from candidates.tests.together import together
from trials import actions
from trials.approvals import chain
from trials.approvals.builders import ask_two, make_trial_of_two
from trials.approvals.forms import ApprovalForm
from trials.builders import decide, make_approval, make_manager, make_trial
from trials.models import Approval, Trial

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=40)


def olga():
    return make_manager("Olga Other")


def pia():
    return make_manager("Pia Permitted")


def by(approval):
    return Actor.person(approval.approver)


def approve(approval):
    return actions.approve(approval, at=LATER, by=by(approval))


def again(approval, **chosen):
    return actions.request_approval(approval.trial.application, at=LATER, by=Actor.person(make_user()), **chosen)


def last_round(approval):
    return chain.last_round(Trial.objects.get(pk=approval.trial_id))


def test_the_second_manager_is_asked_when_the_first_has_said_yes():
    first = ask_two()
    assert not Approval.objects.filter(approver=olga()).exists()
    second = approve(first)
    assert (second.approver, second.step, second.round, second.requested_by) == (olga(), 2, 1, first.requested_by)
    assert second.ask.email == olga().email
    assert first.trial.application.events.last().name == "trial.approval_requested"
    assert approve(second) is None
    assert last_round(first).is_whole


def test_half_a_chain_is_not_whole():
    first = ask_two()
    approve(first)
    assert not last_round(first).is_whole
    with pytest.raises(NotAllowed, match="asked already"):
        again(first, approver=pia(), then=olga())


def test_the_mail_says_who_is_first_and_who_is_second():
    approve(ask_two())
    told = [
        rendering.render(one).text for one in Message.objects.filter(template="trials/approval").order_by("created_at")
    ]
    assert "You are the first of two managers" in told[0]
    assert "You are the second of two managers" in told[1]


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (lambda: None, "name the second"),
        (make_manager, "somebody else than the first"),
        (lambda: make_manager("Max Manager"), "Who led the trial"),
        (lambda: make_manager("Rita Recruiter"), "ask for yourself"),
        (lambda: make_user("Ben Bystander"), "may not approve hires"),
        (lambda: make_manager("Gone Manager", is_active=False), "may not approve hires"),
    ],
    ids=["nobody", "the first", "leader", "requester", "no manager", "inactive"],
)
def test_who_may_not_be_second_is_not_asked(then, told):
    trial = make_trial_of_two()
    with pytest.raises(NotAllowed, match=told):
        actions.request_approval(
            trial.application, approver=make_manager(), then=then(), at=LATER, by=Actor.person(make_user())
        )
    assert not Approval.objects.exists()


def test_one_manager_is_one_where_the_plan_wants_one():
    trial = make_trial()
    decide(trial)
    with pytest.raises(NotAllowed, match="wants one"):
        actions.request_approval(
            trial.application, approver=make_manager(), then=olga(), at=LATER, by=Actor.person(make_user())
        )


def test_the_first_cannot_say_yes_when_the_second_lost_the_right():
    first = ask_two()
    olga().groups.clear()
    with pytest.raises(NotAllowed, match="may not approve hires any more"):
        approve(first)
    assert Approval.objects.get().decision == ""


def test_who_gave_an_earlier_verdict_on_the_trial_may_not_approve_it():
    trial = make_trial()
    decide(trial, "extend", new_end=trial.ends_on + timedelta(days=14))
    Trial.objects.filter(pk=trial.pk).update(leader=make_user("Lena Leader"))
    trial = Trial.objects.get(pk=trial.pk)
    decide(trial)
    assert make_manager("Max Manager") not in actions.approvers(trial)


@pytest.mark.parametrize("verb", [actions.send_back, actions.refuse])
def test_after_an_answer_that_is_no_yes_a_new_round_asks_all_again(verb):
    first = ask_two()
    second = approve(first)
    verb(second, "Two more weeks of tickets, please.", at=LATER, by=by(second))
    renewed = again(first, approver=make_manager(), then=olga())
    assert (renewed.round, renewed.step) == (2, 1)
    assert not last_round(first).is_whole
    approve(approve(renewed))
    assert last_round(first).is_whole


def test_who_asked_and_who_led_hear_of_an_answer_without_what_it_says():
    approval = make_approval()
    actions.send_back(approval, "Two more weeks, please.", at=LATER, by=by(approval))
    told = Message.objects.filter(template="trials/approval_answered")
    assert sorted(told.values_list("to", flat=True)) == ["max.manager@rapport.test", "rita.recruiter@rapport.test"]
    for message in told:
        rendered = rendering.render(message)
        assert "Two more weeks" not in rendered.text + rendered.html
        assert "Mona Manager" in rendered.subject


@pytest.mark.parametrize("reason", ["", " \n"])
def test_sending_back_needs_a_reason(reason):
    approval = make_approval()
    with pytest.raises(NotAllowed):
        actions.send_back(approval, reason, at=LATER, by=by(approval))
    assert Approval.objects.get().decision == ""


def test_who_is_handed_it_gets_a_request_of_their_own_and_keeps_the_place():
    first = ask_two()
    handed = actions.delegate(first, to=pia(), reason="On leave.", at=LATER, by=by(first))
    first.refresh_from_db()
    first.ask.refresh_from_db()
    assert (first.decision, first.reason, first.ask.is_open) == ("delegated", "On leave.", False)
    assert (handed.step, handed.then, handed.round, handed.delegated_from) == (1, olga(), 1, first)
    assert Message.objects.filter(template="trials/approval", to=pia().email).count() == 1
    assert approve(handed).approver == olga()


def test_the_second_hands_on_too_and_the_chain_ends_whole():
    first = ask_two()
    handed = actions.delegate(approve(first), to=pia(), at=LATER, by=Actor.person(olga()))
    assert approve(handed) is None
    assert last_round(first).is_whole


@pytest.mark.parametrize("name", ["Max Manager", "Rita Recruiter", "Mona Manager", "Olga Other"])
def test_it_is_not_handed_to_who_led_asked_or_has_another_place(name):
    first = ask_two()
    with pytest.raises(NotAllowed):
        actions.delegate(first, to=make_manager(name), at=LATER, by=by(first))
    assert Approval.objects.get().decision == ""


def test_it_is_not_handed_to_who_has_said_yes_in_this_round():
    second = approve(ask_two())
    with pytest.raises(NotAllowed):
        actions.delegate(second, to=make_manager(), at=LATER, by=by(second))


def test_only_who_was_asked_hands_on_and_only_to_who_may_approve():
    approval = make_approval()
    for to, who in ((pia(), olga()), (make_user("Ben Bystander"), approval.approver)):
        with pytest.raises(NotAllowed):
            actions.delegate(approval, to=to, at=LATER, by=Actor.person(who))
    assert Approval.objects.get().decision == ""


def test_who_handed_it_on_decides_no_more():
    approval = make_approval()
    actions.delegate(approval, to=olga(), at=LATER, by=by(approval))
    with pytest.raises(NotAllowed):
        approve(Approval.objects.get(pk=approval.pk))


def test_a_second_request_that_was_cancelled_lapses_and_the_next_round_is_whole_or_nothing():
    first = ask_two()
    asks.cancel(approve(first).ask, at=LATER)
    renewed = again(first, approver=pia(), then=olga())
    assert renewed.round == 2
    assert Approval.objects.get(round=1, step=2).decision == "lapsed"


@pytest.mark.parametrize("left_for", [Stage.WITHDRAWN, Stage.REJECTED, Stage.REFERENCES])
def test_an_application_that_moved_takes_no_answer(left_for):
    first = ask_two()
    move(first.trial.application, left_for, at=LATER, by=Actor.person(make_user()))
    for verb in (actions.approve, lambda one, **who: actions.delegate(one, to=pia(), **who)):
        with pytest.raises(NotAllowed):
            verb(first, at=LATER, by=by(first))


def test_the_database_keeps_a_decided_approval_as_it_is():
    approval = make_approval()
    approve(approval)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(reason="Or not.")


def test_a_recruiter_is_told_by_the_deadline_that_nothing_came():
    approval = make_approval()
    assert approval.ask.escalate_at == approval.ask.due_at + timedelta(days=1)


def test_the_form_names_two_managers_where_the_plan_wants_two():
    trial = make_trial_of_two()
    mona, other = make_manager(), olga()
    typed = {"approver": mona.pk, "then": other.pk}
    form = ApprovalForm(typed, application=trial.application, at=LATER)
    assert form.is_valid()
    assert form.arguments() == {"approver": mona, "then": other}
    same = ApprovalForm(typed | {"then": mona.pk}, application=trial.application, at=LATER)
    assert list(same.errors) == ["then"]


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_handing_on_at_once_leave_one_of_both():  # F27
    approval, other = make_approval(), olga()
    seen = [Approval.objects.select_related("trial__application").get(pk=approval.pk) for _ in range(2)]
    results = together(
        lambda: actions.approve(seen[0], at=LATER, by=by(approval)),
        lambda: actions.delegate(seen[1], to=other, at=LATER, by=by(approval)),
    )
    assert sum(isinstance(one, NotAllowed) for one in results) == 1
    assert Approval.objects.filter(decision="approve").count() + Approval.objects.filter(decision="").count() == 1
