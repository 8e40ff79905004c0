"""What a person decides about mails in doubt."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_user
from candidates.models import Message
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import delivery, mail, outbox
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
Status = Message.Status


def make_message(status):
    message = mail.queue(make_application(), "candidates/rejected", key="test", at=NOW, solemn=True)
    fields = {"status": status, "attempts": 3, "error": "Lost", "sent_at": NOW if status == Status.SENT else None}
    Message.objects.filter(pk=message.pk).update(**fields)
    return Message.objects.get(pk=message.pk)


def do(verb, message):
    verb(message, at=LATER, by=Actor.person(make_user()))


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNCERTAIN])
def test_a_mail_that_failed_or_is_in_doubt_is_due_again(status):
    message = make_message(status)
    do(outbox.send_again, message)
    assert delivery.claim(str(message.pk), at=LATER)


def test_sending_again_is_on_the_timeline():
    message = make_message(Status.UNCERTAIN)
    do(outbox.send_again, message)
    event = message.application.events.last()
    assert (event.name, event.by_name) == ("mail.sent_again", "Rita Recruiter")


def test_a_mail_that_arrived_counts_as_sent():
    message = make_message(Status.UNCERTAIN)
    do(outbox.was_sent, message)
    message.refresh_from_db()
    assert (message.status, message.sent_at, message.error) == (Status.SENT, LATER, "")


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.FAILED, Status.UNCERTAIN}))
def test_nothing_else_is_sent_again(status):
    message = make_message(status)
    with pytest.raises(NotAllowed):
        do(outbox.send_again, message)
    message.refresh_from_db()
    assert message.status == status


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.UNCERTAIN}))
def test_nothing_else_is_marked_as_sent(status):
    message = make_message(status)
    with pytest.raises(NotAllowed):
        do(outbox.was_sent, message)
    message.refresh_from_db()
    assert message.status == status


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does():
    message = make_message(Status.UNCERTAIN)
    make_user()
    results = together(lambda: do(outbox.send_again, message), lambda: do(outbox.was_sent, message))
    assert [type(result) for result in results if result is not None] == [NotAllowed]
    assert message.application.events.filter(name__startswith="mail.").count() == 1
