"""The hire: one manager's yes and the move to hired, together or not at all (I6)."""

from datetime import timedelta

import pytest

from ats import pipeline as process
from candidates.builders import NOW, make_user
from candidates.models import Application, Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.tests.together import together
from trials import actions
from trials.builders import decide, make_approval, make_manager, make_trial
from trials.models import Approval

pytestmark = pytest.mark.django_db
MONA = "Mona Manager"
LATER = NOW + timedelta(days=40)


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def mona():
    return Actor.person(make_manager(MONA))


@pytest.fixture
def trial():
    trial = make_trial()
    decide(trial)
    return trial


def test_the_hire_is_told_to_the_candidate_once_and_solemnly(trial):
    process.approve(make_approval(trial), at=LATER, by=mona())
    assert Message.objects.get(template="candidates/hired").solemn


def test_an_approval_whose_application_was_moved_meanwhile_is_undone(trial):
    approval = make_approval(trial)
    seen = Approval.objects.select_related("trial__application").get(pk=approval.pk)
    Application.objects.filter(pk=trial.application.pk).update(stage_since=LATER)
    with pytest.raises(NotAllowed):
        process.approve(seen, at=LATER, by=mona())
    assert Approval.objects.get().decision == ""


def test_the_asked_manager_hires(trial):
    process.approve(make_approval(trial), at=LATER, by=mona())
    approval = Approval.objects.get()
    trial.application.refresh_from_db()
    assert (approval.decision, approval.decided_at) == ("approve", LATER)
    assert trial.application.stage == Stage.HIRED
    assert not Ask.objects.open().exists()


def test_a_link_alone_does_not_approve(trial):
    with pytest.raises(NotAllowed):
        process.approve(make_approval(trial), at=LATER, by=Actor.outsider(MONA))


def test_approving_twice_is_refused(trial):
    approval = make_approval(trial)
    process.approve(approval, at=LATER, by=mona())
    with pytest.raises(NotAllowed):
        process.approve(Approval.objects.get(), at=LATER, by=mona())


def test_what_was_refused_cannot_be_approved(trial):
    approval = make_approval(trial)
    actions.refuse(approval, "No.", at=LATER, by=mona())
    with pytest.raises(NotAllowed):
        process.approve(approval, at=LATER, by=mona())


def test_an_approval_dies_with_the_trial_that_was_stepped_back_from(trial):
    approval = make_approval(trial)
    move(trial.application, Stage.REFERENCES, at=LATER, by=rita())
    again = make_trial(trial.application, at=LATER, starts_on=LATER.date())
    decide(again)
    with pytest.raises(NotAllowed):
        process.approve(Approval.objects.get(pk=approval.pk), at=LATER, by=mona())
    trial.application.refresh_from_db()
    assert trial.application.stage == Stage.TRIAL


@pytest.mark.django_db(transaction=True)
def test_approve_and_refuse_at_once_leave_one_decision():  # F27
    approval = make_approval()
    who = mona()
    results = together(
        lambda: process.approve(Approval.objects.get(pk=approval.pk), at=LATER, by=who),
        lambda: actions.refuse(Approval.objects.get(pk=approval.pk), "No.", at=LATER, by=who),
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotAllowed"]
    hired = Application.objects.get().stage == Stage.HIRED
    assert hired == (Approval.objects.get().decision == "approve")


@pytest.mark.django_db(transaction=True)
def test_approving_from_three_tabs_hires_once():
    approval = make_approval()
    who = mona()
    results = together(*[lambda: process.approve(Approval.objects.get(pk=approval.pk), at=LATER, by=who)] * 3)
    assert sum(result is None for result in results) == 1
    assert Application.objects.get().events.filter(name="stage.hired").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rejection_and_an_approval_at_once_leave_one_end():  # F24
    approval = make_approval()
    seen, who, recruiter = Application.objects.get(), mona(), rita()
    results = together(
        lambda: process.approve(Approval.objects.get(pk=approval.pk), at=LATER, by=who),
        lambda: process.reject(seen, reason="filled", at=LATER, by=recruiter),
    )
    assert sum(result is None for result in results) == 1
    assert Application.objects.get().events.filter(name__in=["stage.hired", "stage.rejected"]).count() == 1
