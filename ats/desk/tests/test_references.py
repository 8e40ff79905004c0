"""What a recruiter sees of references before they may be read, and what they can do about those that do not come."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks
from candidates.post.reminding import actions as reminding
from references import actions
from references.actions import Named
from references.builders import (
    ask_for_referees,
    decline,
    give,
    make_answers,
    make_facts,
    make_references,
    name_referees,
    of_plan,
)
from references.models import Referee, Reference

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(LATER, tick=False)


def panel(application, user=None, may_work=True):
    application.refresh_from_db()
    request = RequestFactory().get("/")
    request.user = user or make_user("Rita Recruiter")
    template = Template("{% load reference_panel %}{% reference_panel application may_work %}")
    told = {"request": request, "application": application, "may_work": may_work}
    return " ".join(template.render(Context(told)).split())


def do(desk, name, pk, action="confirm", **fields):
    address = reverse(f"desk:{name}", args=[pk])
    page = desk.get(address)
    seen = page.context["act"].seen
    return desk.post(address, {"seen": seen, "action": action, **fields})


def sent(reference):
    Message.objects.filter(ask=reference.scorecard.ask).update(status=Message.Status.SENT, sent_at=NOW)


def test_before_the_stage_the_panel_asks_the_database_nothing():
    application = make_application(Stage.INTERVIEWS)
    application.refresh_from_db()
    template = Template("{% load reference_panel %}{% reference_panel application True %}")
    with CaptureQueriesContext(connection) as captured:
        template.render(Context({"application": application}))
    assert len(captured) == 0


def test_the_panel_tells_who_was_asked_and_how_many_answers_the_plan_needs():
    [nora, _leo] = make_references(of_plan(managers=1))
    sent(nora)
    give(nora, at=LATER)
    text = panel(nora.referee.application)
    assert "1 of 2 answers that the plan needs. 1 of 1 from a manager or team lead." in text
    assert "Nora Former" in text
    assert "answered Tue 8 Jan" in text
    assert "mail is waiting to leave" in text


def test_the_panel_tells_nothing_of_what_was_said():
    nora, leo = make_references()
    actions.save_draft(leo, make_facts(role="Secret role"), make_answers(1), at=LATER)
    give(nora, at=LATER, role="Open role")
    text = panel(nora.referee.application)
    assert "has begun to answer" in text
    for word in ("Secret role", "Open role", "Stayed late"):
        assert word not in text


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (decline, "declined Mon 7 Jan"),
        (lambda one: Reference.objects.filter(pk=one.pk).update(expired_at=NOW), "waited for until Mon 7 Jan"),
        (lambda one: asks.cancel(one.scorecard.ask, at=NOW), "not asked any more"),
        (lambda one: one.scorecard.ask.messages.update(status="failed"), "mail did not arrive"),
        (lambda one: Ask.objects.filter(pk=one.scorecard.ask_id).update(due_at=NOW), "overdue"),
    ],
)
def test_the_panel_says_in_words_how_each_stands(happens, told):
    [nora, _leo] = make_references()
    sent(nora)
    happens(nora)
    assert told in panel(nora.referee.application)


def test_the_panel_says_how_often_somebody_was_reminded():
    [nora, _leo] = make_references()
    for at in (nora.scorecard.ask.remind_at, nora.scorecard.ask.due_at):
        reminding.remind_due(at=at)
    Message.objects.filter(template="references/request_due").update(status="sent", sent_at=LATER)
    assert "reminded 2 times, last Tue 8 Jan" in panel(nora.referee.application)


def test_the_panel_asks_the_same_few_questions_however_many_referees_there_are(rita):
    def queries(referees):
        application = of_plan(referees=referees)
        people = [Named(f"P{one}", f"p{one}@former.example", "manager", "Former Ltd") for one in range(referees)]
        name_referees(ask_for_referees(application), *people)
        with CaptureQueriesContext(connection) as captured:
            panel(application, rita)
        return len(captured)

    queries(1)  # whoever asks first reads what this process and this user keep
    assert queries(1) == queries(5)


def test_who_may_not_work_on_it_is_offered_nothing():
    [nora, _leo] = make_references()
    assert "Send the link again" not in panel(nora.referee.application, may_work=False)


def test_the_application_page_shows_the_panel(desk):
    [nora, _leo] = make_references()
    page = desk.get(reverse("admin:candidates_application_change", args=[nora.referee.application_id]))
    assert 'id="references"' in page.content.decode()


def test_the_preview_shows_the_mail_word_for_word_and_writes_nothing(desk):
    [nora, _leo] = make_references()
    sent(nora)
    before = Message.objects.count()
    page = do(desk, "reference_withdraw", nora.pk, "preview")
    [letter] = page.context["preview"].letters
    assert letter.address == nora.referee.email
    assert "It is not needed any more" in letter.text
    assert Message.objects.count() == before


def test_doing_without_a_reference_tells_the_referee_and_keeps_the_reason(desk):
    [nora, _leo] = make_references()
    sent(nora)
    do(desk, "reference_withdraw", nora.pk, reason="She was a customer.")
    event = nora.referee.application.events.get(name="references.withdrawn")
    assert event.data["reason"] == "She was a customer."
    assert not Ask.objects.get(pk=nora.scorecard.ask_id).is_open


def test_sending_the_link_again(desk):
    [nora, _leo] = make_references()
    sent(nora)
    do(desk, "reference_again", nora.pk)
    assert nora.scorecard.ask.messages.filter(status="queued").get().template == "references/request"


def test_an_address_is_corrected_where_it_is_wrong(desk):
    [nora, leo] = make_references()
    page = do(desk, "reference_correct", nora.pk, email=leo.referee.email)
    assert "Another referee of this application has this address." in page.content.decode()
    do(desk, "reference_correct", nora.pk, email="nora@right.example")
    assert Referee.objects.get(pk=nora.referee_id).email == "nora@right.example"


def test_a_page_from_before_a_colleague_did_it_is_refused(desk):
    [nora, _leo] = make_references()
    address = reverse("desk:reference_correct", args=[nora.pk])
    seen = desk.get(address).context["act"].seen
    actions.correct_address(nora, "n@other.example", at=LATER, by=Actor.person(make_user()))
    page = desk.post(address, {"seen": seen, "action": "confirm", "email": "x@other.example"})
    assert "A colleague changed something here meanwhile" in page.content.decode()
    assert Referee.objects.get(pk=nora.referee_id).email == "n@other.example"


def test_asking_for_somebody_else_mails_the_candidate_a_personal_word(desk):
    [nora, _leo] = make_references()
    do(desk, "reference_replace", nora.pk, note="No hurry.")
    message = Message.objects.get(template="references/name_another")
    assert (message.to, message.data["note"]) == (nora.referee.application.candidate.email, "No hurry.")


def typed(**fields):
    known = {"name": "Mia Chief", "relation": "manager", "company": "Former Ltd", "worked_from": "2027-03"}
    known |= {"email": "mia@former.example", "language": "en", "agreed": "on"}
    return {f"{name}_0": value for name, value in (known | fields).items()}


def test_naming_somebody_on_the_candidates_behalf(desk):
    [nora, _leo] = make_references()
    do(desk, "reference_name", nora.referee.application_id, **typed())
    assert Ask.objects.open().get(email="mia@former.example").role == "referee"


def test_naming_the_candidate_themself_is_refused_beside_the_address(desk):
    application = make_references()[0].referee.application
    page = do(desk, "reference_name", application.pk, **typed(email=application.candidate.email))
    assert list(page.context["form"].errors) == ["email_0"]


@pytest.mark.parametrize("name", ["again", "correct", "withdraw", "replace"])
@pytest.mark.parametrize("value", ["\x00", "x" * 100_000, "ſ@x.org"])
def test_garbage_gets_a_page(desk, name, value):
    [nora, _leo] = make_references()
    address = reverse(f"desk:reference_{name}", args=[nora.pk])
    for action in ("preview", "confirm", value):
        page = desk.post(address, {"seen": value, "action": action, "email": value, "note": value, "reason": value})
        assert page.status_code == 200


@pytest.mark.parametrize("name", ["again", "correct", "withdraw", "replace"])
def test_nothing_is_done_to_a_reference_that_was_given(desk, name):
    [nora, _leo] = make_references()
    give(nora)
    assert desk.get(reverse(f"desk:reference_{name}", args=[nora.pk])).status_code == 404


@pytest.mark.parametrize("name", ["again", "correct", "withdraw", "replace"])
def test_a_recruiter_of_another_job_finds_nothing(desk, name):
    application = make_application(Stage.INTERVIEWS, job=make_job(recruiters=[make_user("Otto Other")]))
    [nora, _leo] = make_references(application)
    assert desk.get(reverse(f"desk:reference_{name}", args=[nora.pk])).status_code == 404
    assert desk.get(reverse("desk:reference_name", args=[application.pk])).status_code == 404


def test_after_the_stage_nothing_is_asked_any_more(desk):
    [nora, _leo] = make_references()
    move(nora.referee.application, Stage.TRIAL, at=LATER, by=Actor.person(make_user()))
    assert desk.get(reverse("desk:reference_again", args=[nora.pk])).status_code == 404
    assert "Send the link again" not in panel(nora.referee.application)
