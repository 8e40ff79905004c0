"""Asks: reminders before and at the deadline, until they end."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application
from candidates.models import Ask, Message, Stage
from candidates.post import asks
from candidates.post.reminding import actions as reminding
from candidates.tests.test_pipeline import make_ask
from candidates.tests.together import together

DAY = timedelta(days=1)


def reminders():
    return list(
        Message.objects.filter(template="candidates/reminder", key__startswith="remind:").order_by("created_at")
    )


@pytest.fixture
def ask(db):
    return make_ask(
        make_application(Stage.SCREENING), template="candidates/received", due_at=NOW + 7 * DAY, notice=2 * DAY
    )


def sweep_for(days, *, times_a_day=3):
    for day in range(days):
        for _ in range(times_a_day):
            reminding.remind_due(at=NOW + day * DAY)


def test_a_person_is_reminded_once_before_and_once_at_the_deadline(ask):
    sweep_for(12)
    assert [(message.data["which"], message.created_at) for message in reminders()] == [
        ("before", NOW + 5 * DAY),
        ("due", NOW + 7 * DAY),
    ]


def test_nobody_is_reminded_early(ask):
    reminding.remind_due(at=NOW + 5 * DAY - timedelta(seconds=1))
    assert reminders() == []


def test_who_answered_is_not_reminded(ask):
    asks.close(ask, at=NOW + DAY)
    sweep_for(12)
    assert reminders() == []


def test_who_is_no_longer_needed_is_not_reminded(ask):
    asks.cancel(ask, at=NOW + DAY)
    sweep_for(12)
    assert reminders() == []


def test_a_beat_that_was_dead_past_the_deadline_sends_one_reminder_not_two(ask):  # F10
    sweep_for(1)
    reminding.remind_due(at=NOW + 20 * DAY)
    reminding.remind_due(at=NOW + 21 * DAY)
    assert [message.data["which"] for message in reminders()] == ["due"]


def test_a_deadline_nearer_than_the_notice_is_reminded_at_the_deadline_alone(db):
    make_ask(make_application(Stage.SCREENING), template="candidates/received", due_at=NOW + DAY, notice=2 * DAY)
    sweep_for(5)
    assert [message.data["which"] for message in reminders()] == ["due"]


@pytest.mark.django_db(transaction=True)
def test_two_beats_remind_once():  # F9
    make_ask(make_application(Stage.SCREENING), template="candidates/received")
    results = together(*[lambda: reminding.remind_due(at=NOW + 6 * DAY)] * 6)
    assert sorted(results) == [0, 0, 0, 0, 0, 1]
    assert len(reminders()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_answers_at_once_one_counts():
    ask = make_ask(make_application(Stage.SCREENING))
    copies = [Ask.objects.get() for _ in range(8)]
    results = together(*[lambda copy=copy: asks.close(copy, at=NOW) for copy in copies])
    assert sum(isinstance(result, asks.NotOpen) for result in results) == 7
    assert Ask.objects.get(pk=ask.pk).answered_at == NOW
