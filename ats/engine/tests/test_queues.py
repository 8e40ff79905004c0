"""Which process does what, and how beat rings."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from ats.celery import app
from ats.engine import start
from ats.engine.scheduler import MOST_WAITING, Scheduler
from candidates.builders import NOW
from candidates.post.sending import stopping
from candidates.post.tasks import stop_sending


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("candidates.post.tasks.send_urgent", "urgent"),
        ("candidates.post.tasks.send_urgent_due", "urgent"),
        ("candidates.post.tasks.send", "mail"),
        ("candidates.post.tasks.send_due", "mail"),
        ("candidates.post.tasks.remind_due", "work"),
        ("ats.automation.tasks.act", "work"),
    ],
)
def test_each_task_has_its_queue(task, queue):
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_one_worker_is_a_whole_installation_and_urgent_mails_may_have_one_of_their_own(monkeypatch):
    assert "--queues=urgent,mail,work" in start.worker()
    assert {"--queues=urgent", "--pool=solo"} < set(start.urgent())
    monkeypatch.setenv("WORKER_QUEUES", "mail")
    assert "--queues=mail" in start.worker()


def test_every_sweep_of_beat_goes_to_a_queue_that_a_worker_takes():
    queues = {
        app.amqp.router.route({}, entry["task"])["queue"].name for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert queues <= set(start.QUEUES.split(","))


@pytest.fixture
def bell():
    """Beat, with Redis, and a queue of its own."""
    beat = Scheduler(app=app, lazy=True)
    redis = beat.producer.channel.client
    redis.delete("nobody")
    yield beat, redis
    redis.delete("nobody")


def test_beat_does_not_ring_into_a_queue_that_nobody_empties(bell):
    beat, redis = bell
    entry = beat.Entry(name="ring", task="test.ring", schedule=30, options={"queue": "nobody"}, app=app)
    redis.rpush("nobody", *["x"] * (MOST_WAITING - 1))
    beat.apply_async(entry, producer=beat.producer, advance=False)
    beat.apply_async(entry, producer=beat.producer, advance=False)
    assert redis.llen("nobody") == MOST_WAITING


def test_beat_rings_on_when_the_clock_was_set_back(monkeypatch, tmp_path):  # F39
    monkeypatch.setenv("BEAT_FILE", str(tmp_path / "beat"))
    rung = []
    monkeypatch.setattr(Scheduler, "apply_async", lambda self, entry, *more, **told: rung.append(entry.name))
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        scheduler = Scheduler(app=app)
        turns = len(scheduler.schedule)
        for _turn in range(2 * turns):
            scheduler.tick()
    assert len(rung) == turns
    with time_machine.travel(NOW, tick=False):
        for _turn in range(2 * turns):
            scheduler.tick()
    assert sorted(rung) == sorted(2 * list(scheduler.schedule))


def test_a_worker_that_is_asked_to_end_tells_its_sweeps():
    try:
        stop_sending()
        assert stopping.is_asked()
    finally:
        stopping.forget()
