"""Where the mail provider rings: its secret, its events, its mails; strangers and nonsense are refused."""

import base64
import json

import pytest
from django.db import OperationalError

from candidates.models import DeliveryReport, Reply
from candidates.post import mime, rendering
from candidates.post.inbound import actions, hooks, refused, views
from candidates.post.inbound.tests.letters import id_of, letter, sent_mail

pytestmark = pytest.mark.django_db
SECRET = "rapport:a-long-secret-of-ours"
State = Reply.State


@pytest.fixture(autouse=True)
def postmark(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL_WEBHOOK_SECRET = SECRET
    settings.DEFAULT_FROM_EMAIL = "jobs@rapport.test"


def ring(client, told, *, kind="tracking", secret=SECRET, provider="postmark", **how):
    body = told if isinstance(told, bytes | str) else json.dumps(told)
    key = base64.b64encode(secret.encode()).decode()
    how = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Basic {key}"} | how
    return client.post(f"/hooks/{provider}/{kind}/", body, **how)


def bounced(message, **fields):
    told = {"RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "MessageID": "abc", "Email": "cara@example.org"}
    told |= {"Description": "No such user", "Details": "550", "BouncedAt": "2030-01-07T09:00:00Z"}
    return told | {"Metadata": {"message": str(message.pk)}} | fields


def test_what_leaves_carries_the_key_by_which_its_bounce_is_known():
    message = sent_mail()
    made = mime.email(message, rendering.render(message), link="https://rapport.test/x")
    assert made.metadata == {hooks.KEY: str(message.pk)}


def came(raw):
    return {
        "RawEmail": raw.decode(),
        "FromFull": {"Email": "cara@example.org"},
        "OriginalRecipient": "jobs@rapport.test",
    }


def test_a_bounce_is_heard_and_found_by_our_own_key(client):
    message = sent_mail()
    assert ring(client, bounced(message)).status_code == 200
    message.refresh_from_db()
    assert (message.returned_at is not None, DeliveryReport.objects.get().message) == (True, message)


def test_a_bounce_is_found_by_the_id_that_the_provider_gave(client):
    message = sent_mail(message_id="abc")
    ring(client, bounced(message, Metadata={}))
    assert DeliveryReport.objects.get().message == message


def test_the_same_ring_twice_is_kept_once(client):  # F16
    told = bounced(sent_mail())
    ring(client, told)
    ring(client, told)
    assert DeliveryReport.objects.count() == 1


def test_who_opened_a_mail_is_not_kept(client):
    ring(client, {"RecordType": "Open", "MessageID": "abc", "Recipient": "cara@example.org"})
    assert not DeliveryReport.objects.exists()


def test_a_mail_comes_in(client):
    message = sent_mail()
    assert ring(client, came(letter(in_reply_to=id_of(message))), kind="inbound").status_code == 200
    reply = Reply.objects.get()
    assert (reply.state, reply.way, reply.application) == (State.TAKEN, Reply.Way.WEBHOOK, message.application)


@pytest.mark.parametrize("secret", ["", "rapport:wrong", "x" * 10_000])
def test_a_stranger_is_refused_counted_and_not_kept(client, secret):
    before = refused.count()
    assert ring(client, bounced(sent_mail()), secret=secret).status_code == 403
    assert (refused.count(), DeliveryReport.objects.exists()) == (before + 1, False)


def test_without_a_secret_the_address_does_not_exist(client, settings):
    settings.ANYMAIL_WEBHOOK_SECRET = ""
    assert ring(client, {}).status_code == 404


@pytest.mark.parametrize("where", [{"provider": "mailgun"}, {"kind": "nonsense"}, {"provider": "base"}])
def test_only_the_provider_in_use_is_listened_to(client, where):
    assert ring(client, {}, **where).status_code == 404


@pytest.mark.parametrize("told", [b"", b"\0", b"no json", b"[]", b"null", b'{"RecordType": {}}', b"[" * 100_000])
def test_nonsense_of_who_knows_the_secret_is_no_error(client, told):
    assert ring(client, told).status_code == 400
    assert not DeliveryReport.objects.exists()


def test_a_mail_that_makes_no_sense_is_quarantined(client):
    assert ring(client, b"no json", kind="inbound").status_code == 200
    assert Reply.objects.get().state == State.QUARANTINED


def test_a_mail_of_thirty_megabytes_is_refused_and_stands_there(client, monkeypatch):
    monkeypatch.setattr(views, "MOST_READ", 1000)
    assert ring(client, came(letter("x" * 2000)), kind="inbound").status_code == 413
    assert (Reply.objects.get().state, Reply.objects.get().raw) == (State.QUARANTINED, None)


def test_more_than_a_form_may_have_comes_in(client):
    large = letter("x" * 3_000_000, in_reply_to=id_of(sent_mail()))
    assert ring(client, came(large), kind="inbound").status_code == 200
    assert Reply.objects.get().state == State.TAKEN


def test_what_cannot_be_kept_now_is_rung_again(client, monkeypatch):
    def away(*args, **fields):
        raise OperationalError

    monkeypatch.setattr(actions, "take", away)
    assert ring(client, came(letter()), kind="inbound").status_code == 503


def test_some_ask_first_whether_anybody_is_there(client):
    assert client.head("/hooks/postmark/tracking/").status_code == 200
    assert client.get("/hooks/postmark/tracking/").status_code == 405


@pytest.mark.parametrize("provider", ["mailgun", "mailersend", "brevo", "mandrill", "amazon_ses"])
@pytest.mark.parametrize("kind", ["tracking", "inbound"])
def test_nonsense_for_any_provider_is_no_error_page(client, settings, provider, kind):
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = {f"{provider.upper()}_API_KEY": "key"}
    assert ring(client, b'{"a": 1}', provider=provider, kind=kind).status_code in (200, 400, 403, 503)
