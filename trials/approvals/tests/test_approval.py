"""No hire without the approval of another permitted person (I6)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import NOW, make_user
from candidates.models import Application, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MovedMeanwhile, NotAllowed, move
from candidates.post import asks
from candidates.tests.together import together
from trials import actions
from trials.builders import decide, last_day, make_approval, make_manager, make_trial
from trials.models import Approval

pytestmark = pytest.mark.django_db
MONA = "Mona Manager"
LATER = NOW + timedelta(days=40)


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def mona():
    return Actor.person(make_manager(MONA))


def refuse(approval, **who):
    actions.refuse(approval, "Not enough tickets seen.", **who)


@pytest.fixture
def trial():
    trial = make_trial()
    decide(trial)
    return trial


def test_a_manager_is_asked_and_nothing_moves(trial):
    approval = make_approval(trial)
    trial.application.refresh_from_db()
    assert (approval.ask.page, approval.ask.user, approval.ask.role) == ("desk:approval", approval.approver, "manager")
    assert approval.led_by == trial.leader
    assert trial.application.stage == Stage.TRIAL
    assert trial.application.events.last().name == "trial.approval_requested"


def test_who_led_the_trial_before_somebody_else_took_over_may_not_approve_it():
    trial = make_trial(leader=make_manager("Petra Predecessor"))
    mona = make_manager(MONA)
    assert set(actions.approvers(trial)) == {mona}
    actions.change_leader(trial, leader=make_user("Max Manager"), reason="On leave.", at=NOW, by=rita())
    trial.refresh_from_db()
    assert set(actions.approvers(trial)) == {mona}


def test_an_administrator_may_be_asked_too(trial):
    assert make_approval(trial, approver=make_user("Ada Admin", is_superuser=True)).decision == ""


@pytest.mark.parametrize(
    "chosen",
    [
        lambda trial: make_manager("Max Manager"),  # who led it
        lambda trial: make_manager("Rita Recruiter"),  # who asks
        lambda trial: make_user("Ben Bystander"),
        lambda trial: make_manager("Gone Manager", is_active=False),
        lambda trial: make_manager("Former Manager", is_staff=False),
        lambda trial: make_manager("Silent Manager", email=""),
    ],
    ids=["leader", "requester", "no manager", "inactive", "no colleague", "without address"],
)
def test_who_may_not_approve_is_not_asked(trial, chosen):
    approver = chosen(trial)
    messages = Message.objects.count()
    with pytest.raises(NotAllowed):
        actions.request_approval(trial.application, approver=approver, at=LATER, by=rita())
    assert (Approval.objects.count(), Message.objects.count()) == (0, messages)


def test_a_rule_cannot_ask_for_an_approval(trial):
    with pytest.raises(NotAllowed):
        actions.request_approval(
            trial.application, approver=make_manager(), at=LATER, by=Actor.rule("rule", rule="rule", event=1)
        )


@pytest.mark.parametrize("kind", [None, "end", "extend"])
def test_only_a_confirmed_trial_can_be_approved(kind):
    trial = make_trial()
    if kind:
        decide(trial, kind, new_end=trial.ends_on + timedelta(days=7) if kind == "extend" else None)
    with pytest.raises(NotAllowed):
        actions.request_approval(trial.application, approver=make_manager(), at=LATER, by=rita())
    assert Approval.objects.count() == 0


def test_an_approval_is_asked_for_once(trial):
    make_approval(trial)
    with pytest.raises(NotAllowed):
        make_approval(trial, approver=make_manager("Olga Other"))
    assert Approval.objects.count() == 1


def test_after_a_refusal_another_manager_may_be_asked(trial):
    actions.refuse(make_approval(trial), "Two references are missing.", at=LATER, by=mona())
    assert make_approval(trial, approver=make_manager("Olga Other")).decision == ""


def test_a_request_that_was_cancelled_does_not_stand_in_the_way(trial):
    first = make_approval(trial)
    asks.cancel(first.ask, at=LATER)
    make_approval(trial, approver=make_manager("Olga Other"))
    first.refresh_from_db()
    assert first.decision == Approval.Decision.LAPSED


def test_who_saw_an_older_stage_asks_for_nothing(trial):
    seen = Application.objects.get(pk=trial.application.pk)
    move(trial.application, Stage.REFERENCES, at=LATER, by=rita())
    with pytest.raises(MovedMeanwhile):
        actions.request_approval(seen, approver=make_manager(), at=LATER, by=rita())


@pytest.mark.parametrize("name", ["Rita Recruiter", "Max Manager", "Olga Other"])
def test_nobody_but_the_asked_manager_decides(trial, name):
    approval = make_approval(trial)
    for decide_on in (actions.approve, refuse):
        with pytest.raises(NotAllowed):
            decide_on(approval, at=LATER, by=Actor.person(make_manager(name)))
    assert Approval.objects.get().decision == ""


def test_a_manager_who_lost_the_right_decides_no_more(trial):
    approval = make_approval(trial)
    approval.approver.groups.clear()
    with pytest.raises(NotAllowed):
        actions.approve(approval, at=LATER, by=Actor.person(approval.approver))


def test_a_refusal_needs_a_reason_and_moves_nothing(trial):
    approval = make_approval(trial)
    with pytest.raises(NotAllowed):
        actions.refuse(approval, " ", at=LATER, by=mona())
    actions.refuse(approval, "Not enough tickets seen.", at=LATER, by=mona())
    trial.application.refresh_from_db()
    assert (approval.decision, approval.reason) == ("refuse", "Not enough tickets seen.")
    assert trial.application.stage == Stage.TRIAL
    assert trial.application.events.last().name == "trial.approval_refused"


@pytest.mark.parametrize("other", ["led_by", "requested_by"])
def test_the_database_refuses_an_approver_who_led_or_asked(trial, other):
    approval = make_approval(trial)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(approver=getattr(approval, other))


def test_the_database_keeps_one_live_approval(trial):
    first = make_approval(trial)
    actions.refuse(first, "No.", at=LATER, by=mona())
    make_approval(trial)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=first.pk).update(decision="approve")


@pytest.mark.django_db(transaction=True)
def test_two_recruiters_who_ask_two_managers_at_once_ask_one():  # F27
    trial = make_trial()
    decide(trial)
    managers = [make_manager(MONA), make_manager("Olga Other")]
    at, by = last_day(trial), rita()
    results = together(
        *[lambda one=one: actions.request_approval(trial.application, approver=one, at=at, by=by) for one in managers]
    )
    assert sorted(type(result).__name__ for result in results) == ["Approval", "NotAllowed"]


def test_the_asked_manager_approves_and_nothing_moves_by_that_alone(trial):
    approval = make_approval(trial)
    actions.approve(approval, at=LATER, by=mona())
    approval.refresh_from_db()
    trial.application.refresh_from_db()
    assert (approval.decision, approval.decided_at, approval.ask.answered_at) == ("approve", LATER, LATER)
    assert trial.application.stage == Stage.TRIAL
    assert trial.application.events.last().name == "trial.approved"


def test_a_link_alone_decides_nothing(trial):
    with pytest.raises(NotAllowed):
        actions.approve(make_approval(trial), at=LATER, by=Actor.outsider(MONA))


@pytest.mark.parametrize("first", ["approve", "refuse"])
@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_a_decision_is_made_once(trial, first, second):
    approval = make_approval(trial)
    verbs = {"approve": actions.approve, "refuse": refuse}
    verbs[first](approval, at=LATER, by=mona())
    with pytest.raises(NotAllowed):
        verbs[second](Approval.objects.get(), at=LATER, by=mona())
    assert Approval.objects.get().decision == first


def test_an_approval_dies_with_the_trial_that_was_stepped_back_from(trial):
    approval = make_approval(trial)
    move(trial.application, Stage.REFERENCES, at=LATER, by=rita())
    decide(make_trial(trial.application, at=LATER, starts_on=LATER.date()))
    with pytest.raises(NotAllowed):
        actions.approve(approval, at=LATER, by=mona())


def test_a_rejected_application_cannot_be_approved(trial):
    approval = make_approval(trial)
    move(trial.application, Stage.REJECTED, at=LATER, by=rita())
    with pytest.raises(NotAllowed):
        actions.approve(approval, at=LATER, by=mona())


@pytest.mark.django_db(transaction=True)
def test_approve_and_refuse_at_once_leave_one_decision():  # F27
    approval = make_approval()
    who, seen = mona(), [Approval.objects.get(pk=approval.pk) for _ in range(2)]
    results = together(lambda: actions.approve(seen[0], at=LATER, by=who), lambda: refuse(seen[1], at=LATER, by=who))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotAllowed"]
