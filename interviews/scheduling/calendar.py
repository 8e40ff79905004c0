"""Calendar entries that go with mails: an invitation, its change, its end. One reader each, in their own zone.

The UID stays whatever changes and SEQUENCE grows, so that every calendar knows which word is the last. Nothing in it
is secret: no personal link, no rating, no address of anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from candidates.company.models import Company
from candidates.models import Ask, Candidate
from interviews.models import Interview

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
LONGEST_SUMMARY = 300
NEAR_A_SWITCH = timedelta(hours=3)
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Reader:
    """Whose calendar it is for."""

    name: str
    email: str
    zone: str
    language: str
    is_candidate: bool = False

    @classmethod
    def candidate(cls, person: Candidate) -> Reader:
        """The candidate."""
        return cls(person.name, person.email, person.zone, person.language, is_candidate=True)

    @classmethod
    def asked(cls, asked: Ask) -> Reader:
        """Somebody by what they were asked: an interviewer, or the candidate who chooses a time."""
        is_candidate = asked.role == Ask.Role.CANDIDATE
        return cls(asked.name, asked.email, asked.zone, asked.language, is_candidate)


def invitation(interview: Interview, reader: Reader, *, at: datetime, method: str = REQUEST) -> str:
    """The entry for an agreed interview, as iCalendar text.

    Args:
        at: now, as DTSTAMP.
        method: REQUEST goes with a mail; PUBLISH is for a file that somebody downloads.
    """
    return _written(interview, reader, at, method)


def cancellation(interview: Interview, reader: Reader, *, at: datetime) -> str:
    """What takes the entry out of the reader's calendar again; `interview` still tells when it would have been."""
    return _written(interview, reader, at, CANCEL)


def _written(interview: Interview, reader: Reader, at: datetime, method: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Rapport//Interviews//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    with translation.override(reader.language):
        calendar.add_component(_event(interview, reader, at, method))
    begins = interview.starts_at or at
    calendar.add_missing_timezones(_day(begins - YEAR), _day(begins + YEAR))
    return calendar.to_ical().decode()


def _event(interview: Interview, reader: Reader, at: datetime, method: str) -> Event:
    event, place = Event(), ", ".join(filter(None, [interview.place, interview.video_link]))
    event.add("uid", f"{interview.uid}@{_sender().rpartition('@')[2]}")
    event.add("sequence", interview.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    for name, moment in (("dtstart", interview.starts_at), ("dtend", interview.ends_at)):
        if moment:
            event.add(name, _on_the_wall(moment, reader.zone))
    event.add("summary", _one_line(_summary(interview, reader))[:LONGEST_SUMMARY])
    event.add("location", _one_line(place))
    event.add("description", _description(interview, reader))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event["organizer"] = _address(Company.current().name, _sender())
    if method != PUBLISH:
        event.add("attendee", _attendee(reader), encode=False)
    return event


def _on_the_wall(moment: datetime, zone: str) -> datetime:
    """The time by the reader's clock. Near a switch of that clock in UTC: an hour that comes twice has no other name,
    and programs disagree about the hours around it."""
    offsets = {(moment + shift).astimezone(ZoneInfo(zone)).utcoffset() for shift in (-NEAR_A_SWITCH, NEAR_A_SWITCH)}
    return moment.astimezone(UTC if len(offsets) > 1 else ZoneInfo(zone))


def _summary(interview: Interview, reader: Reader) -> str:
    told = {"name": interview.application.candidate.name, "job": interview.application.job.title}
    if reader.is_candidate:
        return _("Interview at %(company)s: %(job)s") % {**told, "company": Company.current().name}
    return _("Interview with %(name)s (%(job)s)") % told


def _description(interview: Interview, reader: Reader) -> str:
    if reader.is_candidate:
        return _("The way to change or cancel it is in our mail.")
    return _("Your page with the questions is in our mail; its link is yours alone.")


def _attendee(reader: Reader) -> vCalAddress:
    address = _address(reader.name, reader.email)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("FALSE")
    return address


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(_one_line(name).replace('"', "'"))
    return address


def _sender() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
