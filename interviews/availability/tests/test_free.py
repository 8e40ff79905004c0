"""Free times of one and of several people together, in their own zones, with what takes their time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Stage
from candidates.screening.models import CallSlot
from interviews.actions import Invited
from interviews.availability.builders import make_busy, make_interviewer, make_offered
from interviews.availability.free import Search, free_times, without_hours
from interviews.builders import IDA, IVAN, make_interview

pytestmark = pytest.mark.django_db
OLGA = Invited("Olga Other", "olga@example.org")
MONDAY = date(2030, 1, 7)  # NOW is nine o'clock on that day


def search(*who, minutes=60, **fields):
    return Search(emails=[one.email for one in who], minutes=minutes, at=fields.pop("at", NOW), **fields)


def on(number, hour, minute=0):
    """So many days after Monday, in UTC."""
    return datetime.combine(MONDAY + timedelta(days=number), time(hour, minute), UTC)


def of_day(times, number):
    return [f"{one:%H:%M}" for one in times if one.date() == MONDAY + timedelta(days=number)]


def test_times_lie_at_quarters_within_the_hours_of_the_week():
    make_interviewer(IDA, hours="09:00-10:30")
    times = free_times(search(IDA, days=9))
    assert of_day(times, 1) == ["09:00", "09:15", "09:30"]
    assert of_day(times, 5) == []  # Saturday


def test_nothing_begins_within_twelve_hours():
    make_interviewer(IDA, hours="00:00-23:00", days="0123456")
    assert free_times(search(IDA))[0] == NOW + timedelta(hours=12)


def test_hours_that_begin_at_odd_minutes_are_met_at_the_next_quarter():
    make_interviewer(IDA, hours="09:05-10:20")
    assert of_day(free_times(search(IDA)), 1) == ["09:15"]


def test_of_a_panel_everybody_is_free():
    make_interviewer(IDA, hours="09:00-12:00")
    make_interviewer(IVAN, hours="09:00-12:00", zone="America/New_York")  # 14:00 to 17:00
    assert free_times(search(IDA, IVAN)) == []
    make_offered(make_interviewer(OLGA, hours=""), on(2, 9), on(2, 10))
    assert of_day(free_times(search(Invited("Olga", "OLGA@example.org"))), 2) == ["09:00"]


def test_a_panel_over_two_zones_meets_where_both_work():
    make_interviewer(IDA, hours="09:00-17:00", zone="Europe/Amsterdam")  # 8 to 16 in UTC
    make_interviewer(IVAN, hours="09:00-17:00", zone="America/New_York")  # 14 to 22
    times = free_times(search(IDA, IVAN))
    assert of_day(times, 1) == ["14:00", "14:15", "14:30", "14:45", "15:00"]


def test_what_is_offered_counts_beside_the_hours_and_joins_them():
    ida = make_interviewer(IDA, hours="09:00-10:00")
    make_offered(ida, on(1, 10), on(1, 10, 30))
    make_offered(ida, on(5, 8), on(5, 9))
    times = free_times(search(IDA))
    assert of_day(times, 1) == ["09:00", "09:15", "09:30"]
    assert of_day(times, 5) == ["08:00"]


def test_busy_times_are_left_out_without_a_buffer():
    ida = make_interviewer(IDA, hours="09:00-13:00", buffer_minutes=30)
    make_busy(ida, on(1, 10), on(1, 11))
    assert of_day(free_times(search(IDA)), 1) == ["09:00", "11:00", "11:15", "11:30", "11:45", "12:00"]


def test_another_interview_keeps_its_distance_on_both_sides():
    make_interviewer(IDA, hours="09:00-14:00", buffer_minutes=30)
    make_interview(interviewers=[Invited("Ida", "IDA@example.org"), IVAN], starts_at=on(1, 11), minutes=60)
    assert of_day(free_times(search(IDA)), 1) == ["09:00", "09:15", "09:30", "12:30", "12:45", "13:00"]


def test_an_interview_that_would_move_is_not_in_its_own_way():
    make_interviewer(IDA, hours="09:00-12:00", most_a_day=1)
    interview = make_interview(starts_at=on(1, 10), minutes=60)
    assert of_day(free_times(search(IDA)), 1) == []
    candidate = interview.application.candidate_id
    assert "10:15" in of_day(free_times(search(IDA, moving=interview.pk, candidate=candidate)), 1)


def test_a_full_day_is_one_of_the_interviewers_own_calendar():
    make_interviewer(IDA, hours="00:00-23:59", days="0123456", zone="America/New_York", most_a_day=1, buffer_minutes=0)
    make_interview(starts_at=on(2, 3), minutes=60)  # still Tuesday there
    times = free_times(search(IDA))
    tuesday = {one.astimezone(ZoneInfo("America/New_York")).date() for one in times}
    assert MONDAY + timedelta(days=1) not in tuesday
    assert of_day(times, 2)[0] == "05:00"


def test_calls_that_were_agreed_take_time_and_free_ones_do_not():
    max_ = make_user("Max Manager")
    make_interviewer(IDA, hours="09:00-12:00", user=max_, buffer_minutes=15)
    slot = CallSlot.objects.create(caller=max_, starts_at=on(1, 10), ends_at=on(1, 10, 20))
    assert "10:00" in of_day(free_times(search(IDA)), 1)
    CallSlot.objects.filter(pk=slot.pk).update(application=make_application(), taken_at=NOW)
    assert of_day(free_times(search(IDA, minutes=45)), 1) == ["09:00", "10:45", "11:00", "11:15"]


def test_the_candidates_own_interviews_and_calls_are_left_out():
    make_interviewer(IDA, hours="09:00-13:00")
    cara = make_candidate()
    other = make_application(stage=Stage.SCREENING, candidate=cara)
    make_interview(other, interviewers=[IVAN, OLGA], starts_at=on(1, 9), minutes=60)
    caller = make_user("Max Manager")
    third = make_application(candidate=cara, job=make_job())
    CallSlot.objects.create(caller=caller, starts_at=on(1, 11), ends_at=on(1, 12), application=third, taken_at=NOW)
    assert of_day(free_times(search(IDA, candidate=cara.pk)), 1) == ["10:00", "12:00"]
    assert "09:00" in of_day(free_times(search(IDA)), 1)


def test_a_cancelled_interview_and_a_released_interviewer_take_no_time():
    make_interviewer(IDA, hours="09:00-10:00", most_a_day=1)
    interview = make_interview(interviewers=[IDA, IVAN], starts_at=on(1, 9), minutes=60)
    interview.panelists.filter(email=IDA.email).update(released_at=NOW)
    assert of_day(free_times(search(IDA)), 1) == ["09:00"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "else@example.org"}])
def test_who_cannot_be_booked_leaves_no_time(change):
    ida = make_interviewer(IDA)
    assert without_hours([IDA.email], at=NOW) == []
    type(ida).objects.filter(pk=ida.pk).update(**change)
    assert free_times(search(IDA)) == []
    assert without_hours([IDA.email.upper()], at=NOW) == [IDA.email.upper()]


def test_without_hours_nobody_is_booked_and_with_a_time_to_come_they_are():
    ida = make_interviewer(IDA, hours="")
    make_offered(ida, NOW - timedelta(hours=2), NOW - timedelta(hours=1))
    assert without_hours([IDA.email], at=NOW) == [IDA.email]
    make_offered(ida, on(3, 9), on(3, 10))
    assert without_hours([IDA.email], at=NOW) == []


@pytest.mark.parametrize(
    ("zone", "at", "hours", "before", "after"),
    [
        ("Europe/Amsterdam", datetime(2030, 3, 29, 9, tzinfo=UTC), "09:00-10:00", 8, 7),
        ("America/New_York", datetime(2030, 11, 1, 9, tzinfo=UTC), "09:00-10:00", 13, 14),
        ("Australia/Lord_Howe", datetime(2030, 4, 4, 0, tzinfo=UTC), "09:30-10:30", 22.5, 23),
    ],
)
def test_the_hour_on_the_wall_stays_when_the_clocks_change(zone, at, hours, before, after):  # F37
    make_interviewer(IDA, hours=hours, days="0123456", zone=zone)
    times = free_times(search(IDA, at=at, days=7))
    assert {f"{one.astimezone(ZoneInfo(zone)):%H:%M}" for one in times} == {hours[:5]}
    told = [one.hour + one.minute / 60 for one in times]
    assert (told[0], told[-1]) == (before, after)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30)), max_size=6), st.integers(10, 240))
def test_no_time_runs_into_anything_busy(django_db_setup, busy, minutes):
    person = make_interviewer(Invited("Hypo", f"hypo{len(busy)}-{minutes}-{abs(hash(tuple(busy)))}@example.org"))
    spans = [(on(0, 0) + timedelta(hours=start), on(0, 0) + timedelta(hours=start + length)) for start, length in busy]
    for start, end in spans:
        make_busy(person, start, end)
    for begin in free_times(Search([person.email], minutes, NOW, days=9)):
        end = begin + timedelta(minutes=minutes)
        assert all(end <= start or begin >= over for start, over in spans)
        assert time(9) <= begin.time()
        assert end.time() <= time(17)
        assert begin.weekday() < 5
    person.delete()


def test_twenty_people_over_thirty_days_cost_seven_queries(django_assert_num_queries):
    people = [Invited(f"Person {number}", f"person{number}@example.org") for number in range(20)]
    for number, one in enumerate(people):
        zone = ("Europe/Amsterdam", "America/New_York")[number % 2]
        make_offered(
            make_interviewer(one, hours="07:00-20:00", zone=zone, user=make_user(one.name)), on(2, 1), on(2, 3)
        )
    make_interview(interviewers=people[:2], starts_at=on(1, 15))
    cara = make_candidate()
    with django_assert_num_queries(7):
        assert free_times(search(*people, candidate=cara.pk))
