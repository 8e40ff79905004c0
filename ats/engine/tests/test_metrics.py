"""/metrics tells numbers to whom they are for, and nothing to anybody else."""

import pytest
from django.utils.timezone import now

from ats.automation.models import Firing
from ats.engine import tasks
from candidates.builders import make_application
from candidates.post import mail
from candidates.post.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a-token-of-monitoring"


def scraped(client, **more):
    lines = client.get("/metrics", **more).content.decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_the_numbers_are_those_of_the_database_and_of_redis(client):
    tasks.beat()
    application = make_application()
    mail.queue(application, "candidates/withdrawn", key="waits", at=now())
    lost = mail.queue(application, "candidates/withdrawn", key="lost", at=now())
    Message.objects.filter(pk=lost.pk).update(status="uncertain", claimed_at=now())
    Firing.objects.create(application=application, rule_name="r", occasion="x", at=now(), outcome="acted")
    told = scraped(client)
    assert told['rapport_mails{status="queued"}'] == "1.0"
    assert told['rapport_mails_15m{status="uncertain"}'] == "1.0"
    assert told['rapport_waiting_for_a_person{kind="uncertain"}'] == "1.0"
    assert told['rapport_firings_15m{outcome="acted"}'] == "1.0"
    assert (told['rapport_up{part="database"}'], told['rapport_up{part="redis"}']) == ("1.0", "1.0")
    assert float(told["rapport_heartbeat_age_seconds"]) < 60
    assert float(told['rapport_sweep_age_seconds{sweep="heartbeat"}']) < 60
    assert 'rapport_queue_length{queue="urgent"}' in told


def test_a_redis_that_is_away_is_told_and_the_rest_too(client, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    told = scraped(client)
    assert (told['rapport_up{part="redis"}'], told['rapport_mails{status="queued"}']) == ("0.0", "0.0")


def test_with_a_token_it_is_for_whoever_shows_it(client, settings):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer \xff"}).status_code == 404
    assert client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.7", "203.0.113.9", "", "nonsense"])
def test_without_a_token_it_is_for_this_machine_alone(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


def test_behind_a_proxy_nobody_is_this_machine(client, settings):
    assert client.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404
    settings.BEHIND_PROXY = True
    assert client.get("/metrics").status_code == 404
