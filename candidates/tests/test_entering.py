"""Many applications taken in at once."""

import pytest

from candidates import pipeline
from candidates.builders import NOW, make_candidate, make_job, make_user
from candidates.models import Application, HiringPlan, Message, Stage
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db


def test_many_enter_with_their_first_event_and_lock_their_plan_and_nobody_gets_a_mail(django_assert_max_num_queries):
    job = make_job()
    new = [Application(candidate=make_candidate(), job=job, plan=job.plan, applied_at=NOW) for _number in range(20)]
    by = Actor.person(make_user())
    with django_assert_max_num_queries(6):
        pipeline.enter(new, at=NOW, by=by, source="elsewhere")
    for application in Application.objects.all():
        event = application.events.get()
        assert (application.stage, application.stage_since, event.name) == (Stage.APPLIED, NOW, "stage.applied")
        assert (event.by, event.data) == (by.user, {"came_from": "", "reason": "", "source": "elsewhere"})
    assert HiringPlan.objects.get(pk=job.plan_id).locked_at == NOW
    assert (Application.objects.count(), Message.objects.count()) == (20, 0)
