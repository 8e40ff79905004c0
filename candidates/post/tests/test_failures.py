"""What a server's answer means: for good, later, in doubt; and whether the others would fare alike."""

import smtplib

import pytest
import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.core.mail import EmailMultiAlternatives, get_connection
from urllib3.exceptions import NewConnectionError

from candidates.builders import NOW, make_application
from candidates.models import Message
from candidates.post import delivery, mail
from candidates.post.sending import smtp
from candidates.post.sending.failures import Failure, breaks_conversation, judge

FINAL, LATER = Failure(is_final=True), Failure()
AWAY, DOUBT = Failure(is_of_server=True), Failure(may_have_left=True, is_of_server=True)


def refused(code):
    return smtplib.SMTPRecipientsRefused({"x@example.org": (code, b"")})


@pytest.mark.parametrize(
    ("error", "was_offered", "meaning"),
    [
        (refused(550), False, FINAL),
        (refused(530), False, LATER),  # "authenticate first" is about us: every mail would fail for good
        (refused(452), False, LATER),
        (refused(421), False, AWAY),
        (smtplib.SMTPDataError(552, b"too large"), True, FINAL),
        (smtplib.SMTPDataError(451, b"greylisted"), True, LATER),
        (smtplib.SMTPSenderRefused(550, b"", "x"), False, AWAY),
        (smtplib.SMTPAuthenticationError(535, b""), False, AWAY),
        (smtplib.SMTPServerDisconnected(), False, AWAY),
        (smtplib.SMTPServerDisconnected(), True, DOUBT),
        (TimeoutError(), True, DOUBT),
        (TimeoutError(), False, AWAY),
        (ConnectionRefusedError(), True, AWAY),
        (ValueError("no address"), False, LATER),
    ],
)
def test_what_an_answer_by_smtp_means(error, was_offered, meaning):
    assert judge(error, was_offered=was_offered) == meaning


def test_an_answer_about_one_mail_does_not_end_the_conversation():
    errors = [refused(550), smtplib.SMTPDataError(554, b""), smtplib.SMTPDataError(421, b""), TimeoutError()]
    assert [breaks_conversation(error) for error in errors] == [False, False, True, True]


def never_reached():
    error = AnymailRequestsAPIError("Error posting")
    error.__cause__ = requests.ConnectionError(NewConnectionError(None, "refused"))
    return error


def answered(status):
    error = AnymailAPIError("no")
    error.status_code = status
    return error


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (AnymailRecipientsRefused(), FINAL),
        (answered(422), Failure(is_final=True)),
        (answered(401), AWAY),
        (answered(429), AWAY),
        (answered(503), AWAY),
        (answered(500), DOUBT),
        (AnymailRequestsAPIError("timed out"), DOUBT),
        (never_reached(), AWAY),
    ],
    ids=lambda one: repr(one)[:40],
)
def test_what_a_providers_answer_means(error, meaning):
    error.describe_response = lambda: ""
    assert judge(error, was_offered=True) == meaning


@pytest.mark.django_db
def test_a_provider_sends_and_its_name_for_the_mail_is_kept(settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    mail.queue(make_application(), "candidates/received", key="k", at=NOW, data={"days": 7})
    assert delivery.sweep(clock=lambda: NOW) == 1
    assert Message.objects.get().message_id == "0"  # as the backend of anymail's own tests calls its first mail


class Wire:
    """What a mail would be sent over: it keeps the bytes."""

    was_offered = False

    def sendmail(self, sender, readers, content):
        self.kept = (sender, readers, content)


def unmarked(content):
    """Without the mark between the parts, which is another for every mail."""
    mark = content.split(b'boundary="')[1].split(b'"')[0]
    return content.replace(mark, b"*").replace(b';\r\n boundary="', b'; boundary="')


def test_a_mail_put_into_bytes_ahead_is_the_one_that_django_makes():
    email = EmailMultiAlternatives("Grüße an alle, " * 9, "Hällo", "Rapport <jobs@rapport.test>", ["x@example.org"])
    email.extra_headers = {"Message-ID": "<a@b>", "Date": "now", "References": "<a@b> " * 30}
    email.attach_alternative("<p>Hällo</p>", "text/html")
    out = smtp.Backend()
    out.connection = Wire()
    out.prepare(email)
    out._send(email)
    assert unmarked(out.connection.kept[2]) == unmarked(email.message().as_bytes(linesep="\r\n"))


def test_the_server_has_nothing_of_a_mail_whose_content_it_was_not_offered():
    conversation = smtp.Conversation()
    conversation.was_offered = True
    with pytest.raises(smtplib.SMTPServerDisconnected):
        conversation.mail("x@example.org")
    assert not conversation.was_offered


def test_by_smtp_mails_leave_by_our_own_backend(settings):
    settings.EMAIL_BACKEND = "candidates.post.sending.smtp.Backend"
    assert isinstance(get_connection(), smtp.Backend)
