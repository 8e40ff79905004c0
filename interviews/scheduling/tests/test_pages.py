"""The interviewer's way out of an interview, and the file for their calendar."""

from datetime import timedelta

import pytest
import time_machine
import vobject
from django.urls import reverse

from candidates.builders import NOW
from candidates.models import Message
from candidates.post.builders import open_link
from interviews.builders import IVAN, ask_of, make_interview
from interviews.models import Interview, Panelist

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW + HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asked(client):
    ask = ask_of(make_interview())
    open_link(client, ask)
    return ask


def way_out(asked):
    return reverse("interviews:hand_back", args=[asked.pk])


def test_looking_at_the_page_changes_nothing(client, asked):
    page = client.get(way_out(asked)).content.decode()
    assert "You hand back the interview with Cara Candidate on Thu 10 Jan, 09:00 (UTC)" in page
    assert Panelist.objects.standing().count() == 2


def test_one_button_hands_it_back(client, asked):
    page = client.post(way_out(asked), {"action": "hand_back", "reason": "I know her sister"}).content.decode()
    assert "Thank you for telling us." in page
    assert Panelist.objects.exclude(released_at=None).get().released_because == "I know her sister"
    assert client.get(asked.get_absolute_url()).status_code == 410


def test_before_it_begins_nobody_can_have_missed_it(client, asked):
    page = client.post(way_out(asked), {"action": "candidate"}).content.decode()
    assert "has not begun yet" in page
    assert Interview.objects.get().missed == ""


def test_afterwards_it_can_be_said_that_the_candidate_did_not_come(client, asked, clock):
    clock.move_to(Interview.objects.get().ends_at, tick=False)
    assert "Cara Candidate did not come" in client.get(way_out(asked)).content.decode()
    client.post(way_out(asked), {"action": "candidate"})
    assert Interview.objects.get().missed == "candidate"
    assert Message.objects.filter(template="interviews/missed").count() == 1


@pytest.mark.parametrize("reason", ["x" * 1_000_000, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_told_and_stays_on_the_page(client, asked, reason):
    answer = client.post(way_out(asked), {"action": "hand_back", "reason": reason})
    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    assert Panelist.objects.standing().count() == 2


def test_nobody_gets_there_without_their_own_link(client, asked):
    other = ask_of(Interview.objects.get(), IVAN)
    assert client.post(way_out(other), {"action": "hand_back"}).status_code == 404


def test_the_calendar_file_is_theirs_alone(client, asked):
    answer = client.get(reverse("interviews:calendar", args=[asked.pk]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    event = vobject.readOne(answer.content.decode()).vevent
    assert event.dtstart.value == Interview.objects.get().starts_at
    other = ask_of(Interview.objects.get(), IVAN)
    assert client.get(reverse("interviews:calendar", args=[other.pk])).status_code == 404


def test_there_is_no_file_without_a_time(client, asked):
    Interview.objects.update(starts_at=None, ends_at=None)
    assert client.get(reverse("interviews:calendar", args=[asked.pk])).status_code == 404
