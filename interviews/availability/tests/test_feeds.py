"""How the calendars of interviewers are kept up to date."""

from datetime import UTC, datetime, timedelta

import pytest

from candidates.builders import NOW
from candidates.tests.together import together
from interviews.availability.builders import make_busy, make_interviewer
from interviews.availability.feeds import actions, fetching, reading
from interviews.availability.free import Search, free_times
from interviews.availability.own_times import actions as own_times
from interviews.availability.tests.serving import says, serving
from interviews.builders import IDA, IVAN
from interviews.models import BusyTime

BUSY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:1
DTSTART:20300108T100000Z
DTEND:20300108T110000Z
SUMMARY:At the doctor
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(autouse=True)
def own_network(settings):
    settings.CALENDARS_IN_OWN_NETWORK = True


def read(at=NOW):
    return actions.sweep(clock=lambda: at)


def with_calendar(url, who=IDA):
    person = make_interviewer(who)
    person.feed_url = url
    own_times.keep(person, at=NOW)
    return person


@pytest.mark.django_db
def test_a_calendar_takes_its_busy_times_off_the_free_ones_and_nothing_else_is_kept():
    with serving(says(BUSY)) as server:
        ida = with_calendar(server.url)
        make_busy(ida, NOW + timedelta(days=3), NOW + timedelta(days=4))
        assert read() == 1
    times = free_times(Search([IDA.email], 60, NOW, days=2))
    assert datetime(2030, 1, 8, 10, tzinfo=UTC) not in times
    assert datetime(2030, 1, 8, 11, tzinfo=UTC) in times
    assert list(BusyTime.objects.values_list("starts_at", flat=True)) == [datetime(2030, 1, 8, 10, tzinfo=UTC)]
    ida.refresh_from_db()
    assert (ida.feed_read_at, ida.feed_next_at, ida.feed_error) == (NOW, NOW + actions.EVERY, "")
    assert "doctor" not in str(list(BusyTime.objects.values())) + str(vars(ida))


@pytest.mark.django_db
def test_what_is_not_due_is_not_read():
    with serving(says(BUSY)) as server:
        with_calendar(server.url)
        assert [read(), read(), read(NOW + timedelta(minutes=14)), read(NOW + actions.EVERY)] == [1, 0, 0, 1]


@pytest.mark.django_db
def test_a_calendar_that_cannot_be_read_says_why_keeps_what_was_known_and_is_asked_less_and_less():
    with serving(says(BUSY)) as server:
        ida = with_calendar(server.url)
        read()
    at, pauses = NOW + actions.EVERY, []
    for _number in range(4):
        read(at)
        ida.refresh_from_db()
        pauses.append(ida.feed_next_at - at)
        at = ida.feed_next_at
    assert ida.feed_error == fetching.UNREACHABLE
    assert pauses == [timedelta(minutes=15 * 2**number) for number in range(4)]
    read(NOW + timedelta(days=30))
    ida.refresh_from_db()
    assert ida.feed_next_at == NOW + timedelta(days=30) + actions.LONGEST_PAUSE
    assert BusyTime.objects.count() == 1


@pytest.mark.django_db
def test_a_page_instead_of_a_calendar_says_so_and_it_recovers():
    with serving(says("<html>Sign in</html>")) as server:
        ida = with_calendar(server.url)
        read()
        ida.refresh_from_db()
        assert ida.feed_error == reading.WAS_NO_CALENDAR
        ida.feed_url = server.url.replace("calendar", "other")
        own_times.keep(ida, at=NOW)
        assert (ida.feed_error, ida.feed_next_at) == ("", NOW)


@pytest.mark.django_db
def test_another_calendar_or_none_forgets_what_the_old_one_said():
    ida = make_interviewer(IDA, feed_url="https://example.org/a.ics", feed_next_at=NOW)
    make_busy(ida, NOW, NOW + timedelta(hours=1))
    own_times.keep(ida, at=NOW)
    assert BusyTime.objects.exists()
    ida.feed_url = ""
    own_times.keep(ida, at=NOW)
    assert not BusyTime.objects.exists()
    assert read(NOW + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_what_was_fetched_for_an_address_that_was_changed_meanwhile_is_dropped():
    with serving(says(BUSY)) as server:
        ida = with_calendar(server.url)
        claimed = actions._claim(NOW)
        ida.feed_url = "https://example.org/new.ics"
        own_times.keep(ida, at=NOW)
        actions._read(claimed, lambda: NOW)
    ida.refresh_from_db()
    assert (ida.feed_read_at, BusyTime.objects.count()) == (None, 0)


@pytest.mark.django_db
def test_who_does_not_interview_any_more_is_not_read():
    ida = make_interviewer(IDA, feed_url="https://example.org/a.ics", feed_next_at=NOW, is_active=False)
    assert read() == 0
    assert ida.feed_error == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_read_each_calendar_once():
    with serving(says(BUSY)) as server:
        for who in (IDA, IVAN):
            with_calendar(server.url, who)
        assert sum(together(read, read)) == 2
    assert len(server.asked) == 2
    assert BusyTime.objects.count() == 2
