"""Buttons: form, what will happen, done; and what happens when somebody was quicker."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.html import escape

from ats.desk.roles import RECRUITERS
from ats.desk.tests.conftest import signed_in, with_role
from candidates import pipeline
from candidates.builders import NOW, make_application, make_job
from candidates.models import Application, Message, Stage
from candidates.people.actors import Actor
from candidates.post import rendering
from candidates.tests.together import together
from interviews.builders import make_interview

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(rita):
    return make_application(Stage.SCREENING)


def move(application, to):
    return reverse("admin:candidates_application_move", args=[application.pk, to])


def seen(application):
    return f"{application.stage}@{application.stage_since.isoformat()}"


def post(client, application, to, action, **typed):
    return client.post(move(application, to), {"seen": seen(application), "action": action, **typed})


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def stage_of(application):
    return Application.objects.get(pk=application.pk).stage


def test_confirming_moves_and_queues_the_mail(desk, application):
    answer = post(desk, application, Stage.REJECTED, "confirm", reason="skills", when="now")
    assert answer.status_code == 302
    assert stage_of(application) == Stage.REJECTED
    assert Message.objects.get().template == "candidates/rejected"


def test_the_move_is_by_the_person_who_pressed(desk, rita, application):
    post(desk, application, Stage.REJECTED, "confirm", reason="skills", when="now")
    assert application.events.last().by == rita


@pytest.mark.parametrize("to", sorted(pipeline.MOVES[Stage.SCREENING]))
def test_reading_the_form_moves_nothing(desk, application, to):
    before = counts()
    assert desk.get(move(application, to) + "?action=confirm&reason=skills").status_code == 200
    assert counts() == before
    assert stage_of(application) == Stage.SCREENING


def test_the_preview_shows_the_mail_word_for_word(desk, application):
    page = post(desk, application, Stage.REJECTED, "preview", reason="skills", when="now").content.decode()
    assert application.candidate.email in page
    post(desk, application, Stage.REJECTED, "confirm", reason="skills", when="now")
    assert escape(rendering.render(Message.objects.get()).subject) in page
    assert "link.invalid" not in page


def test_the_preview_of_a_step_with_links_keeps_the_place_of_each_link(desk, application, rita):
    application = make_application(Stage.APPLIED)
    page = post(desk, application, Stage.SCREENING, "preview", reader=rita.pk, caller=rita.pk)
    letters = page.context["preview"].letters
    assert [letter.address for letter in letters] == [rita.email, rita.email]
    assert all("[their personal link]" in letter.text for letter in letters)


def test_the_preview_writes_nothing(desk, application):
    before = counts()
    page = post(desk, application, Stage.REJECTED, "preview", reason="skills", when="now")
    assert "what changes" in page.content.decode().lower()
    assert counts() == before
    assert stage_of(application) == Stage.SCREENING


def test_the_preview_carries_what_was_typed_to_the_confirmation(desk, application):
    page = post(desk, application, Stage.REJECTED, "preview", reason="skills", when="now").content.decode()
    for field in (
        f'name="seen" value="{seen(application)}"',
        'name="reason" value="skills"',
        'name="when" value="now"',
    ):
        assert field in page


def test_what_the_form_refuses_is_shown_with_what_was_typed(desk, application):
    page = post(desk, application, Stage.REJECTED, "confirm", reason="because", when="now")
    assert page.status_code == 200
    assert page.context["form"].errors
    assert stage_of(application) == Stage.SCREENING


def test_what_the_verb_refuses_is_shown_with_what_was_typed_and_nothing_is_written(desk, manager, rita):
    application = make_application(Stage.TRIAL)
    form_page = post(desk, application, Stage.HIRED, "confirm", approver=rita.pk)
    before = counts()
    assert form_page.status_code == 200
    assert form_page.context["form"].errors
    assert counts() == before


def test_who_was_slower_learns_calmly_who_was_quicker(desk, manager, application):
    other = with_role("Rosa Recruiter", RECRUITERS)
    application.job.recruiters.add(other)
    post(signed_in(other), application, Stage.REJECTED, "confirm", reason="skills", when="now")
    page = post(desk, application, Stage.WITHDRAWN, "confirm")
    text = page.content.decode()
    assert page.status_code == 409
    assert "Rosa Recruiter" in text
    assert "Rejected" in text
    assert stage_of(application) == Stage.REJECTED


def test_the_slower_one_learns_it_at_the_preview_too(desk, application):
    old = seen(application)
    pipeline.move(application, Stage.REJECTED, at=NOW, by=Actor.candidate("Cara"))
    page = desk.post(move(application, Stage.WITHDRAWN), {"seen": old, "action": "preview"})
    assert page.status_code == 409


def test_a_stage_left_and_entered_again_counts_as_moved(desk, application):
    old = seen(application)
    pipeline.move(application, Stage.INTERVIEWS, at=NOW, by=Actor.candidate("Cara"))
    pipeline.move(application, Stage.SCREENING, at=NOW + timedelta(minutes=1), by=Actor.candidate("Cara"))
    page = desk.post(
        move(application, Stage.REJECTED), {"seen": old, "action": "confirm", "reason": "skills", "when": "now"}
    )
    assert page.status_code == 409
    assert stage_of(application) == Stage.SCREENING


@pytest.mark.parametrize("said", ["", "nonsense", "screening@", "screening@yesterday"])
def test_a_page_that_does_not_say_what_it_saw_moves_nothing(desk, application, said):
    page = desk.post(
        move(application, Stage.REJECTED), {"seen": said, "action": "confirm", "reason": "skills", "when": "now"}
    )
    assert page.status_code == 409
    assert stage_of(application) == Stage.SCREENING


def test_a_move_that_is_not_in_the_table_is_refused(desk, application):
    page = post(desk, application, Stage.TRIAL, "confirm")
    assert page.status_code == 409
    assert stage_of(application) == Stage.SCREENING


def test_a_stage_that_does_not_exist_is_not_found(desk, application):
    assert desk.get(move(application, "promoted")).status_code == 404


def test_going_back_says_whose_answers_are_not_wanted_any_more(desk, rita):
    application = make_application(Stage.SCREENING)
    make_interview(application)
    application.refresh_from_db()
    page = post(desk, application, Stage.SCREENING, "preview", reason="Too early")
    assert [ask.name for ask in page.context["preview"].cancelled] == ["Ida Interviewer", "Ivan Interviewer"]
    assert [letter.name for letter in page.context["preview"].letters] == []


@pytest.mark.django_db(transaction=True)
def test_of_two_recruiters_at_once_one_moves_and_the_other_learns_of_it(rita):
    other = with_role("Rosa Recruiter", RECRUITERS)
    job = make_job(recruiters=[rita, other])
    application = make_application(Stage.SCREENING, job=job)
    first, second = signed_in(rita), signed_in(other)
    pages = together(
        lambda: post(first, application, Stage.REJECTED, "confirm", reason="skills", when="now"),
        lambda: post(second, application, Stage.WITHDRAWN, "confirm"),
    )
    assert sorted(page.status_code for page in pages) == [302, 409]
    assert application.events.filter(name__in=["stage.rejected", "stage.withdrawn"]).count() == 1
    assert Message.objects.count() == 1
