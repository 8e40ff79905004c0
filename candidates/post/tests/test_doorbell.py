"""The doorbell: a broker that is away costs a page a moment, once, and loses nothing."""

import socket
import time

import pytest
from celery import Celery

from candidates.builders import NOW, make_application
from candidates.models import Message
from candidates.post import delivery, doorbell, mail

SEND = "candidates.post.tasks.send"


@pytest.fixture(autouse=True)
def not_silent(monkeypatch):
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)


def answer_at(port, monkeypatch, settings):
    """Ring at a broker on this port, with the settings of the product."""
    app = Celery("elsewhere", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    app.conf.task_publish_retry = settings.CELERY_TASK_PUBLISH_RETRY
    monkeypatch.setattr(doorbell, "current_app", app)
    return app


@pytest.fixture
def closed_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def mute_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("port", ["closed_port", "mute_port"])
def test_a_broker_that_is_away_or_mute_raises_nothing_and_is_left_alone(port, request, monkeypatch, settings):
    answer_at(request.getfixturevalue(port), monkeypatch, settings)  # F1, F2
    doorbell.ring(SEND, "1")
    assert doorbell._silent_until > time.monotonic()


def test_while_it_is_left_alone_nothing_is_published(monkeypatch):
    published = []
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda *_args, **_kwargs: published.append(1))
    monkeypatch.setattr(doorbell, "_silent_until", time.monotonic() + 5)
    doorbell.ring(SEND, "1")
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    doorbell.ring(SEND, "1")
    assert published == [1]


@pytest.mark.django_db(transaction=True)
def test_a_mail_whose_ring_was_lost_leaves_with_the_next_sweep(closed_port, monkeypatch, settings):  # F1
    answer_at(closed_port, monkeypatch, settings)
    message = mail.queue(make_application(), "candidates/rejected", key="k", at=NOW)
    assert delivery.sweep(clock=lambda: NOW) == 1
    assert Message.objects.get(pk=message.pk).status == "sent"
