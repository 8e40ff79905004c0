"""When somebody may be reminded, by the clock on their wall: nights, weekends, holidays, and the days clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from candidates.post.reminding import almanac
from candidates.post.reminding.working_time import Calendar, ahead, next_morning, next_time, real, zone_of

NIGHT = {"quiet_from": time(20), "quiet_until": time(7)}
WORK = {"reminded_on": (1, 2, 3, 4, 5)}


def at(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(moment, zone):
    return moment.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        ((2030, 1, 8, 12), "Tue 08 Jan 12:00"),
        ((2030, 1, 8, 19, 59), "Tue 08 Jan 19:59"),
        ((2030, 1, 8, 20), "Wed 09 Jan 07:00"),
        ((2030, 1, 8, 3), "Tue 08 Jan 07:00"),
        ((2030, 1, 31, 23), "Fri 01 Feb 07:00"),  # the end of a month
        ((2032, 2, 28, 23), "Sun 29 Feb 07:00"),  # F40
    ],
)
def test_who_sleeps_is_reminded_in_the_morning(due, leaves):
    calendar = Calendar(zone="Europe/Berlin", **NIGHT)
    assert local(next_time(calendar, at("Europe/Berlin", *due))[0], "Europe/Berlin") == leaves


def test_quiet_hours_may_lie_within_a_day():
    calendar = Calendar(quiet_from=time(12), quiet_until=time(13))
    assert local(next_time(calendar, at("UTC", 2030, 1, 8, 12, 30))[0], "UTC") == "Tue 08 Jan 13:00"
    assert local(next_time(calendar, at("UTC", 2030, 1, 8, 23))[0], "UTC") == "Tue 08 Jan 23:00"


def test_friday_night_waits_for_monday_and_says_that_rest_is_why():
    calendar = Calendar(zone="America/New_York", **NIGHT, **WORK)
    moment, rests = next_time(calendar, at("America/New_York", 2030, 1, 11, 21))
    assert (local(moment, "America/New_York"), rests) == ("Mon 14 Jan 07:00", True)


def test_a_holiday_counts_where_the_person_is():
    bavaria = Calendar(zone="Europe/Berlin", country="DE", subdivision="BY", **WORK)
    berlin = Calendar(zone="Europe/Berlin", country="DE", subdivision="BE", **WORK)
    all_saints = at("Europe/Berlin", 2030, 11, 1, 10)  # a Friday
    assert local(next_time(bavaria, all_saints)[0], "Europe/Berlin") == "Mon 04 Nov 00:00"
    assert next_time(berlin, all_saints) == (all_saints, False)


def test_an_unknown_country_or_region_has_no_holidays_of_its_own():
    new_year = date(2030, 1, 1)
    assert [almanac.is_holiday(*place, new_year) for place in (("ZZ", ""), ("DE", "XX"), ("", ""))] == [
        False,
        True,  # the country's own
        False,
    ]


def test_who_works_on_no_day_is_reminded_all_the_same():
    calendar = Calendar(working_days=(), reminded_on=())
    assert next_time(calendar, at("UTC", 2030, 1, 12, 9)) == (at("UTC", 2030, 1, 12, 9), False)


def test_a_zone_that_does_not_exist_any_more_is_read_as_utc():
    assert zone_of("Mars/Olympus").key == "UTC"


@pytest.mark.parametrize(  # F37
    ("zone", "day", "wall", "real_time"),
    [
        ("Europe/Amsterdam", date(2030, 3, 31), time(2, 30), "Sun 31 Mar 03:30"),
        ("America/New_York", date(2030, 3, 10), time(2, 30), "Sun 10 Mar 03:30"),
        ("Australia/Lord_Howe", date(2030, 10, 6), time(2, 15), "Sun 06 Oct 02:45"),
    ],
)
def test_a_time_that_is_left_out_is_the_one_after_it(zone, day, wall, real_time):
    assert local(real(day, wall, zone), zone) == real_time


@pytest.mark.parametrize(  # F37
    ("zone", "day"),
    [
        ("Europe/Amsterdam", date(2030, 10, 27)),
        ("America/New_York", date(2030, 11, 3)),
        ("America/Santiago", date(2030, 4, 6)),
    ],
)
def test_of_a_time_that_comes_twice_the_first_counts(zone, day):
    wall = time(23, 30) if "Santiago" in zone else time(1, 30) if "York" in zone else time(2, 30)
    first = real(day, wall, zone)
    again = (first + timedelta(hours=1)).astimezone(ZoneInfo(zone))
    assert (again.time(), again.fold) == (wall, 1)


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "Australia/Sydney"])  # F37
def test_a_night_in_which_clocks_change_ends_at_seven_by_the_clock_there(zone):
    calendar = Calendar(zone=zone, **NIGHT)
    for day in (
        date(2030, 3, 9),
        date(2030, 3, 30),
        date(2030, 4, 6),
        date(2030, 10, 5),
        date(2030, 10, 26),
        date(2030, 11, 2),
    ):
        leaves = next_time(calendar, real(day, time(22), zone))[0].astimezone(ZoneInfo(zone))
        assert (leaves.date(), leaves.time()) == (day + timedelta(days=1), time(7))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ((2030, 1, 7, 9), 5, "Mon 14 Jan 09:00"),
        ((2030, 1, 11, 17), 1, "Mon 14 Jan 17:00"),
        ((2030, 1, 12, 9), 1, "Mon 14 Jan 09:00"),  # asked on a Saturday
        ((2030, 1, 14, 9), -2, "Thu 10 Jan 09:00"),
        ((2030, 1, 7, 9), 2.5, "Wed 09 Jan 21:00"),
        ((2030, 1, 10, 18), 1.5, "Mon 14 Jan 06:00"),  # the half day ends on a Saturday
        ((2030, 1, 7, 9), 0, "Mon 07 Jan 09:00"),
        ((2032, 2, 27, 9), 1, "Mon 01 Mar 09:00"),  # past 29 February, F40
        ((2030, 3, 29, 9), 1, "Mon 01 Apr 09:00"),  # clocks change between, the hour stays
    ],
)
def test_working_days_are_counted_by_the_clock_on_the_wall(start, days, due):
    assert local(ahead(Calendar(zone="Europe/Berlin"), at("Europe/Berlin", *start), days), "Europe/Berlin") == due


def test_holidays_are_no_working_days():
    calendar = Calendar(zone="Europe/Berlin", country="DE")
    assert local(ahead(calendar, at("Europe/Berlin", 2030, 12, 23, 9), 2), "Europe/Berlin") == "Fri 27 Dec 09:00"


def test_tomorrow_morning_is_the_next_working_day():
    calendar = Calendar(zone="Europe/Berlin", **NIGHT)
    assert local(next_morning(calendar, at("Europe/Berlin", 2030, 1, 11, 12)), "Europe/Berlin") == "Mon 14 Jan 09:00"
