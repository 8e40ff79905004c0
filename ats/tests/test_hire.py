"""The hire: one manager's yes and the move to hired, together or not at all (I6)."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from ats import pipeline as process
from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Application, Ask, Event, Job, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import rendering
from candidates.tests.together import together
from trials import actions
from trials.approvals.builders import ask_two
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
    assert not Ask.objects.open().exclude(page="trials:pulse").exists()


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


def test_the_yes_of_the_first_of_two_hires_nobody_and_the_second_does():
    first = ask_two()
    process.approve(first, at=LATER, by=mona())
    application = Application.objects.get()
    assert application.stage == Stage.TRIAL
    second = Approval.objects.get(step=2)
    process.approve(second, at=LATER, by=Actor.person(second.approver))
    application.refresh_from_db()
    assert application.stage == Stage.HIRED


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_are_one_after_the_other_or_one():  # F27
    first, olga = ask_two(), make_manager("Olga Other")
    who = mona()
    results = together(
        lambda: process.approve(Approval.objects.get(pk=first.pk), at=LATER, by=who),
        lambda: process.approve(Approval.objects.get(pk=first.pk), at=LATER, by=Actor.person(olga)),
    )
    assert [type(one).__name__ for one in results] == ["NoneType", "NotAllowed"]
    assert Application.objects.get().stage == Stage.TRIAL


@pytest.mark.django_db(transaction=True)
def test_the_second_yes_from_three_tabs_hires_once():  # F27
    process.approve(ask_two(), at=LATER, by=mona())
    second = Approval.objects.get(step=2)
    who = Actor.person(second.approver)
    results = together(*[lambda: process.approve(Approval.objects.get(pk=second.pk), at=LATER, by=who)] * 3)
    assert sum(result is None for result in results) == 1
    assert Application.objects.get().events.filter(name="stage.hired").count() == 1


def test_ones_own_request_is_refused_also_by_who_may_approve():  # F27
    trial = make_trial()
    decide(trial)
    with pytest.raises(NotAllowed, match="ask for yourself"):
        actions.request_approval(trial.application, approver=make_manager(MONA), at=LATER, by=mona())


def hire(job):
    """One more who is hired for `job`, by Mona's yes."""
    trial = make_trial(make_application(Stage.REFERENCES, job=job))
    process.approve(make_approval(trial), at=LATER, by=mona())
    return trial.application


def test_the_last_opening_closes_the_job_and_tells_the_recruiters_who_waits_without_rejecting_anybody():
    job = make_job(openings=2)
    waiting = [make_application(stage, job=job) for stage in (Stage.APPLIED, Stage.INTERVIEWS)]
    hire(job)
    job.refresh_from_db()
    assert job.status == Job.Status.OPEN
    hired = hire(job)
    job.refresh_from_db()
    assert job.status == Job.Status.CLOSED
    assert hired.events.last().name == "job.filled"
    assert LogEntry.objects.get().change_message == "Closed: as many people are hired as it has openings"
    [told] = Message.objects.filter(template="trials/filled")
    rendered = rendering.render(told)
    assert (told.to, rendered.subject) == (
        "rita.recruiter@rapport.test",
        f"{job.title} is filled: 2 people wait for an answer",
    )
    for part in (rendered.text, rendered.html):
        assert f"/admin/candidates/application/?job={job.pk}" in part
    assert [Application.objects.get(pk=one.pk).stage for one in waiting] == [Stage.APPLIED, Stage.INTERVIEWS]


def test_a_hire_for_a_job_that_was_closed_by_hand_closes_nothing_again():
    job = make_job(status=Job.Status.CLOSED)
    assert hire(job).events.last().name == "stage.hired"
    assert not Message.objects.filter(template="trials/filled").exists()


@pytest.mark.django_db(transaction=True)
def test_two_hires_at_once_for_one_opening_are_both_right_and_close_the_job_once():
    job = make_job()
    asked = [make_approval(make_trial(make_application(Stage.REFERENCES, job=job))) for _ in range(2)]
    who = mona()
    results = together(
        *[lambda one=one: process.approve(Approval.objects.get(pk=one.pk), at=LATER, by=who) for one in asked]
    )
    assert results == [None, None]
    assert Application.objects.filter(stage=Stage.HIRED).count() == 2
    assert Event.objects.filter(name="job.filled").count() == 1
    assert LogEntry.objects.count() == 1
