"""The outbox: once per cause, never lost, never twice for what must not come twice."""

import smtplib
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail as outbox
from django.db import transaction

from candidates.builders import NOW, make_application
from candidates.models import Message, Stage
from candidates.post import asks, delivery, mail, rendering
from candidates.post.sending import claiming, outcomes
from candidates.post.sending.failures import Failure
from candidates.tests.test_pipeline import make_ask
from candidates.tests.together import together

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def sender(settings):
    settings.DEFAULT_FROM_EMAIL = "Rapport <jobs@rapport.test>"


def make_message(application=None, **fields):
    return mail.queue(application or make_application(), "candidates/rejected", **{"key": "k", "at": NOW} | fields)


class BrokenServer:
    """A mail connection that raises `error` for every mail until it is told to stop."""

    def __init__(self, error):
        self.error = error

    def open(self):
        pass

    def send_messages(self, _mails):
        raise self.error

    def close(self):
        pass


def status():
    return Message.objects.get().status


@pytest.mark.django_db
def test_a_cause_mails_once():
    application = make_application()
    make_message(application)
    make_message(application)
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_a_mail_goes_to_the_candidate_with_text_and_html_and_its_own_message_id():
    message = make_message()
    assert delivery.deliver(message.pk, at=NOW) == "sent"
    sent = outbox.outbox[0]
    assert sent.to == [message.application.candidate.email]
    assert sent.extra_headers["Message-ID"] == f"<{message.pk}@rapport.test>"
    assert [kind for _content, kind in sent.alternatives] == ["text/html"]
    assert parseaddr(sent.from_email)[1].endswith("@rapport.test")


@pytest.mark.django_db
def test_what_is_kept_of_a_mail_is_what_was_sent_without_the_personal_link():
    ask = make_ask(make_application(Stage.SCREENING))
    message = ask.messages.get()
    delivery.deliver(message.pk, at=NOW)
    sent, kept = outbox.outbox[0].body, Message.objects.get().text
    assert "/link/" in sent
    assert "/link/" not in kept
    assert rendering.LINK in kept


@pytest.mark.django_db
def test_the_preview_is_the_mail():
    message = make_message()
    preview = rendering.render(message)
    delivery.deliver(message.pk, at=NOW)
    kept = Message.objects.get()
    assert (kept.subject, kept.text) == (preview.subject, preview.text)


@pytest.mark.django_db
def test_a_mail_that_waits_for_an_undo_does_not_leave_before():
    message = make_message(wait=10 * MINUTE)
    assert delivery.deliver(message.pk, at=NOW + 9 * MINUTE) is None
    assert delivery.deliver(message.pk, at=NOW + 10 * MINUTE) == "sent"


@pytest.mark.django_db
def test_a_mail_about_an_ask_that_was_answered_meanwhile_is_cancelled():
    ask = make_ask(make_application(Stage.SCREENING))
    asks.close(ask, at=NOW)
    assert delivery.deliver(ask.messages.get().pk, at=NOW) == "cancelled"
    assert outbox.outbox == []


@pytest.mark.django_db
def test_a_corrected_address_counts_for_a_mail_that_is_waiting():  # F19
    message = make_message()
    candidate = message.application.candidate
    candidate.email = "right@example.org"
    candidate.save(update_fields=["email"])
    delivery.deliver(message.pk, at=NOW)
    assert (outbox.outbox[0].to, Message.objects.get().to) == (["right@example.org"], "right@example.org")


@pytest.mark.django_db(transaction=True)
def test_a_doorbell_rung_by_five_workers_at_once_sends_one_mail():  # F8
    message = make_message()
    results = together(*[lambda: delivery.deliver(message.pk, at=NOW)] * 5)
    assert sorted(map(str, results)) == ["None"] * 4 + ["sent"]
    assert len(outbox.outbox) == 1


@pytest.mark.django_db
def test_a_doorbell_rung_again_after_the_mail_left_sends_nothing():
    message = make_message()
    assert [delivery.deliver(message.pk, at=NOW + n * MINUTE) for n in range(5)] == ["sent", None, None, None, None]


@pytest.mark.django_db
def test_a_worker_that_died_is_followed_by_another_after_the_lease_with_the_same_message_id():  # F4
    message = make_message()
    assert delivery.claim(message.pk, at=NOW)
    assert delivery.sweep(clock=lambda: NOW + MINUTE) == 0
    assert delivery.sweep(clock=lambda: NOW + delivery.LEASE + MINUTE) == 1
    assert outbox.outbox[0].extra_headers["Message-ID"] == f"<{message.pk}@rapport.test>"


@pytest.mark.django_db
def test_a_worker_that_took_longer_than_its_lease_does_not_overwrite_the_next_one():
    message = make_message()
    slow = delivery.claim(message.pk, at=NOW)
    delivery.sweep(clock=lambda: NOW + delivery.LEASE + MINUTE)
    outcomes.write_failed(message, slow, OSError("too late"), Failure(is_final=True), at=NOW)
    assert status() == "sent"


@pytest.mark.django_db
def test_a_solemn_mail_whose_worker_died_is_left_to_a_person():  # F5
    message = make_message(solemn=True)
    claiming.announce(delivery.claim(message.pk, at=NOW), at=NOW)
    late = NOW + delivery.LEASE + MINUTE
    assert delivery.sweep(clock=lambda: late) == 0
    assert (status(), outbox.outbox) == ("uncertain", [])


@pytest.mark.django_db
@pytest.mark.parametrize(("solemn", "expected"), [(True, "uncertain"), (False, "queued")])
def test_a_time_out_after_the_data_is_tried_again_unless_the_mail_is_solemn(solemn, expected):  # F15
    message = make_message(solemn=solemn)
    assert delivery.deliver(message.pk, at=NOW, connection=BrokenServer(TimeoutError())) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("solemn", [True, False])
def test_a_server_that_refuses_the_connection_is_tried_again(solemn):
    message = make_message(solemn=solemn)
    assert delivery.deliver(message.pk, at=NOW, connection=BrokenServer(ConnectionRefusedError())) == "queued"
    assert Message.objects.get().next_try_at == NOW + claiming.FIRST_PAUSE


@pytest.mark.django_db
def test_pauses_grow_to_an_hour_and_after_five_days_the_mail_has_visibly_failed():  # F13
    message, at, pauses = make_message(), NOW, []
    while delivery.deliver(message.pk, at=at, connection=BrokenServer(ConnectionRefusedError())) == "queued":
        pauses.append(Message.objects.get().next_try_at - at)
        at += pauses[-1]
    assert pauses[:3] == [30 * timedelta(seconds=1), MINUTE, 2 * MINUTE]
    assert max(pauses) == claiming.LONGEST_PAUSE
    assert outcomes.GIVE_UP_AFTER < at - NOW < outcomes.GIVE_UP_AFTER + DAY / 12
    assert status() == "failed"
    assert "ConnectionRefusedError" in Message.objects.get().error


@pytest.mark.django_db
def test_an_address_that_the_server_refuses_for_good_fails_at_once():  # F14
    message = make_message()
    gone = smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"no such user")})
    assert delivery.deliver(message.pk, at=NOW, connection=BrokenServer(gone)) == "failed"


@pytest.mark.django_db
def test_one_broken_mail_does_not_hold_up_the_others():  # F11
    application = make_application()
    for number in range(20):
        make_message(application, key=f"k{number}")
    Message.objects.filter(key="k7").update(template="candidates/there-is-no-such-mail")
    assert delivery.sweep(clock=lambda: NOW) == 19
    assert Message.objects.get(key="k7").status == "queued"


@pytest.mark.django_db
def test_a_server_that_is_away_costs_a_sweep_three_tries(monkeypatch):
    application = make_application()
    for number in range(20):
        make_message(application, key=f"k{number}")
    monkeypatch.setattr(delivery, "get_connection", lambda: BrokenServer(ConnectionRefusedError()))
    assert delivery.sweep(clock=lambda: NOW) == 0
    assert Message.objects.filter(attempts=1).count() == 3


@pytest.mark.django_db
def test_a_verb_that_rolls_back_mails_nobody(django_capture_on_commit_callbacks):
    application = make_application()
    with django_capture_on_commit_callbacks() as rings, transaction.atomic():
        make_message(application)
        transaction.set_rollback(True)
    assert (Message.objects.count(), rings) == (0, [])


@pytest.mark.django_db
def test_a_subject_is_one_line_whatever_stands_in_it():  # V18
    application = make_application()
    application.job.title = "Support\r\nBcc: everyone@example.org"
    message = make_message(application)
    message.application = application
    assert "\n" not in rendering.render(message).subject
