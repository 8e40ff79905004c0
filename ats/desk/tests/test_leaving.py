"""F32: a colleague's account is deleted. What they did keeps their name, nothing that waits for them hangs."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import CASCADE, PROTECT, SET_NULL

from ats.desk import leaving
from ats.desk.actions import add_note
from ats.desk.tests.conftest import LATER, signed_in
from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Ask, CallSlot, Event, Message, Note, Scorecard, User
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.reminding.actions import escalate_due
from candidates.stages import Stage

pytestmark = pytest.mark.django_db

# What goes with an account: its own log of the admin, its roles, its places in jobs, and the times it offered.
GOES = {
    "admin.LogEntry.user", "candidates.User_groups.user", "candidates.User_user_permissions.user",
    "candidates.Job_recruiters.user", "candidates.CallSlot.caller",
}  # fmt: skip
# What must be handed over first, or is a record that others rely on; `leaving.obstacles` names each.
KEEPS = {
    "candidates.Job.hiring_manager", "trials.Trial.leader", "trials.Verdict.by", "trials.Approval.requested_by",
    "trials.Approval.led_by", "trials.Approval.approver", "trials.Approval.then",
}  # fmt: skip
# Nobody reads by whom; or their own name stands in the row as it is.
NAMED_ELSEWHERE = {
    "interviews.AgreementReport.asked_by", "references.Reference.recorded_by", "candidates.Ask.user",
    "interviews.Interviewer.user",
}  # fmt: skip


def to_accounts():
    models = apps.get_models(include_auto_created=True)
    return [field for model in models for field in model._meta.get_fields()
            if field.many_to_one or (field.one_to_one and field.concrete)
            if field.related_model is get_user_model()]  # fmt: skip


def called(field):
    return f"{field.model._meta.label}.{field.name}"


def test_every_link_to_an_account_is_known_for_what_becomes_of_it():
    by = {CASCADE: set(), PROTECT: set(), SET_NULL: set()}
    for field in to_accounts():
        by[field.remote_field.on_delete].add(called(field))
    assert by[CASCADE] == GOES
    assert by[PROTECT] == KEEPS


def test_whatever_outlives_an_account_keeps_the_name():
    for field in to_accounts():
        if field.remote_field.on_delete is SET_NULL and called(field) not in NAMED_ELSEWHERE:
            names = {one.name for one in field.model._meta.get_fields()}
            assert f"{field.name}_name" in names, called(field)


@pytest.fixture
def tom(db):
    return make_user("Tom Third")


def page(user):
    return f"/admin/candidates/user/{user.pk}/delete/"


def ask(application, user):
    return asks.ask(
        application, page="screening:letter", template="candidates/reminder", title="Read the letter",
        role=Ask.Role.RECRUITER, name=str(user), email=user.email, user=user, due_at=NOW + timedelta(days=7), at=NOW,
    )  # fmt: skip


def test_a_colleague_with_a_past_is_deleted_and_timelines_still_tell_the_name(admin, tom):
    application = make_application()
    pipeline.move(application, Stage.SCREENING, at=NOW, by=Actor.person(tom))
    add_note(application, text="Kind", at=NOW, by=tom)
    waiting, done = ask(application, tom), ask(application, tom)
    Ask.objects.filter(pk=done.pk).update(answered_at=NOW)
    Scorecard.objects.create(
        application=application, ask=done, kind="letter", stage=Stage.SCREENING, rater=tom, rater_name=str(tom),
        locked_at=NOW,
    )  # fmt: skip
    CallSlot.objects.create(caller=tom, starts_at=LATER + timedelta(days=1), ends_at=LATER + timedelta(days=1, hours=1))
    shown = signed_in(admin).get(page(tom)).content.decode()
    assert "1 request still waits for them" in shown
    assert signed_in(admin).post(page(tom), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=tom.pk).exists()
    assert Event.objects.get(name="stage.screening").by_name == "Tom Third"
    assert Note.objects.get().author_name == Scorecard.objects.get().rater_name == "Tom Third"
    waiting.refresh_from_db()
    assert (waiting.user, waiting.is_open, waiting.remind_at) == (None, True, None)
    assert (
        "Tom Third" in signed_in(admin).get(f"/admin/candidates/application/{application.pk}/change/").content.decode()
    )


def test_recruiters_are_told_of_what_waited_for_a_colleague_who_is_gone(tom):
    application = make_application()
    ask(application, tom)
    leaving.remove(tom, at=NOW)
    escalate_due(at=NOW + timedelta(hours=1))
    assert Message.objects.get(template="candidates/overdue").to == "rita.recruiter@rapport.test"


def test_who_hires_for_a_job_is_replaced_first_and_the_page_says_where(admin, tom):
    job = make_job(hiring_manager=tom, recruiters=[tom])
    answer = signed_in(admin).get(page(tom)).content.decode()
    assert f'They are the hiring manager of <a href="/admin/candidates/job/{job.pk}/change/">' in answer
    assert "Nobody else recruits for" in answer
    assert signed_in(admin).post(page(tom), {"post": "yes"}).status_code in (200, 403)
    assert User.objects.filter(pk=tom.pk).exists()


def test_an_agreed_call_comes_first(tom):
    begins = LATER + timedelta(days=1)
    CallSlot.objects.create(
        caller=tom, starts_at=begins, ends_at=begins + timedelta(hours=1), application=make_application(), taken_at=NOW
    )
    assert "They call" in leaving.obstacles(tom, at=LATER)[0]
    assert leaving.obstacles(tom, at=LATER + timedelta(days=3)) == []
    with pytest.raises(NotAllowed):
        leaving.remove(tom, at=LATER)


def test_a_recruiter_deletes_nobody(desk, tom):
    assert desk.get(page(tom)).status_code in (403, 404)
    assert User.objects.filter(pk=tom.pk).exists()


def test_accounts_are_not_deleted_in_bulk(admin, tom):
    signed_in(admin).post(
        "/admin/candidates/user/", {"action": "delete_selected", "_selected_action": tom.pk, "post": "yes"}
    )
    assert User.objects.filter(pk=tom.pk).exists()


def test_nobody_deletes_themselves(admin):
    assert signed_in(admin).get(page(admin)).status_code == 403
