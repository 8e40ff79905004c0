"""Calendar entries, read by another library than the one that writes them, and by their bytes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.core import mail as outbox

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Company, Message, Stage
from candidates.people.actors import Actor
from candidates.post import delivery
from interviews import actions
from interviews.builders import IDA, IVAN, ask_of, make_interview
from interviews.scheduling import calendar
from interviews.scheduling.calendar import PUBLISH, Reader

pytestmark = pytest.mark.django_db
RITA = "Rita Recruiter"


def by():
    return Actor.person(make_user(RITA))


def read(text):
    """As somebody reads it who never read another: this parser keeps the first rules of a zone that it meets."""
    getattr(vobject.icalendar, "__tzidMap").clear()
    return vobject.readOne(text)


def entry_to(email):
    """The newest entry that was queued for `email`, as a parsed event and as text."""
    message = Message.objects.exclude(calendar="").filter(to=email).latest("created_at")
    parsed = read(message.calendar)
    return parsed, parsed.vevent, message.calendar


def method_and_place_in_the_line(email):
    parsed, event, _text = entry_to(email)
    return parsed.method.value, event.uid.value, int(event.sequence.value), event.status.value


def test_everybody_who_takes_part_is_invited():
    interview = make_interview(video_link="https://meet.example.org/1")
    for email in (interview.application.candidate.email, IDA.email, IVAN.email):
        _parsed, event, _text = entry_to(email)
        assert method_and_place_in_the_line(email) == (
            "REQUEST",
            f"interview-{interview.pk}@example.com",
            0,
            "CONFIRMED",
        )
        assert event.dtstart.value == interview.starts_at
        assert event.dtend.value == interview.ends_at
        assert event.dtstamp.value == NOW
        assert event.location.value == "Room 1, https://meet.example.org/1"


def test_a_change_is_the_same_entry_one_number_later():
    interview = make_interview()
    later = NOW + timedelta(hours=1)
    facts = {"starts_at": NOW + timedelta(days=5), "minutes": 60, "place": "Room 2"}
    actions.change(interview, at=later, by=by(), **facts)
    _parsed, event, _text = entry_to(IDA.email)
    assert method_and_place_in_the_line(IDA.email)[0::2] == ("REQUEST", 1)
    assert (event.dtstart.value, event.dtend.value) == (NOW + timedelta(days=5), NOW + timedelta(days=5, hours=1))
    assert (event.dtstamp.value, event.location.value) == (later, "Room 2")


def test_calling_off_takes_the_entry_out_again():
    interview = make_interview()
    actions.cancel(interview, reason="Ida is ill", at=NOW + timedelta(hours=1), by=by())
    for email in (interview.application.candidate.email, IDA.email, IVAN.email):
        told = method_and_place_in_the_line(email)
        assert told == ("CANCEL", f"interview-{interview.pk}@example.com", 1, "CANCELLED")
        assert entry_to(email)[1].dtstart.value == interview.starts_at


def test_the_time_is_on_the_wall_of_each_reader():
    make_user("Ida Interviewer", email=IDA.email, zone="Asia/Tokyo")
    candidate = make_candidate(zone="America/New_York")
    interview = make_interview(make_application(Stage.SCREENING, candidate=candidate, job=make_job(zone="Europe/Rome")))
    walls = {email: entry_to(email)[2] for email in (candidate.email, IDA.email, IVAN.email)}
    assert "DTSTART;TZID=America/New_York:20300110T040000\r\n" in walls[candidate.email]
    assert "DTSTART;TZID=Asia/Tokyo:20300110T180000\r\n" in walls[IDA.email]
    assert "DTSTART;TZID=Europe/Rome:20300110T100000\r\n" in walls[IVAN.email]
    for text in walls.values():
        assert text.count("BEGIN:VTIMEZONE") == 1
        assert read(text).vevent.dtstart.value == interview.starts_at


SWITCHES = {
    "Europe/Amsterdam": [(2030, 3, 31, 1), (2030, 10, 27, 1)],
    "America/New_York": [(2030, 3, 10, 7), (2030, 11, 3, 6)],
    "Australia/Lord_Howe": [(2030, 4, 6, 15), (2030, 10, 5, 15)],
}


@pytest.mark.parametrize("zone", SWITCHES)
@pytest.mark.parametrize("minutes", range(-120, 121, 30))
@pytest.mark.parametrize("which", [0, 1])
def test_the_entry_means_the_same_instant_around_a_switch_of_the_clock(zone, minutes, which):  # F37
    interview = make_interview(minutes=90)
    interview.starts_at = datetime(*SWITCHES[zone][which], tzinfo=UTC) + timedelta(minutes=minutes)
    interview.ends_at = interview.starts_at + timedelta(minutes=90)
    text = calendar.invitation(interview, Reader("Cara", "cara@example.org", zone, "en"), at=NOW)
    event = read(text).vevent
    assert (event.dtstart.value, event.dtend.value) == (interview.starts_at, interview.ends_at)


@pytest.mark.parametrize("zone", SWITCHES)
@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_before_and_after_a_switch_is_told_by_the_wall_clock(zone, days):  # F37
    for switch in SWITCHES[zone]:
        interview = make_interview()
        interview.starts_at = datetime(*switch, tzinfo=UTC) + timedelta(days=days)
        interview.ends_at = interview.starts_at + timedelta(hours=1)
        text = calendar.invitation(interview, Reader("Cara", "cara@example.org", zone, "en"), at=NOW)
        wall = interview.starts_at.astimezone(ZoneInfo(zone))
        assert f"DTSTART;TZID={zone}:{wall:%Y%m%dT%H%M%S}\r\n" in text
        assert read(text).vevent.dtstart.value == interview.starts_at


def test_lines_end_as_they_must_and_none_is_too_long():
    make_interview(place="Ümläut, " * 60)
    text = entry_to(IDA.email)[2]
    assert text.count("\n") == text.count("\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


HOSTILE = "A;B,C\\\r\nATTENDEE:mailto:evil@example.org\nEND:VEVENT " + "x" * 200


def test_hostile_text_stays_text():
    candidate = make_candidate(name='Cara "C"; X:y', email="cara@example.org")
    job = make_job(title="Support,\nBEGIN:VEVENT; " + "t" * 100)
    make_interview(make_application(Stage.SCREENING, candidate=candidate, job=job), place=HOSTILE)
    for email in ("cara@example.org", IDA.email):
        parsed, event, text = entry_to(email)
        assert [component.name for component in parsed.components()].count("VEVENT") == 1
        assert len(event.contents["attendee"]) == 1
        assert event.location.value == " ".join(HOSTILE.split())
        assert "\r\nATTENDEE:mailto:evil" not in text
        assert "Support, BEGIN:VEVENT; ttt" in event.summary.value


def test_nobody_learns_the_address_of_anybody_else():
    interview = make_interview()
    addresses = {interview.application.candidate.email, IDA.email, IVAN.email}
    for email in addresses:
        text = entry_to(email)[2].replace("\r\n ", "")
        assert email in text
        assert not any(other in text for other in addresses - {email})


def test_it_comes_from_the_company_and_holds_no_link_that_opens_anything(settings):
    settings.DEFAULT_FROM_EMAIL = "Hiring <jobs@lantern.example>"
    Company.objects.update_or_create(pk=1, defaults={"name": "Lantern & Co; Ltd"})
    interview = make_interview()
    _parsed, event, text = entry_to(IDA.email)
    assert event.organizer.value == "mailto:jobs@lantern.example"
    assert event.organizer.params["CN"] == ["Lantern & Co; Ltd"]
    assert event.uid.value == f"interview-{interview.pk}@lantern.example"
    assert "http" not in text
    assert "/link/" not in text


def test_the_entry_rides_on_the_mail_as_an_alternative_and_as_a_file():
    make_interview()
    delivery.sweep(clock=lambda: NOW)
    sent = next(one for one in outbox.outbox if one.to == [IDA.email]).message()
    kinds = [(part.get_content_type(), part.get_param("method")) for part in sent.walk()]
    assert ("text/calendar", "REQUEST") in kinds
    entry = next(part for part in sent.walk() if part.get_content_type() == "text/calendar").get_payload(decode=True)
    assert read(entry.decode()).vevent.attendee.value == f"mailto:{IDA.email}"
    assert b"\r\n" in entry


def test_an_address_that_was_corrected_before_it_left_stands_in_the_entry_too():  # F19
    interview = make_interview()
    candidate = interview.application.candidate
    old, candidate.email = candidate.email, "a.rather.long.address.that.must.be.folded.somewhere@new.example.org"
    candidate.save()
    delivery.sweep(clock=lambda: NOW)
    sent = next(one for one in outbox.outbox if one.to == [candidate.email])
    entry = sent.alternatives[1].content
    assert read(entry).vevent.attendee.value == f"mailto:{candidate.email}"
    assert old not in entry.replace("\r\n ", "")


def test_a_file_to_download_invites_nobody():
    interview = make_interview()
    text = calendar.invitation(interview, Reader.asked(ask_of(interview)), at=NOW, method=PUBLISH)
    assert "METHOD:PUBLISH" in text
    assert "ATTENDEE" not in text
