"""A closing date: the sweep closes by it, the pages do not wait for the sweep, opening again needs a new one."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_job, make_user
from candidates.jobs import actions
from candidates.models import Job
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.tests.together import together

SECOND = timedelta(seconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["open", "paused"])
def test_a_job_is_closed_when_its_date_has_come_and_not_before(status):
    job = make_job(status=status, closes_at=NOW)
    assert actions.close_due(at=NOW - SECOND) == 0
    assert actions.close_due(at=NOW) == 1
    job.refresh_from_db()
    assert job.status == Job.Status.CLOSED


@pytest.mark.django_db
def test_what_was_missed_for_days_is_still_due_and_done_once():
    make_job(closes_at=NOW)
    assert [actions.close_due(at=NOW + timedelta(days=9)) for _again in range(2)] == [1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"closes_at": None}, {"closes_at": NOW, "status": "draft"}])
def test_other_jobs_stay_as_they_are(fields):
    job = make_job(**fields)
    assert actions.close_due(at=NOW) == 0
    job.refresh_from_db()
    assert job.status == fields.get("status", Job.Status.OPEN)


@pytest.mark.django_db
def test_a_job_whose_date_is_past_is_not_opened_again_without_a_new_date():
    job, by = make_job(status="closed", closes_at=NOW), Actor.person(make_user())
    with pytest.raises(NotAllowed, match="Change the date first"):
        actions.open_job(job, at=NOW, by=by)
    Job.objects.update(closes_at=NOW + SECOND)
    actions.open_job(job, at=NOW, by=by)
    assert Job.objects.get().is_open_at(NOW)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_close_each_job_once():
    for _number in range(3):
        make_job(closes_at=NOW)
    counts = together(*[lambda: actions.close_due(at=NOW)] * 4)
    assert sum(counts) == 3


@pytest.mark.django_db
def test_row_and_list_agree_on_what_is_open():
    jobs = [make_job(closes_at=when, status=status)
            for when in (None, NOW - SECOND, NOW, NOW + SECOND) for status in Job.Status.values]  # fmt: skip
    assert set(Job.objects.open_at(NOW)) == {job for job in jobs if job.is_open_at(NOW)}
