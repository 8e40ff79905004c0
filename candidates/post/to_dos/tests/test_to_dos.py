"""What a colleague is given to see to: on their desk, in their mailbox, done once."""

from datetime import timedelta

import pytest

from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.models import Ask, Event, Message, Scorecard, Stage, ToDo
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.builders import open_link
from candidates.post.to_dos import actions
from candidates.screening.builders import begin_screening
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def give(application, colleague=None, **said):
    defaults = {"kind": ToDo.Kind.RULE, "words": "Call her.\nShe waits.", "due_at": NOW + 2 * DAY, "at": NOW}
    rule = Actor.rule("Call soon", rule="call", event=1)
    return actions.give(application, colleague=colleague or make_user(), by=rule, **defaults | said)


def test_a_colleague_gets_a_mail_and_says_that_it_is_done(client):
    to_do = give(make_application())
    assert Message.objects.get(ask=to_do.ask).template == "candidates/to_do"
    page = open_link(client, to_do.ask)
    assert "She waits." in page.content.decode()
    client.post(page.request["PATH_INFO"], {"outcome": "She said yes."})
    to_do.refresh_from_db()
    assert (to_do.outcome, to_do.ask.answered_at) == ("She said yes.", NOW)


def test_it_is_on_the_desk_of_who_is_signed_in(client):
    to_do = give(make_application())
    client.force_login(make_user())
    assert to_do.ask.get_absolute_url() in client.get("/admin/").content.decode()
    assert client.get(to_do.ask.get_absolute_url()).status_code == 200


def test_a_stranger_finds_nothing(client):
    to_do = give(make_application())
    client.force_login(make_user("Sam Stranger"))
    assert client.get(to_do.ask.get_absolute_url()).status_code == 404


def test_giving_and_doing_stand_on_the_timeline():
    to_do = give(make_application())
    actions.finish(to_do, at=NOW, by=Actor.person(make_user()), outcome="Called.")
    assert [event.name for event in Event.objects.order_by("-pk")[:2]] == ["to_do.done", "to_do.given"]


def test_the_first_line_is_the_title_unless_another_is_said():
    application = make_application()
    assert give(application).ask.title == "Call her."
    assert give(application, title="Call").ask.title == "Call"


def test_a_deadline_in_the_past_is_due_now():
    assert give(make_application(), due_at=NOW - DAY).ask.due_at == NOW


def test_nothing_to_do_is_refused():
    with pytest.raises(NotAllowed):
        give(make_application(), words=" \0 ")


def test_who_has_left_is_asked_for_nothing():
    with pytest.raises(NotAllowed):
        give(make_application(), make_user("Lea Left", is_active=False))


def test_without_an_address_it_stands_on_the_desk_alone():
    to_do = give(make_application(), make_user("Noa Nomail", email=""))
    assert (to_do.ask.is_open, to_do.ask.remind_at, Message.objects.count()) == (True, None, 0)


def test_what_was_given_to_several_about_one_mail_is_done_once_for_all():
    application = make_application()
    mail = Message.objects.get(ask=give(application).ask)
    mine, theirs = give(application, message=mail), give(application, make_user("Rob Recruiter"), message=mail)
    actions.finish(mine, at=NOW, by=Actor.person(make_user()))
    theirs.ask.refresh_from_db()
    assert theirs.ask.cancelled_at == NOW


@pytest.mark.django_db(transaction=True)
def test_two_windows_finish_it_once():
    to_do = give(make_application())
    by = Actor.person(make_user())
    results = together(*[lambda: actions.finish(ToDo.objects.get(pk=to_do.pk), at=NOW, by=by)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotOpen"]


def test_who_reads_blind_is_told_nothing_of_the_person(client):
    application = begin_screening(make_application(job=make_job(plan=make_plan(hides_identity=True))))
    reader = Ask.objects.get(application=application, scorecard__kind=Scorecard.Kind.LETTER).user
    to_do = give(application, reader, words=f"Write to {application.candidate.name}", title="Write")
    assert not Message.objects.filter(ask=to_do.ask).exists()
    client.force_login(reader)
    assert application.candidate.name not in client.get(to_do.ask.get_absolute_url()).content.decode()


@pytest.mark.parametrize("typed", ["\0", "x" * 1_000_000])
def test_odd_words_are_refused_beside_their_box(client, typed):
    to_do = give(make_application())
    page = open_link(client, to_do.ask)
    answer = client.post(page.request["PATH_INFO"], {"outcome": typed})
    to_do.ask.refresh_from_db()
    assert (answer.status_code, to_do.ask.is_open) == (200, True)


def test_it_is_to_be_done_in_the_next_stage_too():
    """Whoever moves the application on, a rule for example, may know nothing of a mail that came back."""
    application = make_application()
    to_do = give(application)
    pipeline.move(application, Stage.SCREENING, at=NOW, by=Actor.person(make_user()))
    assert Ask.objects.open().filter(pk=to_do.ask_id, remind_at__isnull=False).exists()


def test_what_is_about_a_stage_ends_with_it():
    application = make_application()
    to_do = give(application, is_of_stage=True)
    pipeline.move(application, Stage.SCREENING, at=NOW, by=Actor.person(make_user()))
    assert not Ask.objects.open().filter(pk=to_do.ask_id).exists()


def test_what_nobody_did_by_the_end_of_the_application_ends_with_it():
    application = make_application()
    to_do = give(application)
    pipeline.move(application, Stage.WITHDRAWN, at=NOW, by=Actor.candidate("Cara"))
    with pytest.raises(asks.NotOpen):
        actions.finish(ToDo.objects.get(pk=to_do.pk), at=NOW, by=Actor.person(make_user()))
