"""The health page names each part that is gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError

from ats.engine import health, heartbeat, tasks

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONGEST = timedelta(seconds=55)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache(settings):
    settings.SWEEP_SECONDS = 30
    cache.clear()


def test_all_is_well_after_a_heartbeat():
    heartbeat.record(at=NOW)
    found = health.examine(at=NOW + LONGEST)
    assert (found.gone, found.heartbeat_seconds) == ([], 55.0)


def test_a_silent_heart_is_named_within_a_minute():
    heartbeat.record(at=NOW)
    assert health.examine(at=NOW + timedelta(seconds=60)).gone == ["worker or beat (no heartbeat for 60 s)"]


def test_a_heart_that_never_beat_is_named():
    assert health.examine(at=NOW).gone == ["worker or beat (no heartbeat yet)"]


def test_a_redis_that_is_away_is_named(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    assert health.examine(at=NOW).gone == ["redis"]


def test_a_database_that_is_away_is_named(monkeypatch):
    def refuse(*arguments):
        raise OperationalError

    heartbeat.record(at=NOW)
    monkeypatch.setattr("django.db.connection.cursor", refuse)
    assert health.examine(at=NOW).gone == ["database"]


def test_the_page_is_503_until_the_task_of_beat_has_run(client):
    before = client.get("/healthz").status_code
    tasks.beat()
    assert (before, client.get("/healthz").status_code) == (503, 200)


def test_a_process_is_ready_without_a_broker(client, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ok"], answer.json()["gone"]) == (200, True, ["redis"])
