"""Opening, pausing, closing a job; its plan."""

import pytest

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.jobs import actions
from candidates.models import HiringPlan, Job
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
Status = Job.Status


def do(verb, job):
    return verb(job, at=NOW, by=Actor.person(make_user()))


def draft(**fields):
    return make_job(status=Status.DRAFT, opened_at=None, **fields)


def weights(plan):
    return set(plan.weights.values_list("competency__name", "weight", "must_have"))


def times(plan):
    return list(plan.stages.values_list("stage", "days", "remind_days"))


def test_opening_copies_the_template_with_weights_and_deadlines():
    template = make_plan(referees=3, line="4.10")
    job = draft(plan=template)
    do(actions.open_job, job)
    job.refresh_from_db()
    assert (job.status, job.opened_at, job.plan.copied_from) == (Status.OPEN, NOW, template)
    assert (job.plan.referees, str(job.plan.line)) == (3, "4.10")
    assert weights(job.plan) == weights(template)
    assert times(job.plan) == times(template)


def test_a_copy_can_be_changed_and_leaves_the_template_alone():
    template = make_plan()
    job = draft(plan=template)
    do(actions.open_job, job)
    job.plan.weights.update(weight=5)
    assert {weight for _name, weight, _must in weights(template)} == {1, 2}


def test_opening_again_keeps_the_plan_and_the_day():
    job = draft()
    do(actions.open_job, job)
    plan = job.plan
    do(actions.pause_job, job)
    do(actions.open_job, job)
    job.refresh_from_db()
    assert (job.status, job.plan, job.opened_at) == (Status.OPEN, plan, NOW)


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        (actions.open_job, Status.OPEN),
        (actions.pause_job, Status.DRAFT),
        (actions.pause_job, Status.CLOSED),
        (actions.close_job, Status.CLOSED),
    ],
)
def test_what_its_status_does_not_allow_is_refused(verb, status):
    job = make_job(status=status)
    with pytest.raises(NotAllowed):
        do(verb, job)
    job.refresh_from_db()
    assert job.status == status


def test_a_plan_that_names_no_competency_opens_nothing():
    job = draft(plan=make_plan(competencies=()))
    with pytest.raises(NotAllowed, match="no competency"):
        do(actions.open_job, job)
    assert HiringPlan.objects.count() == 1


def test_a_locked_plan_gets_a_new_version_and_applications_keep_theirs():
    job = draft()
    do(actions.open_job, job)
    application = make_application(job=job)
    HiringPlan.objects.filter(pk=job.plan_id).update(locked_at=NOW)
    old = job.plan
    new = do(actions.revise_plan, job)
    job.refresh_from_db()
    application.refresh_from_db()
    assert (job.plan, new.version, new.locked_at) == (new, old.version + 1, None)
    assert application.plan == old
    assert weights(new) == weights(old)


def test_a_plan_that_is_not_locked_is_changed_itself():
    job = make_job()
    with pytest.raises(NotAllowed, match="change it itself"):
        do(actions.revise_plan, job)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_at_once_one_does():
    job = draft()
    make_user()
    first, second = Job.objects.get(pk=job.pk), Job.objects.get(pk=job.pk)
    results = together(lambda: do(actions.open_job, first), lambda: do(actions.open_job, second))
    assert [type(result) for result in results if result is not None] == [NotAllowed]
    assert HiringPlan.objects.exclude(copied_from=None).count() == 1
