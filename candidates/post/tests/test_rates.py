"""How many mails a minute a domain gets: who is over it waits for its turn, the others do not."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from redis.exceptions import ConnectionError as Away

from candidates.builders import NOW, make_application
from candidates.models import Message
from candidates.post import delivery
from candidates.post.sending import rates

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def some_rates(settings):
    settings.MAIL_RATES = {"slow.example": 2, "*": 5}
    for domain in ("slow.example", "quick.example"):
        for minute in range(10):
            cache.delete(f"rate:{domain}:{NOW + minute * MINUTE:%Y%m%dT%H%M}")


def queue(domain, number, **fields):
    application = make_application()
    type(application.candidate).objects.filter(pk=application.candidate_id).update(email=f"{domain}@{domain}")
    Message.objects.bulk_create(
        Message(key=f"{domain}{count}", template="candidates/withdrawn", application=application, to=f"x@{domain}",
                created_at=NOW, next_try_at=NOW, **fields)
        for count in range(number)
    )  # fmt: skip


def arrived():
    return Counter(one.to[0].rpartition("@")[2] for one in outbox.outbox)


def test_who_is_over_the_rate_waits_and_the_others_leave():
    queue("slow.example", 5)
    queue("quick.example", 5)
    delivery.sweep(clock=lambda: NOW)
    assert arrived() == {"slow.example": 2, "quick.example": 5}


def test_waiting_for_a_turn_is_no_failure_and_is_spread_over_the_minutes():
    queue("slow.example", 7)
    delivery.sweep(clock=lambda: NOW)
    waiting = Message.objects.filter(status="queued").order_by("next_try_at")
    minute = NOW.replace(second=0, microsecond=0)
    assert [one.next_try_at for one in waiting] == [minute + count * MINUTE for count in (1, 1, 2, 2, 3)]
    assert {(one.attempts, one.error) for one in waiting} == {(0, "")}


def test_all_leave_in_the_end_at_the_rate():
    queue("slow.example", 7)
    left = [delivery.sweep(clock=lambda at=NOW + minute * MINUTE: at) for minute in range(4)]
    assert left == [2, 2, 2, 1]


def test_what_somebody_waits_for_at_the_screen_never_waits():
    queue("slow.example", 5, priority=Message.Priority.URGENT)
    assert delivery.sweep(clock=lambda: NOW) == 5


def test_workers_count_together():
    one, other = rates.Turns(), rates.Turns()
    waits = [turns.wait("x@slow.example", at=NOW) for turns in (one, other, one, other)]
    assert [wait is None for wait in waits] == [True, True, False, False]


def test_without_redis_a_worker_counts_for_itself(monkeypatch):
    def away(*_words, **_options):
        raise Away

    monkeypatch.setattr(rates.cache, "add", away)
    turns = rates.Turns()
    assert [turns.wait("x@slow.example", at=NOW) is None for _mail in range(3)] == [True, True, False]


def test_without_rates_nobody_counts(settings, monkeypatch):
    settings.MAIL_RATES = {}
    monkeypatch.setattr(rates.cache, "add", None)
    assert rates.Turns().wait("x@slow.example", at=NOW) is None
