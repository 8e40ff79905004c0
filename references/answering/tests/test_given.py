"""After the answer: reading it again, a copy, the wish that it be deleted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from candidates.builders import NOW, make_user
from candidates.models import Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import delivery, rendering
from candidates.post.builders import open_link
from candidates.tests.together import together
from references import actions
from references.builders import decline, give, make_references
from references.models import RefereeRequest, Reference

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + HOUR, tick=False)


@pytest.fixture
def given(client):
    [nora, _leo] = make_references()
    give(nora)
    open_link(client, nora.scorecard.ask)
    return nora


def url(reference):
    return reverse("references:given", args=[reference.scorecard.ask_id])


def mails(template):
    return Message.objects.filter(template=f"references/{template}")


def test_the_link_leads_to_what_they_said(client, given):
    page = open_link(client, given.scorecard.ask)
    assert page.redirect_chain[-1][0] == url(given)
    for words in ("Support agent", "Stayed late to help a customer.", "March 2027 to September 2028", "Yes"):
        assert words in page.content.decode()


def test_also_after_the_application_has_ended(client, given):
    move(given.referee.application, Stage.REJECTED, at=NOW + HOUR, by=Actor.person(make_user()))
    assert "Stayed late" in client.get(url(given)).content.decode()
    assert client.post(url(given), {"action": "delete"}).status_code == 200
    assert given.referee.requests.filter(kind="deletion").exists()


def test_who_declined_reads_that_and_nothing_else(client):
    [nora, _leo] = make_references()
    decline(nora)
    page = open_link(client, nora.scorecard.ask).content.decode()
    assert "you would rather not give one" in page
    assert "Mail me a copy" not in page


def test_looking_writes_nothing(client, given):
    before = [Message.objects.count(), RefereeRequest.objects.count()]
    client.get(url(given))
    client.get(url(given) + "?file=1")
    client.head(url(given))
    assert [Message.objects.count(), RefereeRequest.objects.count()] == before


def test_a_copy_leaves_at_once_to_their_own_address_and_without_their_words(client, given):
    client.post(url(given), {"action": "copy"})
    copy = mails("copy").get()
    assert (rendering.address(copy), copy.next_try_at) == ("nora@former.example", NOW + HOUR)
    rendered = rendering.render(copy)
    assert rendering.LINK in rendered.text
    assert "Stayed late" not in rendered.text + rendered.html + str(copy.data)


def test_the_mail_of_a_copy_leaves_although_the_answer_is_in(client, given, mailoutbox):
    client.post(url(given), {"action": "copy"})
    assert delivery.deliver(str(mails("copy").get().pk), at=NOW + HOUR) == Message.Status.SENT


def test_one_copy_in_ten_minutes(client, given, time_machine):
    client.post(url(given), {"action": "copy"})
    assert "a moment ago" in client.post(url(given), {"action": "copy"}).content.decode()
    assert mails("copy").count() == 1
    time_machine.move_to(NOW + HOUR + timedelta(minutes=10), tick=False)
    client.post(url(given), {"action": "copy"})
    assert mails("copy").count() == 2


def test_what_was_said_can_be_kept_as_a_file(client, given):
    response = client.get(url(given) + "?file=1")
    assert response["Content-Disposition"] == 'attachment; filename="reference.txt"'
    assert "Stayed late to help a customer." in response.content.decode("utf-8-sig")


def test_the_wish_to_be_deleted_reaches_the_recruiters_once(client, given):
    for _again in range(2):
        client.post(url(given), {"action": "delete"})
    assert list(mails("deletion_wanted").values_list("to", flat=True)) == [make_user().email]
    assert given.referee.requests.get().kind == RefereeRequest.Kind.DELETION
    assert given.referee.application.events.filter(name="references.deletion_wanted").count() == 1
    assert "A person here sees to it" in client.get(url(given)).content.decode()


def test_an_unknown_wish_changes_nothing(client, given):
    for action in ("", "x\x00", "forget"):
        assert client.post(url(given), {"action": action}).status_code == 200
    assert RefereeRequest.objects.count() == 0


def test_nobody_else_opens_it(client, given):
    leo = Reference.objects.exclude(pk=given.pk).get()
    give(leo)
    colleague = Client()
    colleague.force_login(make_user("Max Manager"))
    for one, reference in ((client, leo), (Client(), given), (colleague, given)):
        for address in (url(reference), url(reference) + "?file=1"):
            assert one.get(address).status_code == 404
        assert one.post(url(reference), {"action": "delete"}).status_code == 404
    assert RefereeRequest.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_copies_wanted_at_once_are_one():
    [nora, _leo] = make_references()
    give(nora)
    both = together(*[lambda: actions.want_copy(Reference.objects.get(pk=nora.pk), at=NOW + HOUR) for _ in range(2)])
    assert [isinstance(one, NotAllowed) for one in both].count(True) == 1
    assert mails("copy").count() == 1
