"""Mails that wait: their words, their time, and whether they leave at all are a person's to decide."""

from datetime import timedelta

import pytest
from django.core import mail as outbox

from candidates.builders import NOW, make_application, make_candidate, make_user
from candidates.models import Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import delivery, holding, mail, rendering
from candidates.tests.test_pipeline import make_ask
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
WAIT = timedelta(minutes=10)
Status = Message.Status


def make_message(template="candidates/rejected", **fields):
    application = make_application(candidate=make_candidate("Cara"))
    return mail.queue(application, template, key="test", at=NOW, **{"solemn": True, "wait": WAIT} | fields)


def do(verb, message, **told):
    verb(message, at=LATER, by=Actor.person(make_user()), **told)
    return Message.objects.get(pk=message.pk)


def words(text="Dear Cara, it is a no. {link}", subject="About your application"):
    return {"subject": subject, "text": text}


def sent(message, at=LATER + WAIT):
    delivery.deliver(message.pk, at=at)
    return outbox.outbox[0]


def test_a_mail_leaves_in_the_words_that_were_written_for_it_alone():
    message = do(holding.reword, make_message(), **words("Dear <b>Cara</b>,\n\nno. {name}\n\n{link}"))
    left = sent(message)
    assert left.subject == "About your application"
    assert left.body.startswith("Dear <b>Cara</b>,\n\nno. {name}\n\nhttp")
    assert "<p>Dear &lt;b&gt;Cara&lt;/b&gt;,</p>" in left.alternatives[0].content
    assert message.application.events.last().name == "mail.reworded"


def test_words_that_were_changed_twice_begin_with_the_first_change():
    message = do(holding.reword, make_message(), **words("First {link}"))
    assert holding.words_of(message).text == "First {link}"


def test_the_next_mail_to_others_has_the_usual_words():
    do(holding.reword, make_message(), **words())
    other = mail.queue(make_application(), "candidates/rejected", key="other", at=NOW)
    assert "thank you for the time" in rendering.render(other).text


@pytest.mark.parametrize("wrong", [words("no link"), words(""), words(subject=" "), words("x{link}" * 2000)])
def test_words_that_cannot_be_sent_are_refused(wrong):
    message = make_message()
    with pytest.raises(NotAllowed):
        do(holding.reword, message, **wrong)
    assert Message.objects.get().own_words is None


def test_a_subject_is_one_line_however_it_was_written():  # V18
    message = do(holding.reword, make_message(), **words(subject="No\r\nBcc: all@example.org"))
    assert sent(message).subject == "No Bcc: all@example.org"


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.QUEUED, Status.HELD}))
@pytest.mark.parametrize(
    ("verb", "told"),
    [
        (holding.reword, words()),
        (holding.hold, {}),
        (holding.release, {}),
        (holding.send_now, {}),
        (holding.cancel, {"reason": "x", "is_untold": True}),
    ],
)
def test_a_mail_that_does_not_wait_is_changed_by_nobody(verb, told, status):
    message = make_message()
    Message.objects.update(status=status, sent_at=NOW)
    with pytest.raises(NotAllowed):
        do(verb, message, **told)
    assert (Message.objects.get().status, message.application.events.filter(name__startswith="mail.").count()) == (
        status,
        0,
    )


def test_a_held_mail_never_leaves_by_itself():
    message = do(holding.hold, make_message(), reason="Let me ask Max.")
    assert delivery.sweep(clock=lambda: NOW + timedelta(days=30)) == 0
    assert (message.status, message.error) == (Status.HELD, "Held back by Rita Recruiter. Let me ask Max.")


def test_a_released_mail_leaves_at_its_time():
    message = do(holding.release, do(holding.hold, make_message()))
    assert delivery.deliver(message.pk, at=LATER) is None
    assert sent(message).to == [message.application.candidate.email]


def test_a_mail_that_waits_can_leave_at_once_and_asks_from_then_on():
    asked = make_ask(make_application(Stage.REFERENCES), wait=WAIT)
    message = do(holding.send_now, asked.messages.get())
    assert delivery.deliver(message.pk, at=LATER) == "sent"
    assert Ask.objects.get().opens_at == LATER


def test_a_mail_that_says_what_happened_is_cancelled_only_by_who_knows_what_that_means():
    message = make_message()
    with pytest.raises(NotAllowed, match="not told what was decided"):
        do(holding.cancel, message, reason="Called them")
    message = do(holding.cancel, message, reason="Called them", is_untold=True)
    assert (message.status, message.error) == (Status.CANCELLED, "Cancelled by Rita Recruiter: Called them")
    assert message.application.events.last().data["reason"] == "Called them"


def test_cancelling_needs_a_reason():
    with pytest.raises(NotAllowed, match="Say why"):
        do(holding.cancel, make_message("candidates/received"), reason=" ")


@pytest.mark.django_db(transaction=True)
def test_of_a_person_who_holds_it_and_the_worker_who_sends_it_one_is_first():
    message = make_message(wait=timedelta(0))
    make_user()
    refused, _left = together(lambda: do(holding.hold, message), lambda: delivery.deliver(message.pk, at=LATER))
    expected = (Status.SENT, 1) if isinstance(refused, NotAllowed) else (Status.HELD, 0)
    assert (Message.objects.get().status, len(outbox.outbox)) == expected
