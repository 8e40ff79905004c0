"""What a calendar says of when its owner is busy, whoever wrote it."""

import io
from datetime import UTC, datetime

import pytest

from candidates.builders import NOW
from interviews.availability.feeds import reading
from interviews.availability.feeds.reading import NotRead, busy_times

CALENDAR = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{}\nEND:VCALENDAR\n"
SERIES = """BEGIN:VEVENT
UID:weekly
DTSTART;TZID=Europe/Amsterdam:20300326T090000
DTEND;TZID=Europe/Amsterdam:20300326T100000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Amsterdam:20300409T090000
END:VEVENT
BEGIN:VEVENT
UID:weekly
RECURRENCE-ID;TZID=Europe/Amsterdam:20300416T090000
DTSTART;TZID=Europe/Amsterdam:20300416T140000
DTEND;TZID=Europe/Amsterdam:20300416T150000
END:VEVENT"""
MARCH = datetime(2030, 3, 20, tzinfo=UTC)


def event(*lines, start="20300108T100000Z", end="20300108T110000Z"):
    return "\n".join(["BEGIN:VEVENT", f"UID:{start}", f"DTSTART:{start}", f"DTEND:{end}", *lines, "END:VEVENT"])


def busy(*entries, zone="Europe/Amsterdam", at=NOW, text=""):
    content = text or CALENDAR.format("\n".join(entries))
    spans = busy_times(io.BytesIO(content.encode()), zone, at=at)
    return [f"{start:%d.%m. %H:%M}-{end:%H:%M}" for start, end in spans]


def test_events_of_all_kinds_count_as_their_owners_see_them():
    """One child reads all of these at once: each takes a second to start."""
    entries = [
        event(),
        event("STATUS:TENTATIVE", start="20300109T100000", end="20300109T110000"),  # by the clock of the owner
        event("TRANSP:TRANSPARENT", start="20300110T100000Z", end="20300110T110000Z"),
        event("STATUS:CANCELLED", start="20300111T100000Z", end="20300111T110000Z"),
        event("X-MICROSOFT-CDO-BUSYSTATUS:FREE", start="20300112T100000Z", end="20300112T110000Z"),
        "BEGIN:VEVENT\nUID:2\nDTSTART;VALUE=DATE:20300113\nEND:VEVENT",
        "BEGIN:VEVENT\nUID:3\nDTSTART:20300114T100000Z\nEND:VEVENT",  # takes no time
        "BEGIN:VEVENT\nUID:4\nDTSTART:20300115T100000Z\nDURATION:PT30M\nEND:VEVENT",
        event(start="20300116T100000Z", end="20300116T120000Z"),
        event(start="20300116T113000Z", end="20300116T130000Z"),
        event(start="20310101T100000Z", end="20310101T110000Z"),  # too far away
        "BEGIN:VFREEBUSY\nUID:5\nFREEBUSY;FBTYPE=BUSY:20300117T100000Z/20300117T110000Z,20300117T120000Z/PT1H\n"
        "FREEBUSY;FBTYPE=FREE:20300118T100000Z/PT1H\nEND:VFREEBUSY",
        event("SUMMARY:Ärztin \\, sehr geheim", start="20300119T100000Z", end="20300119T110000Z"),
    ]
    assert busy(*entries) == [
        "08.01. 10:00-11:00", "09.01. 09:00-10:00", "15.01. 10:00-10:30", "16.01. 10:00-13:00", "17.01. 10:00-11:00",
        "17.01. 12:00-13:00", "19.01. 10:00-11:00",
    ]  # fmt: skip


def test_a_series_is_followed_through_its_exceptions_and_the_change_of_clocks():
    assert busy(SERIES, at=MARCH) == ["26.03. 08:00-09:00", "02.04. 07:00-08:00", "16.04. 12:00-13:00"]


def test_a_calendar_with_a_zone_of_its_own_definition_is_read():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Our Office\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\n"
        "TZOFFSETTO:+0300\nTZNAME:OFF\nEND:STANDARD\nEND:VTIMEZONE"
    )
    ours = event(start="20300108T100000", end="20300108T110000").replace("DTSTART:", "DTSTART;TZID=Our Office:")
    ours = ours.replace("DTEND:", "DTEND;TZID=Our Office:")
    assert busy(zone, ours) == ["08.01. 07:00-08:00"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<!DOCTYPE html><title>Sign in</title>", reading.WAS_NO_CALENDAR),
        ("", reading.WAS_NO_CALENDAR),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n\x00\nEND:", reading.WAS_NO_CALENDAR),
        (CALENDAR.format(event("RRULE:FREQ=SECONDLY")), reading.WAS_TOO_OFTEN),
    ],
)
def test_what_cannot_be_read_says_why(text, why):
    with pytest.raises(NotRead) as error:
        busy_times(io.BytesIO(text.encode()), "UTC", at=NOW)
    assert str(error.value) == why


def test_one_damaged_entry_does_not_hide_the_others():
    damaged = event("RRULE:FREQ=DAILY;BYHOUR=x;UNTIL=never", start="20300109T100000Z", end="x")
    assert "08.01. 10:00-11:00" in busy(event(), damaged)


def test_a_calendar_that_takes_too_long_is_left(monkeypatch):
    limits = reading.Limits(computing=1, seconds=2.0)
    monkeypatch.setattr(reading, "LIMITS", limits)
    minutes = ",".join(str(minute) for minute in range(60))
    bomb = event(f"RRULE:FREQ=HOURLY;BYMINUTE={minutes}", start="20200101T000000Z", end="20200101T000100Z")
    with pytest.raises(NotRead, match="repeats too much"):
        busy(*[bomb.replace("UID:", f"UID:{number}") for number in range(20)])
