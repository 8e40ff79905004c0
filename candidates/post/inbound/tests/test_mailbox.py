"""Answers out of a mailbox: each taken once, the broken ones aside, a server that breaks off costs nothing."""

import pytest
from django.db import OperationalError

from candidates.builders import NOW
from candidates.models import Reply
from candidates.post.inbound import actions, mailbox
from candidates.post.inbound.tests.imap import Server
from candidates.post.inbound.tests.letters import id_of, letter, sent_mail

pytestmark = pytest.mark.django_db
State = Reply.State


@pytest.fixture(autouse=True)
def own_mailbox(settings):
    settings.DEFAULT_FROM_EMAIL = "jobs@rapport.test"
    settings.REPLY_MAILBOX = {"host": "x", "port": 993, "user": "u", "password": "secret", "folder": "INBOX"}


def poll(server):
    return mailbox.poll(clock=lambda: NOW, connect=server.connect)


def mails(number):
    return [letter(f"Mail {one}", message_id=f"<{one}@x>") for one in range(number)]


def test_new_mails_come_in_and_are_marked_as_read():
    message = sent_mail()
    with Server(letter(in_reply_to=id_of(message)), letter(message_id="<2@x>")) as server:
        assert poll(server) == 2
        assert server.seen == {1, 2}
    assert set(Reply.objects.values_list("state", flat=True)) == {State.TAKEN, State.UNKNOWN}


def test_what_was_read_is_not_fetched_again():
    with Server(*mails(1)) as server:
        poll(server)
        assert poll(server) == 0
        assert server.fetched == [(1, True)]


def test_a_broken_mail_lets_those_behind_it_in():
    with Server(b"nothing like a mail", *mails(2)) as server:
        assert poll(server) == 3
    assert Reply.objects.filter(state=State.QUARANTINED).count() == 1


def test_a_mail_of_thirty_megabytes_is_not_fetched_and_stands_there():
    with Server(*mails(2)) as server:
        server.sizes[1] = 30 * 1024 * 1024
        poll(server)
        assert server.fetched == [(1, False), (2, True)]
    large = Reply.objects.get(state=State.QUARANTINED)
    assert (large.size, "25 MB" in large.why) == (30 * 1024 * 1024, True)


def test_a_server_that_hangs_up_keeps_its_mails_for_the_next_turn():
    with Server(*mails(3), breaks=[2]) as server:
        assert poll(server) == 1
        server.breaks.clear()
        assert poll(server) == 2
    assert Reply.objects.count() == 3


def test_a_worker_that_dies_before_the_mark_fetches_it_again_and_finds_it():
    with Server(*mails(1)) as server:
        poll(server)
        server.seen.clear()
        assert poll(server) == 1
    assert Reply.objects.count() == 1


def test_a_mail_that_cannot_be_kept_now_is_not_marked(monkeypatch):
    def away(*args, **fields):
        raise OperationalError

    with Server(*mails(1)) as server:
        monkeypatch.setattr(actions, "take", away)
        assert poll(server) == 0
        assert server.seen == set()
    assert "fetched again" in mailbox.last_look().error


def test_a_wrong_password_is_told(settings):
    settings.REPLY_MAILBOX |= {"password": "wrong"}
    with Server(*mails(1)) as server:
        assert poll(server) == 0
    assert "wrong password" in mailbox.last_look().error


def test_a_server_that_is_away_is_told():
    with Server() as server:
        gone = server.connect
    assert mailbox.poll(clock=lambda: NOW, connect=gone) == 0
    assert mailbox.last_look().error


def test_one_turn_takes_no_more_than_it_may(monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_AT_ONCE", 2)
    with Server(*mails(3)) as server:
        assert [poll(server), poll(server), poll(server)] == [2, 1, 0]


def test_without_a_mailbox_nobody_is_asked(settings):
    settings.REPLY_MAILBOX = {}
    assert mailbox.poll(clock=lambda: NOW, connect=lambda: pytest.fail("it connected")) == 0
