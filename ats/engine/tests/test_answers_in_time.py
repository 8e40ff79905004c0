"""Probes answer within seconds whatever is silent, and say what it is (check 39, F2, F39, F41)."""

import socket
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection

from ats.engine import bounded, health, heartbeat, looking, restoring, schema, sweeps, tasks
from candidates.builders import NOW, make_application
from candidates.post import mail
from candidates.post.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mute():
    """A server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def timed(client, address):
    began = time.monotonic()
    answer = client.get(address)
    return answer, time.monotonic() - began


def test_a_mute_broker_is_named_within_three_seconds(client, settings, mute):
    settings.REDIS_URL = f"redis://127.0.0.1:{mute}/0"
    answer, seconds = timed(client, "/healthz")
    assert (answer.status_code, answer.json()["gone"]) == (503, ["redis"])
    assert seconds < 3


def test_a_mute_database_is_named_within_three_seconds(client, monkeypatch, mute):
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", str(mute))
    answer, seconds = timed(client, "/readyz")
    assert (answer.status_code, answer.json()["stopping"]) == (503, ["database"])
    assert seconds < 3


def test_a_question_that_takes_too_long_is_given_up_and_its_connection_with_it():
    def look():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    began = time.monotonic()
    with pytest.raises(DatabaseError):
        bounded.within(look, seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_new_code_on_an_old_schema_is_not_ready_and_says_so(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ats' AND name LIKE '0003%'")
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'ats' ORDER BY name")
    try:
        answer = client.get("/readyz")
        (told,) = answer.json()["stopping"]
        assert (answer.status_code, "ats.0003_rules_and_engine missing" in told) == (503, True)
        assert client.get("/healthz").status_code == 503
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('ats', '0003_rules_and_engine', now())"
            )
    assert client.get("/readyz").status_code == 200


def test_old_code_on_a_newer_schema_is_ready():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ats', '9999_later', now())")
    assert schema.pending() == []


def test_what_waits_too_long_and_what_is_in_doubt_need_a_person():
    heartbeat.record(at=NOW)
    message = mail.queue(make_application(), "candidates/withdrawn", key="k", at=NOW)
    assert health.examine(at=NOW).is_well
    late = health.examine(at=NOW + timedelta(minutes=6))
    assert "mails wait for 360 s" in late.see_to
    Message.objects.filter(pk=message.pk).update(status="uncertain")
    assert health.examine(at=NOW).see_to == ["1 mails perhaps left: somebody decides"]


def test_a_mail_that_failed_is_news_for_a_day():
    heartbeat.record(at=NOW)
    message = mail.queue(make_application(), "candidates/withdrawn", key="k", at=NOW)
    Message.objects.filter(pk=message.pk).update(status="failed", claimed_at=NOW)
    assert health.examine(at=NOW).see_to == ["1 mails failed within a day"]
    heartbeat.record(at=NOW + timedelta(hours=25))
    later = health.examine(at=NOW + timedelta(hours=25))
    assert (later.is_well, later.waiting_for_a_person["failed"]) == (True, 1)


def test_a_mail_server_that_is_away_shows_with_its_error():
    heartbeat.record(at=NOW)
    for number in range(3):
        failing = mail.queue(make_application(), "candidates/withdrawn", key=f"k{number}", at=NOW)
        Message.objects.filter(pk=failing.pk).update(
            error="ConnectionRefusedError: 111", attempts=1, claimed_at=NOW, next_try_at=NOW + timedelta(minutes=1)
        )
    assert looking.mail_server_trouble(at=NOW) == "ConnectionRefusedError"
    left = mail.queue(make_application(), "candidates/withdrawn", key="left", at=NOW)
    Message.objects.filter(pk=left.pk).update(status="sent", sent_at=NOW)
    assert looking.mail_server_trouble(at=NOW) == ""


def test_a_held_outbox_needs_a_person_and_is_no_delay():
    heartbeat.record(at=NOW)
    restoring.hold(at=NOW, is_restored=False)
    mail.queue(make_application(), "candidates/withdrawn", key="k", at=NOW)
    assert [one[:18] for one in health.examine(at=NOW + timedelta(seconds=50)).see_to] == ["the outbox is held"]


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_jumps_leaves_no_heartbeat_in_the_future(hours):  # F39
    cache.clear()
    with time_machine.travel(NOW, tick=False) as clock:
        tasks.beat()
        clock.shift(timedelta(hours=hours))
        assert heartbeat.age(at=NOW + timedelta(hours=hours)) in (None, 7200.0)
        tasks.beat()
        assert heartbeat.age(at=NOW + timedelta(hours=hours)) == 0.0
        runs = [run for run in sweeps.last(at=NOW + timedelta(hours=hours)) if run.at]
        assert all(run.at <= NOW + timedelta(hours=hours) for run in runs)
        assert restoring.is_held() is None


def test_ages_are_never_negative():  # F39
    mail.queue(make_application(), "candidates/withdrawn", key="k", at=NOW)
    assert looking.due(at=NOW - timedelta(hours=2)) == []
    assert [one.seconds for one in looking.due(at=NOW)] == [0.0]


def test_a_database_that_refuses_is_told(monkeypatch, client):
    def refuse(_at):
        raise OperationalError

    monkeypatch.setattr(health, "_of_database", refuse)
    assert "database" in client.get("/healthz").json()["gone"]
