"""What is told of mails that left: once, in any order, and a mail that came back is somebody's task."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_user
from candidates.models import Ask, DeliveryReport, Event, Message, PoolMember, Reply, ToDo
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import mail
from candidates.post.inbound import returning
from candidates.post.inbound.returning import News
from candidates.post.inbound.tests.letters import id_of, letter, parts, sent_mail, take
from candidates.post.models import GRADING
from candidates.tests.test_pipeline import make_ask
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
Kind = DeliveryReport.Kind
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def own_address(settings):
    settings.DEFAULT_FROM_EMAIL = "jobs@rapport.test"


def news(kind=Kind.BOUNCED, *, key="1", **fields):
    told = {"provider": "Postmark", "happened_at": NOW, "address": "cara@example.org", "words": "550 no such user"}
    return News(key=key, kind=kind, **told | fields)


def tell(message, kind=Kind.BOUNCED, *, key="1", at=NOW, **fields):
    return returning.report(news(kind, key=key, **fields), message=message, at=at)


def bounce(message, *, action="failed", status="5.1.1", **headers):
    status = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
Final-Recipient: rfc822; cara@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
Diagnostic-Code: smtp; 550 no such user\r\n"
    copy = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {id_of(message)}\r\nSubject: Old\r\n\r\nWords"
    kind = "multipart/report; report-type=delivery-status"
    return parts(
        "Content-Type: text/plain\r\n\r\nSorry.", status, copy, kind=kind, sender="MAILER-DAEMON@x.org", **headers
    )


def flagged(message):
    message.refresh_from_db()
    return message.returned_at is not None


def test_a_mail_that_came_back_is_flagged_and_a_task_of_the_recruiters():
    message = sent_mail()
    tell(message)
    assert flagged(message)
    to_do = ToDo.objects.get()
    assert (to_do.kind, to_do.message, to_do.ask.user) == (ToDo.Kind.BOUNCE, message, make_user())
    assert "cara@example.org" in to_do.words
    assert Event.objects.filter(name="mail.returned").count() == 1


def test_twice_the_same_and_told_by_two_is_one_task():  # F16
    message = sent_mail()
    tell(message)
    tell(message)
    tell(message, key="2")
    assert (DeliveryReport.objects.count(), ToDo.objects.count()) == (2, 1)


@pytest.mark.parametrize("order", [(Kind.BOUNCED, Kind.DELIVERED), (Kind.DELIVERED, Kind.BOUNCED)])
def test_the_order_of_reports_changes_nothing(order):  # F16
    message = sent_mail()
    for number, kind in enumerate(order):
        tell(message, kind, key=str(number))
    assert flagged(message)


def test_what_comes_back_while_it_is_being_sent_is_kept():  # F16
    message = sent_mail(status=Message.Status.SENDING, sent_at=None)
    tell(message)
    assert (flagged(message), message.status) == (True, Message.Status.SENDING)


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_are_told_at_once_give_one_task():  # F16
    message = sent_mail()
    together(lambda: tell(message, key="1"), lambda: tell(message, key="2"), lambda: tell(message, key="1"))
    assert (ToDo.objects.count(), DeliveryReport.objects.count()) == (1, 2)


@pytest.mark.parametrize("kind", [Kind.DELIVERED, Kind.DEFERRED, Kind.OTHER])
def test_what_is_late_or_arrived_is_nobodys_task(kind):
    message = sent_mail()
    tell(message, kind)
    assert not flagged(message)
    assert not ToDo.objects.exists()


def test_a_report_on_a_mail_that_nobody_knows_is_kept():
    assert tell(None).message is None


def test_who_calls_a_mail_spam_gets_none_about_jobs():
    member = PoolMember.objects.create(
        candidate=make_candidate(email="cara@example.org"), consent_at=NOW, confirmed_at=NOW
    )
    tell(sent_mail(), Kind.COMPLAINED, at=LATER)
    member.refresh_from_db()
    assert member.left_at == LATER
    assert ToDo.objects.get().kind == ToDo.Kind.COMPLAINT


def test_the_mail_of_a_task_that_comes_back_is_no_task_again():
    tell(sent_mail())
    told = Message.objects.get(ask=ToDo.objects.get().ask)
    tell(told, key="2")
    assert (flagged(told), ToDo.objects.count()) == (True, 1)


def test_nobody_is_told_who_grades():
    ask = make_ask(
        make_application(), page=GRADING, template="candidates/received", email="gus@example.org", name="Gus"
    )
    tell(Message.objects.get(ask=ask), address="gus@example.org")
    to_do = ToDo.objects.get()
    assert "gus" not in f"{to_do.words} {to_do.ask.title}".lower()


def test_a_server_reports_by_mail():
    message = sent_mail()
    assert take(bounce(message)) is None
    report = DeliveryReport.objects.get()
    assert (report.kind, report.message, report.address) == (Kind.BOUNCED, message, "cara@example.org")
    assert "550 no such user" in report.told
    assert flagged(message)


def test_the_same_report_by_mail_twice_is_one():
    message = sent_mail()
    take(bounce(message))
    take(bounce(message))
    assert DeliveryReport.objects.count() == 1


def test_a_delay_by_mail_flags_nothing():
    message = sent_mail()
    take(bounce(message, action="delayed", status="4.4.1"))
    assert (DeliveryReport.objects.get().kind, flagged(message)) == (Kind.DEFERRED, False)


def test_a_complaint_comes_by_mail():
    message = sent_mail()
    told = "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nOriginal-Rcpt-To: cara@example.org\r\n"
    headers = f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id_of(message)}\r\nSubject: Old\r\n"
    take(parts(told, headers, kind="multipart/report; report-type=feedback-report"))
    assert (DeliveryReport.objects.get().kind, flagged(message)) == (Kind.COMPLAINED, True)


def test_an_old_fashioned_server_is_understood():
    message = sent_mail()
    text = f"Hi. This is the qmail-send program.\n<cara@example.org>: no mailbox\n\nMessage-ID: {id_of(message)}"
    take(letter(text, sender="MAILER-DAEMON@x.org"))
    assert flagged(message)
    assert not Reply.objects.exists()


def test_a_mail_that_came_back_goes_to_the_corrected_address():
    message = sent_mail()
    tell(message)
    Message.objects.filter(pk=message.pk).update(to=message.application.candidate.email)
    with pytest.raises(NotAllowed):
        returning.send_again(message, at=LATER, by=Actor.person(make_user()))
    message.application.candidate.email = "new@example.org"
    message.application.candidate.save()
    returning.send_again(message, at=LATER, by=Actor.person(make_user()))
    assert (flagged(message), message.status) == (False, Message.Status.QUEUED)


def test_what_nobody_waits_for_is_not_sent_again():
    ask = make_ask(make_application(), template="candidates/received")
    message = Message.objects.get(ask=ask)
    Message.objects.filter(pk=message.pk).update(status="sent", sent_at=NOW, returned_at=NOW)
    Ask.objects.filter(pk=ask.pk).update(cancelled_at=NOW, email="new@example.org")
    with pytest.raises(NotAllowed):
        returning.send_again(message, at=LATER, by=Actor.person(make_user()))


def test_a_mail_without_an_application_is_flagged_alone():
    told = {"to": "a@example.org", "language": "en", "zone": "UTC", "link": "pool:1"}
    message = mail.queue_to("sourcing/confirm", key="p", at=NOW, data={"name": "A", "is_member": False}, **told)
    tell(message)
    assert (flagged(message), ToDo.objects.exists()) == (True, False)
