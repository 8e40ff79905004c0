"""The page Engine: administrators see how it goes, and decide on what waits for a person."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.timezone import now

from ats.automation.builders import make_rule
from ats.automation.models import Firing
from ats.engine import looking, restoring
from ats.engine import tasks as engine
from candidates import pipeline
from candidates.builders import make_application
from candidates.people.actors import Actor
from candidates.people.models import Document, DocumentText
from candidates.post import mail
from candidates.post.models import Message

pytestmark = pytest.mark.django_db
Status = Message.Status
PAGE = "/desk/engine/"


@pytest.fixture(autouse=True)
def beside(settings, tmp_path):
    settings.DOCUMENTS_DIR = str(tmp_path / "beside")
    cache.clear()


@pytest.fixture
def ada(admin, client):
    client.force_login(admin)
    return client


def stuck(status, key="k", **fields):
    message = mail.queue(make_application(), "candidates/withdrawn", key=key, at=now())
    Message.objects.filter(pk=message.pk).update(status=status, claimed_at=now(), **fields)
    message.refresh_from_db()
    return message


def settle(client, what, row, verb):
    return client.post(reverse("desk:engine_settle", args=[what, row.pk]), {"verb": verb}, follow=True)


def test_each_part_is_told_in_words(ada):
    engine.beat()
    page = ada.get(PAGE).content.decode()
    assert "answers, and fits this version" in page
    assert "gave a sign of life" in page
    assert "Nothing. Mails in doubt" in page


def test_a_silent_heart_is_told(ada):
    engine.beat()
    with time_machine.travel(now() + timedelta(minutes=3)):
        assert "silent: start them again; nothing is lost meanwhile" in ada.get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["rita", "manager"])
def test_it_is_for_administrators(request, client, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == client.get(f"{PAGE}state/").status_code == 403
    assert client.post(f"{PAGE}hold/").status_code == 403


def test_a_mail_in_doubt_is_settled_here(ada):
    message = stuck(Status.UNCERTAIN, error="The worker ended while sending.")
    page = ada.get(PAGE).content.decode()
    assert "The worker ended while sending." in page
    settle(ada, "mail", message, "was_sent")
    message.refresh_from_db()
    assert message.status == Status.SENT


@pytest.mark.parametrize(("verb", "becomes"), [("send_again", Status.QUEUED), ("let_go", Status.CANCELLED)])
def test_a_mail_that_failed_is_sent_again_or_let_go(ada, verb, becomes):
    message = stuck(Status.FAILED)
    settle(ada, "mail", message, verb)
    message.refresh_from_db()
    assert message.status == becomes


def test_what_somebody_settled_meanwhile_is_told(ada):
    message = stuck(Status.SENT, sent_at=now())
    assert "Somebody settled this mail meanwhile." in settle(ada, "mail", message, "let_go").content.decode()


@pytest.mark.parametrize(
    ("what", "pk", "verb"),
    [
        ("mail", "7", "let_go"),
        ("mail", "x-y", "let_go"),
        ("document", "9" * 30, "read_again"),
        ("document", "x", "read_again"),
        ("rule", "1", "let_go"),
        ("mail", "6f1e1f0c-7a5b-4e53-9a57-000000000000", "let_go"),
        ("mail", "6f1e1f0c-7a5b-4e53-9a57-000000000000", "\x00\ud800"),
    ],
)
def test_nonsense_is_not_found(ada, what, pk, verb):
    assert ada.post(f"{PAGE}{what}/{pk}/", {"verb": verb.encode(errors="replace")}).status_code == 404


def test_a_document_is_read_again(ada):
    document = Document.objects.create(
        application=make_application(), kind=Document.Kind.RESUME, name="cv.pdf", content_type="application/pdf",
        at=now(), size=1, sha256="0", file=ContentFile(b"x", "cv.pdf"),
    )  # fmt: skip
    words = DocumentText.objects.create(document=document, state=DocumentText.State.FAILED, next_try_at=now())
    settle(ada, "document", words, "read_again")
    words.refresh_from_db()
    assert words.state == DocumentText.State.WAITING


def test_a_rule_that_could_not_act_stands_here_with_its_reason(ada):
    Firing.objects.create(
        application=make_application(), rule_name="Go on", occasion="event:1", at=now(), outcome=Firing.Outcome.FAILED,
        reason="Nobody reads letters for this job.",
    )  # fmt: skip
    assert "Nobody reads letters for this job." in ada.get(PAGE).content.decode()


def test_a_held_mail_is_released_but_no_decision_is_let_go_untold(ada):
    message = stuck(Status.HELD, error="Held back by Rita.")
    assert "not told what was decided" in settle(ada, "mail", message, "let_go").content.decode()
    settle(ada, "mail", message, "release")
    message.refresh_from_db()
    assert message.status == Status.QUEUED


@pytest.mark.parametrize(("verb", "becomes"), [("try_again", "taken"), ("let_go", "dismissed")])
def test_a_rule_that_could_not_act_is_tried_again_or_let_go(ada, verb, becomes):
    application = make_application()
    rule = make_rule(application.plan, when="event", event="document.added", conditions=[], then="note")
    event = application.events.latest("pk")
    told = {"occasion": f"event:{event.pk}", "event": event, "outcome": "failed", "at": now(), "rule_name": rule.name}
    firing = Firing.objects.create(rule=rule, application=application, **told)
    assert "Try again" in ada.get(PAGE).content.decode()
    settle(ada, "rule", firing, verb)
    firing.refresh_from_db()
    assert firing.outcome == becomes
    assert application.notes.count() == (verb == "try_again")


def test_what_no_rule_has_looked_at_is_told_with_its_age():
    application = make_application()
    make_rule(application.plan, when="event", event="document.added", conditions=[], then="note")
    event = pipeline.record(application, "document.added", at=now(), by=Actor.candidate("Cara"))
    [due] = [one for one in looking.due(at=now()) if one.kind.name == "rules"]
    assert due.since == event.at


def test_a_held_outbox_shows_what_waits_and_goes_on(ada):
    engine.beat()
    message = stuck(Status.QUEUED)
    ada.post(f"{PAGE}hold/")
    assert "1 mail was due before that." in ada.get(PAGE).content.decode()
    assert "Choose how to go on." in ada.post(f"{PAGE}go-on/", {"choice": "\x00"}, follow=True).content.decode()
    ada.post(f"{PAGE}go-on/", {"choice": "send"})
    message.refresh_from_db()
    assert (message.status, restoring.is_held()) == (Status.QUEUED, None)


def test_the_home_leads_here_when_something_needs_a_person(ada):
    before = ada.get("/admin/").content.decode()
    stuck(Status.UNCERTAIN)
    after = ada.get("/admin/").content.decode()
    assert ("Something in the engine waits" in before, "Something in the engine waits" in after) == (False, True)


def test_looking_writes_nothing_and_asks_the_same_for_one_as_for_many(ada, django_assert_max_num_queries):
    for number in range(6):
        stuck(Status.FAILED, f"k{number}")
    with django_assert_max_num_queries(45):
        ada.get(PAGE)
