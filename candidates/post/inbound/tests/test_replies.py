"""What somebody writes to us: found its place, read, kept once, told."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Ask, Document, Event, Message, Reply
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post.inbound import actions, addresses, quoting, reading
from candidates.post.inbound.tests.letters import id_of, letter, parts, sent_mail, take
from candidates.tests.test_pipeline import make_ask
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
State = Reply.State
PDF = "JVBERi0xLjQKJSVFT0YK"  # %PDF-1.4 ... %%EOF
CV = (
    "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=cv.pdf\r\n"
    f"Content-Transfer-Encoding: base64\r\n\r\n{PDF}"
)


@pytest.fixture(autouse=True)
def own_address(settings):
    settings.REPLY_ADDRESS = "reply@in.rapport.test"
    settings.DEFAULT_FROM_EMAIL = "jobs@rapport.test"


def cara(**fields):
    return make_application(candidate=make_candidate("Cara", email="cara@example.org"), **fields)


def test_an_answer_lands_on_the_application_of_the_mail_that_it_answers():
    message = sent_mail()
    reply = take(letter(in_reply_to=id_of(message)))
    assert (reply.state, reply.application, reply.answers) == (State.TAKEN, message.application, message)
    assert reply.text == "Yes, gladly."


def test_an_answer_is_known_by_the_id_that_a_provider_gave_our_mail():
    message = sent_mail(message_id="<abc@provider.example>")
    assert take(letter(in_reply_to=None, references="<x@y> <abc@provider.example>")).answers == message


def test_an_answer_is_known_by_the_address_that_it_went_to():
    message = sent_mail()
    assert take(letter(to=addresses.reply_address(message))).answers == message


def test_the_address_for_answers_is_short_and_survives_small_letters():
    address = addresses.reply_address(sent_mail())
    assert len(address.partition("@")[0]) <= 64
    assert address == address.lower()


def test_a_forged_address_for_answers_leads_nowhere():
    address = addresses.reply_address(sent_mail())
    forged = address.replace(address[20], "a" if address[20] != "a" else "b")
    assert take(letter(to=forged)).state == State.UNKNOWN


def test_addresses_signed_before_the_key_was_changed_still_lead_home(settings):
    message = sent_mail()
    address = addresses.reply_address(message)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert take(letter(to=address)).answers == message


def test_without_a_reference_the_senders_one_open_application_is_taken_and_marked_so():
    application = cara()
    reply = take(letter())
    assert (reply.application, reply.answers) == (application, None)
    assert "address alone" in reply.why


def test_who_has_two_open_applications_is_left_to_a_person():
    first = cara()
    make_application(candidate=first.candidate, job=make_job("Team lead"))
    assert take(letter()).state == State.UNKNOWN


def test_whom_nobody_knows_is_left_to_a_person():
    assert take(letter(sender="who@example.com")).state == State.UNKNOWN


def test_the_same_mail_twice_is_one():  # F18
    raw = letter(in_reply_to=id_of(sent_mail()))
    assert take(raw) == take(raw)
    assert (Reply.objects.count(), Event.objects.filter(name="mail.replied").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_by_two_workers_is_one():  # F18
    raw = letter(in_reply_to=id_of(sent_mail()))
    first, second = together(lambda: take(raw), lambda: take(raw))
    assert first == second
    assert (Reply.objects.count(), Document.objects.count()) == (1, 1)


def test_a_mail_without_an_id_is_known_by_its_bytes():
    raw = letter(message_id=None)
    assert take(raw) == take(raw)


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated; x=y"},
        {"x_autoreply": "yes"},
        {"precedence": "bulk"},
        {"precedence": "auto_reply"},
        {"list_id": "<news.example.org>"},
        {"return_path": "<>"},
        {"subject": "Automatic reply: Your application"},
        {"subject": "Re: Out of office until Monday"},
        {"subject": "=?utf-8?q?Abwesenheitsnotiz=3A_Bin_im_Urlaub?="},
        {"subject": "=?utf-8?q?R=C3=A9ponse_automatique?="},
        {"kind": "multipart/report; report-type=disposition-notification; boundary=b"},
        {"sender": "jobs@rapport.test"},
    ],
)
def test_what_a_machine_wrote_is_kept_and_tells_nobody(headers):
    reply = take(
        letter("--b\r\n\r\nRead.\r\n--b--" if "kind" in headers else "Away.", in_reply_to=id_of(sent_mail()), **headers)
    )
    assert (reply.state, bool(reply.why)) == (State.IGNORED, True)
    assert not Message.objects.filter(template="candidates/replied").exists()


@pytest.mark.parametrize(
    "headers", [{"auto_submitted": "no"}, {"subject": "I am out of the office next week, is that fine?"}]
)
def test_what_a_person_wrote_is_no_machines(headers):
    assert take(letter(in_reply_to=id_of(sent_mail()), **headers)).state == State.TAKEN


def test_a_hundred_mails_within_an_hour_are_a_loop_and_set_aside():  # F18
    message = sent_mail()
    Reply.objects.bulk_create(
        Reply(message_id=str(n), way="webhook", sender="cara@example.org", received_at=NOW, state=State.IGNORED)
        for n in range(100)
    )
    late = letter(in_reply_to=id_of(message))
    assert take(late).state == State.IGNORED
    assert take(letter(message_id="<2@x>"), at=NOW + timedelta(hours=2)).state == State.UNKNOWN


def test_the_recruiters_are_told_once_and_read_no_word_of_it_in_a_mail():
    message = sent_mail()
    for number in range(3):
        take(letter(f"Secret {number}", in_reply_to=id_of(message), message_id=f"<{number}@x>"))
    (told,) = Message.objects.filter(template="candidates/replied")
    assert told.to == make_user().email
    assert "Secret" not in str(told.data)


def test_who_reads_the_digest_gets_no_mail_for_each():
    make_user().__class__.objects.update(reminded_in_digest=True)
    take(letter(in_reply_to=id_of(sent_mail())))
    assert not Message.objects.filter(template="candidates/replied").exists()


def test_the_candidates_file_becomes_a_document():
    message = sent_mail()
    reply = take(parts("Content-Type: text/plain\r\n\r\nMy CV.", CV, in_reply_to=id_of(message)))
    (kept,) = message.application.documents.all()
    assert reply.files == [{"name": "cv.pdf", "size": 15, "document": kept.pk}]
    assert reply.text == "My CV."


def test_a_file_of_somebody_else_is_named_and_not_kept():
    ask = make_ask(make_application(), template="candidates/received")
    (message,) = Message.objects.filter(ask=ask)
    reply = take(parts(CV, sender="ida@example.org", in_reply_to=id_of(message)))
    assert (reply.of_candidate, reply.files[0]["document"]) == (False, None)


def test_a_file_that_we_do_not_take_is_named():
    odd = CV.replace(PDF, "TVqQAAMAAAA=").replace("cv.pdf", "run.exe")
    reply = take(parts(odd, in_reply_to=id_of(sent_mail())))
    assert reply.files == [{"name": "run.exe", "size": 8, "document": None}]


def test_a_file_that_came_by_address_alone_waits_for_a_person():
    application = cara()
    reply = take(parts("Content-Type: text/plain\r\n\r\nHere.", CV))
    assert not application.documents.exists()
    actions.place(reply, application, of_candidate=True, at=NOW, by=Actor.person(make_user()))
    assert application.documents.get().name == "cv.pdf"


def test_a_colleague_places_what_nobody_knew_once():
    application = make_application()
    reply, by = take(letter(sender="who@example.com")), Actor.person(make_user())
    actions.place(reply, application, of_candidate=False, at=NOW, by=by)
    reply.refresh_from_db()
    assert (reply.state, reply.application) == (State.TAKEN, application)
    with pytest.raises(NotAllowed):
        actions.place(reply, make_application(), of_candidate=False, at=NOW, by=by)


def test_a_reply_of_who_was_asked_about_the_candidate_is_not_the_candidates():
    application = cara()
    make_ask(application, email="cara@example.org")
    assert take(letter()).of_candidate is False


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\0\0",
        b"no headers at all",
        letter("text without a boundary", kind="multipart/mixed"),
        letter("x", kind='multipart/mixed; boundary="never"'),
        parts(*["Content-Type: text/plain\r\n\r\nx"] * 300),
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(1500)),
    ],
    ids=["empty", "nul", "no headers", "no boundary", "no part", "too many parts", "too deep"],
)
def test_a_broken_mail_is_quarantined_with_its_bytes(raw):
    reply = take(raw)
    assert (reply.state, bool(reply.why)) == (State.QUARANTINED, True)
    assert kept(reply) == raw


def kept(reply):
    if reply.raw is None:
        return b""
    with reply.raw.file.open("rb") as file:
        return file.read()


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "\0\ud800".encode("utf-8", "replace").decode() + "<<<>>>@,;:"},
        {"subject": "=?utf-8?b?!!!?= =?nope?q?x?="},
        {"subject": "x" * 100_000},
        {"message_id": "<" + "m" * 5000 + ">"},
        {"in_reply_to": "<" * 5000},
        {"kind": "text/plain; charset=martian"},
        {"content_transfer_encoding": "base64"},
        {"references": "<a@b> " * 20_000},
    ],
)
def test_odd_headers_lose_no_mail(headers):
    assert take(letter("Hello\0 there", **headers)).pk


def test_what_the_database_cannot_keep_is_cleaned():
    reply = take(letter("a\0b\r\nc\x07"))
    assert reply.text == "ab\nc"


def test_what_the_database_refuses_for_good_is_set_aside_and_stops_nothing_behind_it(monkeypatch):
    monkeypatch.setattr(reading, "clean", str)  # as if we had missed something
    reply = take(letter("A\0B"))
    assert (reply.state, reply.why) == ("quarantine", actions.ODD)


def test_a_long_text_is_kept_up_to_a_bound_and_says_so():
    reply = take(letter("x" * 200_000))
    assert (len(reply.text) < 100_010, reply.text.endswith("[…]")) == (True, True)


def test_the_words_of_html_are_kept_without_its_code():
    html = (
        "<style>p{}</style><p>Hello&nbsp;<b>you</b></p><script>alert(1)</script>a &lt;b&gt;<blockquote>Old</blockquote>"
    )
    assert quoting.split(reading.from_html(html)).said == "Hello you\na <b>"


def test_the_database_away_is_told_so_that_the_mail_is_brought_again(monkeypatch):
    def away(*args, **fields):
        raise OperationalError

    monkeypatch.setattr(Reply.objects, "get_or_create", away)
    with pytest.raises(OperationalError):
        take(letter())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes.\n\nOn Mon, 7 Jan 2030 at 10:00, Rapport <a@b> wrote:\n> Can you?\n> Rita", "Yes."),
        ("Ja.\n\nAm Mo., 7. Jan. 2030 um 10:00 Uhr schrieb Rapport\n<a@b>:\n> Geht es?", "Ja."),
        ("Yes.\n\n-----Original Message-----\nFrom: A\nSent: B\n\nCan you?", "Yes."),
        ("Yes.\n\nFrom: Rapport\nSent: Monday\nTo: me\n\nCan you?", "Yes."),
        ("Yes.\n> Can you?", "Yes."),
        ("> Can you?\nYes.\n> And then?\nNo.", "> Can you?\nYes.\n> And then?\nNo."),
        ("On Mon, somebody wrote:\n> Can you?\n\nYes, below.", "On Mon, somebody wrote:\n> Can you?\n\nYes, below."),
        ("> only a quote", "> only a quote"),
        ("From: here I can come by bike.", "From: here I can come by bike."),
        ("On Monday I wrote: nothing.", "On Monday I wrote: nothing."),
    ],
)
def test_what_is_quoted_below_is_told_apart_and_in_doubt_nothing_is(text, said):
    assert quoting.split(text).said == said
    assert Ask.objects.count() == 0
