"""What may stand in a company's own words for a mail. A new placeholder is one line here, and its name at its mails.

Filling in is plain replacement of `{name}` and its like out of this list: no attribute, no expression, no template
language, so that a text can say nothing that the list does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.post.models import Message

BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")
Value = Callable[[Message, Mapping[str, Any]], object]


@dataclass(frozen=True)
class Placeholder:
    """What a placeholder means, for the person who writes; an example of it; and what stands for it in a mail."""

    meaning: str | Promise
    example: Any
    value: Value


def _told(*names: str) -> Value:
    """What the mail was told under the first of these names that it was told anything under."""
    return lambda message, context: next((message.data[name] for name in names if message.data.get(name)), "")


def _points(name: str) -> Value:
    """A list that the mail was told, a line for each."""
    return lambda message, context: "\n".join(f"- {one}" for one in message.data.get(name) or [])


def _candidate(message: Message, context: Mapping[str, Any]) -> object:
    return message.application.candidate.name if message.application else ""


def _job(message: Message, context: Mapping[str, Any]) -> object:
    return message.application.job.title if message.application else _told("job", "title")(message, context)


def _reader(message: Message, context: Mapping[str, Any]) -> object:
    if message.ask:
        return message.ask.name
    return _told("reader", "name")(message, context) or _candidate(message, context)


def _when(message: Message, context: Mapping[str, Any]) -> object:
    starts_at = message.data.get("starts_at")
    return _moment(datetime.fromisoformat(starts_at)) if starts_at else _told("when")(message, context)


PLACEHOLDERS: dict[str, Placeholder] = {
    "name": Placeholder(gettext_lazy("the candidate's name"), "Cara Candidate", _candidate),
    "reader": Placeholder(gettext_lazy("the name of whoever gets the mail"), "Rolf Reader", _reader),
    "job": Placeholder(gettext_lazy("the title of the job"), "Support specialist", _job),
    "company": Placeholder(gettext_lazy("the name of your company"), "", lambda mail, more: more["company_name"]),
    "link": Placeholder(
        gettext_lazy("the personal link, which becomes the button"), "", lambda mail, more: more["url"]
    ),
    "way_out": Placeholder(gettext_lazy("the link that ends mails like this"), "", _told("way_out")),
    "days": Placeholder(gettext_lazy("how many days"), 7, _told("days")),
    "when": Placeholder(gettext_lazy("day and time, in their time zone"), "Mon 14 Jan 2030, 10:00", _when),
    "place": Placeholder(gettext_lazy("where it is"), "Room 2, Harbour Street 4", _told("place")),
    "video": Placeholder(gettext_lazy("the address of the video call"), "video.example/room", _told("video_link")),
    "minutes": Placeholder(gettext_lazy("how many minutes it takes"), 45, _told("minutes")),
    "more": Placeholder(gettext_lazy("how many minutes were added"), 15, _told("more")),
    "due": Placeholder(
        gettext_lazy("until when they may answer, in their time zone"),
        "Mon 14 Jan 2030, 17:00",
        lambda mail, more: _moment(mail.ask.due_at) if mail.ask else "",
    ),
    "asked": Placeholder(
        gettext_lazy("the day on which they were asked"),
        "Mon 7 Jan",
        lambda mail, more: date_format(localtime(mail.ask.opens_at), _("D j M")) if mail.ask else "",
    ),
    "since": Placeholder(
        gettext_lazy("the day on which they were hired"),
        "Mon 7 Jan 2030",
        lambda mail, more: (
            date_format(localtime(mail.application.stage_since), _("D j M Y")) if mail.application else ""
        ),
    ),
    "what": Placeholder(
        gettext_lazy("what they were asked for"),
        "Choose a time",
        lambda mail, more: mail.ask.spoken_title if mail.ask else "",
    ),
    "note": Placeholder(gettext_lazy("what the recruiter adds, if anything"), "See you soon!", _told("note")),
    "signature": Placeholder(gettext_lazy("the name of the colleague who signs"), "Rita Recruiter", _told("signature")),
    "manager": Placeholder(
        gettext_lazy("the hiring manager of the job"),
        "Max Manager",
        lambda mail, more: mail.application.job.hiring_manager if mail.application else "",
    ),
    "interviewers": Placeholder(gettext_lazy("who talks with them"), ["Ina", "Igor"], _told("interviewers")),
    "caller": Placeholder(gettext_lazy("who calls them"), "Rita Recruiter", _told("caller")),
    "times": Placeholder(gettext_lazy("the first free times, a line each"), ["Mon 14 Jan, 10:00"], _points("times")),
    "kit": Placeholder(gettext_lazy("the interview kit"), "Listening and calming", _told("kit")),
    "exercise": Placeholder(gettext_lazy("the written exercise"), "Three mails", _told("exercise")),
    "work": Placeholder(gettext_lazy("the code name of whose work it is"), "Quiet Heron", _told("work")),
    "wanted": Placeholder(gettext_lazy("how many referees"), 2, _told("wanted")),
    "names": Placeholder(gettext_lazy("the referees who gave nothing"), ["Nora", "Emil"], _told("names")),
    "about": Placeholder(gettext_lazy("what the referee is asked about"), ["Empathy", "Patience"], _told("about")),
    "starts_on": Placeholder(gettext_lazy("the first day of the trial"), "Mon 14 Jan", _told("starts_on")),
    "starts_until": Placeholder(gettext_lazy("the latest first day"), "Mon 21 Jan", _told("starts_until")),
    "ends_on": Placeholder(gettext_lazy("the day by which it is decided"), "Fri 8 Feb", _told("ends_on")),
    "from_on": Placeholder(gettext_lazy("the first day of the pause"), "Mon 21 Jan", _told("from_on")),
    "until_on": Placeholder(gettext_lazy("the day after the pause, if known"), "Mon 28 Jan", _told("until_on")),
    "on": Placeholder(gettext_lazy("the day on which it goes on"), "Mon 28 Jan", _told("on")),
    "next_check_in": Placeholder(gettext_lazy("the day of the next check-in"), "Fri 18 Jan", _told("next_check_in")),
    "check_ins": Placeholder(gettext_lazy("the days of the check-ins"), "Fri 18 Jan, Fri 25 Jan", _told("check_ins")),
    "number": Placeholder(gettext_lazy("which check-in it is"), 1, _told("number")),
    "length": Placeholder(gettext_lazy("how long the trial is"), "4 weeks", _told("length")),
    "hours": Placeholder(gettext_lazy("the hours of the trial"), "32 hours a week", _told("hours")),
    "pay": Placeholder(gettext_lazy("the pay of the trial"), "2,900 EUR a month", _told("pay")),
    "leader": Placeholder(gettext_lazy("who leads the trial"), "Lea Leader", _told("leader")),
    "buddy": Placeholder(gettext_lazy("the buddy of the trial"), "Bo Buddy", _told("buddy")),
    "weeks": Placeholder(gettext_lazy("what the weeks are for, a line each"), ["Learning"], _points("weeks")),
}


def mistakes(written: str, *, allowed: Iterable[str]) -> list[str]:
    """What is wrong with the placeholders of `written`, each named, in words for the person who wrote it."""
    known = list(allowed)
    found = (_mistake(brace) for brace in BRACES.finditer(written) if brace[1] is None or brace[1] not in known)
    return list(dict.fromkeys(found))


def used(written: str) -> set[str]:
    """The names that stand in `written` between braces."""
    return {brace[1] for brace in BRACES.finditer(written) if brace[1]}


def values(names: Iterable[str], message: Message, context: Mapping[str, Any]) -> dict[str, str]:
    """What stands for each of these in `message`; what it does not know stays empty. `context`: of `rendering`."""
    return {name: in_words(PLACEHOLDERS[name].value(message, context)) for name in names}


def in_words(value: object) -> str:
    """A number, a list or words, as they stand in a sentence."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str("" if value is None else value)


def fill_in(written: str, values: Mapping[str, str]) -> str:
    """`written` with its placeholders filled in, in one pass: a value that looks like one stays what it is."""
    return BRACES.sub(lambda brace: values.get(brace[1] or "", brace[0]), written)


def _mistake(brace: re.Match[str]) -> str:
    if brace[1] is None:
        return _("A single %(brace)s has no partner. Braces only stand around placeholders.") % {"brace": brace[0]}
    return _("%(placeholder)s is no placeholder of this mail.") % {"placeholder": brace[0]}


def _moment(at: datetime) -> str:
    return date_format(localtime(at), _("D j M Y, H:i"))
