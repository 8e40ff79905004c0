"""A copy of one's data, its deletion, and the colleague who sees to it."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from ats.portal.tests.test_portal import home, visitor, words
from candidates.builders import NOW, make_application, make_user
from candidates.models import DataRequest, Event, Message, Stage
from candidates.people import requests
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import rendering
from candidates.tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


def ask(application, kind="copy", client=None):
    return (client or visitor(application)).post(f"/my/{application.pk}/data/{kind}/", follow=True)


def test_asking_takes_a_second_step_and_looking_writes_nothing():
    application = make_application()
    client = visitor(application)
    assert "Ask for a copy</button>" in client.get(f"/my/{application.pk}/data/copy/").content.decode()
    assert "Ask for deletion</button>" in client.get(f"/my/{application.pk}/data/erase/").content.decode()
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("copy", "You asked for a copy of your data. A person sends it to you by 6 February 2030."),
        ("erase", "You asked us to delete your data. A person does it by 6 February 2030 and tells you."),
    ],
)
def test_a_request_stands_on_the_page_with_its_day_and_on_the_timeline(kind, told):
    application = make_application()
    page = ask(application, kind).content.decode()
    wanted = DataRequest.objects.get()
    assert (wanted.kind, wanted.due_at) == (kind, NOW + timedelta(days=30))
    assert told in page
    event = application.events.last()
    assert (event.name, event.by_kind, event.data) == (
        "data.requested", "candidate", {"kind": kind, "request": wanted.pk},
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "subject"), [("copy", "a copy of your data"), ("erase", "to delete your data")])
def test_a_mail_confirms_it_with_the_day(kind, subject):
    application = make_application()
    ask(application, kind)
    written = rendering.render(Message.objects.get(template="portal/data_request"))
    assert subject in written.subject
    assert "by 6 February 2030" in written.text
    assert "by 6 February 2030" in written.html


def test_asking_twice_is_one_request_and_one_mail():
    application = make_application()
    ask(application)
    ask(application)
    counts = DataRequest.objects.count(), Message.objects.count(), Event.objects.filter(name="data.requested").count()
    assert counts == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_asking_twice_at_once_is_one_request():
    application = make_application()
    clients = [visitor(application), visitor(application)]
    answers = together(*[partial(ask, application, "erase", client) for client in clients])
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (DataRequest.objects.count(), Message.objects.count()) == (1, 1)


def test_what_is_asked_for_is_not_offered_again_and_the_other_is():
    application = make_application()
    page = ask(application).content.decode()
    assert (f"/my/{application.pk}/data/copy/" in page, f"/my/{application.pk}/data/erase/" in page) == (False, True)


def test_after_the_end_one_may_still_ask():
    application = make_application(Stage.REJECTED)
    assert "Ask for deletion of my data" in words(application)
    ask(application, "erase")
    assert DataRequest.objects.get().kind == "erase"


def test_unknown_kinds_are_nowhere():
    application = make_application()
    assert visitor(application).get(f"/my/{application.pk}/data/everything/").status_code == 404


@pytest.mark.parametrize("kind", ["copy", "erase"])
def test_nobody_asks_without_the_link(kind):
    application = make_application()
    assert Client().post(f"/my/{application.pk}/data/{kind}/").status_code == 404
    assert not DataRequest.objects.exists()


def test_asking_needs_the_forms_token():
    application = make_application()
    client = Client(enforce_csrf_checks=True)
    client.cookies = visitor(application).cookies
    assert client.post(f"/my/{application.pk}/data/erase/").status_code == 403
    assert not DataRequest.objects.exists()


def test_a_colleague_marks_it_done_once():
    application = make_application()
    wanted = requests.request(application, DataRequest.Kind.COPY, at=NOW, by=Actor.candidate("Cara"))
    rita = Actor.person(make_user())
    requests.finish(wanted, at=NOW + timedelta(days=2), by=rita)
    wanted.refresh_from_db()
    assert (wanted.done_at, wanted.done_by_name) == (NOW + timedelta(days=2), rita.name)
    with pytest.raises(NotAllowed):
        requests.finish(wanted, at=NOW + timedelta(days=3), by=rita)
    assert application.events.filter(name="data.request_done").count() == 1


def test_what_is_done_leaves_the_page_and_may_be_asked_for_again():
    application = make_application()
    wanted = requests.request(application, DataRequest.Kind.COPY, at=NOW, by=Actor.candidate("Cara"))
    requests.finish(wanted, at=NOW, by=Actor.person(make_user()))
    page = home(application).content.decode()
    assert ("You asked for a copy" in page, "Ask for a copy of my data" in page) == (False, True)
