"""The mail that is looked at is the mail that arrives: words, both parts and headers, over a real conversation."""

import socket
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import get_connection
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.company.models import Company
from candidates.models import Message, Stage
from candidates.post import delivery, mail, mime, rendering, threads
from candidates.post.builders import without_links
from candidates.post.models import GRADING
from candidates.post.texts import one_line
from candidates.tests.test_pipeline import make_ask

HOUR = timedelta(hours=1)
ONE = "[link]"


class Sink:
    """Keeps what arrives."""

    def __init__(self):
        self.arrived = []

    async def keep(self, _server, _session, envelope):
        self.arrived.append(envelope.content)
        return "250 OK"


@pytest.fixture
def sink():
    handler = Sink()
    handler.handle_DATA = handler.keep  # as aiosmtpd calls it
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def parts_of(raw):
    """Everything in a mail that its reader or their program reads, with one word for each personal link."""
    parsed = message_from_bytes(raw, policy=policy.default)
    headers = {name: value for name, value in parsed.items() if name not in ("Date", "Content-Type")}
    bodies = [(part.get_content_type(), part.get_content()) for part in parsed.walk() if not part.is_multipart()]
    told = [(kind, without_links(str(body), instead=ONE).replace(rendering.LINK, ONE)) for kind, body in bodies]
    return headers, told


@pytest.mark.django_db
@pytest.mark.parametrize("own", [None, {"subject": "Nö ☎", "text": "Liebe Cara,\n.\nnein\n\n{link}\nFrom here"}])
def test_what_is_looked_at_arrives_byte_for_byte(sink, own):
    handler, port = sink
    application = make_application(candidate=make_candidate("Çara <b>&", language="de"), job=make_job("Gäste & Co"))
    mail.queue(application, "candidates/received", key="first", at=NOW, data={"days": 3})
    delivery.deliver(Message.objects.get().pk, at=NOW)
    message = mail.queue(application, "candidates/rejected", key="x", at=NOW)
    Message.objects.filter(pk=message.pk).update(own_words=own)
    message = Message.objects.get(pk=message.pk)
    shown = mime.email(
        message, rendering.render(message), link=rendering.LINK, thread=threads.of([message])[message.pk]
    )
    backend = "django.core.mail.backends.smtp.EmailBackend"
    connection = get_connection(backend, host="127.0.0.1", port=port, username="", password="", use_tls=False)
    assert delivery.deliver(message.pk, at=NOW + HOUR, connection=connection) == "sent"
    connection.close()
    assert parts_of(handler.arrived[0].replace(b"\r\n", b"\n")) == parts_of(shown.message().as_bytes())
    kept = Message.objects.get(pk=message.pk)
    assert (kept.subject, kept.text, kept.html) == tuple(vars(rendering.render(message)).values())


def send(application, key, *, at=NOW):
    message = mail.queue(application, "candidates/received", key=key, at=at)
    delivery.deliver(message.pk, at=at)
    return Message.objects.get(pk=message.pk)


def thread_of(message):
    return threads.of([message]).get(message.pk, threads.NEW)


@pytest.mark.django_db
def test_the_first_mail_follows_on_none():
    assert thread_of(mail.queue(make_application(), "candidates/received", key="x", at=NOW)).headers == {}


@pytest.mark.django_db
def test_mails_about_one_application_to_one_address_are_one_conversation():
    application = make_application()
    first, second = send(application, "1"), send(application, "2", at=NOW + HOUR)
    third = mail.queue(application, "candidates/rejected", key="3", at=NOW)
    headers = thread_of(third).headers
    names = [threads.message_id(first), threads.message_id(second)]
    assert headers == {"In-Reply-To": names[1], "References": " ".join(names)}


@pytest.mark.django_db
def test_another_application_and_another_reader_begin_one_of_their_own():
    person, application = make_candidate(), None
    application = make_application(candidate=person)
    send(application, "1")
    other = mail.queue(make_application(candidate=person), "candidates/received", key="2", at=NOW)
    asked = make_ask(application)
    assert (thread_of(other), thread_of(asked.messages.get())) == (threads.NEW, threads.NEW)


@pytest.mark.django_db
def test_what_was_held_or_failed_is_no_part_of_it():
    application = make_application()
    mail.queue(application, "candidates/received", key="1", at=NOW)
    assert thread_of(mail.queue(application, "candidates/rejected", key="2", at=NOW)) == threads.NEW


@pytest.mark.django_db
def test_who_grades_blind_gets_mails_that_hang_on_none():
    application = make_application(Stage.INTERVIEWS)
    named = make_ask(application)
    delivery.deliver(named.messages.get().pk, at=NOW)
    blind = make_ask(application, page=GRADING, template="interviews/grade", data={"work": "Heron", "exercise": "x"})
    assert thread_of(blind.messages.get()) == threads.NEW
    delivery.deliver(blind.messages.get().pk, at=NOW + HOUR)
    assert threads.of_key(blind.messages.get().pk) not in str(thread_of(make_ask(application).messages.get()).headers)


@pytest.mark.django_db
def test_many_mails_ask_once_what_they_follow_on(django_assert_num_queries):
    asked = [make_ask(make_application(Stage.SCREENING)) for _number in range(5)]
    messages = list(Message.objects.filter(ask__in=asked).select_related("ask", "application__candidate"))
    with django_assert_num_queries(1):
        threads.of(messages)


@pytest.mark.django_db
def test_machines_are_told_not_to_answer():
    message = mail.queue(make_application(), "candidates/received", key="x", at=NOW)
    headers = mime.email(message, rendering.render(message)).extra_headers
    assert (headers["Auto-Submitted"], headers["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert "List-Unsubscribe" not in headers


def test_only_mails_to_the_talent_pool_can_be_unsubscribed_from():  # check 24
    links = ["", "pool:7", "draft:7", "interviewer:7", "referrer:7", "desk:7"]
    assert [bool(rendering.ways_out(Message(link=link), "https://x.example")) for link in links] == [
        *(False, True),
        *[False] * 4,
    ]


# of what could end a line or begin a header, much; of all other letters some
BREAKING = st.text(
    st.sampled_from('\r\n\v\f\0\x1c\x1d\x1e\x85\u2028\u2029: =?B"<>@,;é漢') | st.characters(codec="utf-8"), max_size=60
)


@settings(max_examples=25, deadline=None)
@given(BREAKING, BREAKING)
def test_no_words_begin_another_header(subject, company):  # V18
    message = Message(template="x/y", to="cara@example.org", language="en", zone="UTC", link="draft:7")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Company, "current", lambda: Company(name=company))
        made = mime.email(message, rendering.Mail(one_line(subject), "text", "<p>x</p>"), link="https://x.example")
        raw = made.message().as_bytes()
    names = [name.lower() for name, _value in message_from_bytes(raw).items()]
    assert sorted(names) == sorted(EXPECTED)


EXPECTED = ["content-type", "mime-version", "subject", "from", "to", "date", "message-id", "auto-submitted"]
EXPECTED += ["x-auto-response-suppress"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y"])
def test_an_address_with_a_line_end_is_refused(address):  # V18
    message = Message(template="x/y", to=address, language="en", zone="UTC", link="draft:7")
    made = mime.email(message, rendering.Mail("s", "t", "<p>x</p>"), link="https://x.example")
    with pytest.raises(ValueError, match=r"[Hh]eader|[Aa]ddress|newline"):
        made.message()


@pytest.mark.django_db
def test_replies_go_where_they_are_read(settings):
    settings.REPLY_ADDRESS = "replies@rapport.test"
    message = mail.queue(make_application(), "candidates/received", key="x", at=NOW)
    (address,) = mime.email(message, rendering.render(message)).reply_to
    assert address.startswith("replies+")
    settings.REPLY_ADDRESS = ""
    assert mime.email(message, rendering.render(message)).reply_to == []
