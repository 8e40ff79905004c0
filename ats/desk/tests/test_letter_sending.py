"""The offer letter on the desk: filled in, seen, sent; and its templates."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from candidates.builders import NOW, make_application, make_job
from candidates.models import Document, Stage
from trials.letters.builders import make_letter, make_template
from trials.models import LetterTemplate, OfferLetter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW + timedelta(hours=3), tick=False)


@pytest.fixture
def rita():
    return with_role("Rita Recruiter", roles.RECRUITERS)


@pytest.fixture
def application(rita):
    return make_application(stage=Stage.HIRED, job=make_job(recruiters=[rita]))


def page_of(application):
    return reverse("desk:letter_send", args=[application.pk])


def filled(action, **fields):
    chosen = {
        "template": make_template().pk,
        "starts_on": "2030-02-04",
        "answer_by": "2030-01-15",
        "pay": "EUR 2,900 a month",
        "hours": "32",
        "extra": "",
    }
    return {"action": action} | chosen | fields


def test_a_recruiter_sees_letter_and_mail_before_anything_is_sent(rita, application):
    shown = signed_in(rita).post(page_of(application), filled("preview")).content.decode()
    assert "Dear Cara Candidate," in shown
    assert "Our offer to you" in shown
    assert (OfferLetter.objects.count(), Document.objects.filter(kind="offer").count()) == (0, 0)


def test_the_draft_is_a_pdf_and_keeps_nothing(rita, application):
    given = signed_in(rita).post(page_of(application), filled("draft"))
    assert given.content.startswith(b"%PDF-")
    assert not OfferLetter.objects.exists()


def test_confirmed_it_is_sent_and_stands_on_the_applications_page(rita, application):
    shown = signed_in(rita).post(page_of(application), filled("confirm"), follow=True).content.decode()
    assert "The offer letter is on its way to Cara Candidate." in shown
    assert "Waits for an answer until" in shown


def test_signs_without_a_shape_are_told_before(rita, application):
    shown = signed_in(rita).post(page_of(application), filled("preview", extra="See you 😀")).content.decode()
    assert "shows a question mark instead: 😀" in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answer_by": "2030-01-07"}, "until tomorrow at least"),
        ({"starts_on": "2029-12-01"}, "This day is past."),
        ({"starts_on": "soon"}, "Enter a valid date."),
        ({"template": "999999"}, "Select a valid choice"),
        ({"template": "x" * 300}, "Select a valid choice"),
        ({"pay": ""}, "This field is required."),
        ({"extra": "a\x00b"}, "Null characters"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(rita, application, fields, said):
    shown = signed_in(rita).post(page_of(application), filled("confirm", **fields)).content.decode()
    assert said in shown
    assert not OfferLetter.objects.exists()


def test_only_who_recruits_for_the_job_sends_and_only_after_the_hire(rita, application):
    manager = with_role("Mona Manager", roles.MANAGERS)
    other = with_role("Rolf Recruiter", roles.RECRUITERS)
    application.job.hiring_manager = manager
    application.job.save()
    assert signed_in(manager).get(page_of(application)).status_code == 403
    assert signed_in(other).get(page_of(application)).status_code == 404
    on_trial = make_application(stage=Stage.TRIAL, job=application.job)
    assert signed_in(rita).get(page_of(on_trial)).status_code == 404


def test_what_was_answered_stands_on_the_applications_page(rita, application, django_assert_max_num_queries):
    letter = make_letter(application)
    OfferLetter.objects.filter(pk=letter.pk).update(declined_at=NOW, decline_reason="Too far.")
    shown = signed_in(rita).get(reverse("admin:candidates_application_change", args=[application.pk]))
    assert "Too far." in shown.content.decode()


TEMPLATE = {"name": "Ours", "language": "en", "subject": "Offer: {job}", "text": "Dear {candidate}"}


def test_a_template_with_an_unknown_placeholder_is_refused_and_the_word_is_named(rita):
    page = reverse("admin:trials_lettertemplate_add")
    shown = signed_in(rita).post(page, TEMPLATE | {"text": "Dear {nickname}"}).content.decode()
    assert "{nickname} is no placeholder" in shown
    assert not LetterTemplate.objects.exists()


def test_a_template_is_seen_as_pdf_before_it_is_saved(rita):
    page = reverse("admin:trials_lettertemplate_add")
    given = signed_in(rita).post(page, TEMPLATE | {"_preview": "1"})
    assert given.content.startswith(b"%PDF-")
    assert not LetterTemplate.objects.exists()
    assert signed_in(rita).post(page, TEMPLATE).status_code == 302
    assert LetterTemplate.objects.get().subject == "Offer: {job}"
