"""Mails to people who do not exist: for looking at words before any mail leaves in them, and for the shipped words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from candidates.jobs.models import HiringPlan, Job
from candidates.people.models import Application, Candidate
from candidates.post import rendering, texts
from candidates.post.models import Ask, Message
from candidates.post.placeholders import PLACEHOLDERS
from candidates.post.texts import CANDIDATE, EDITABLE, INTERVIEWER, REFEREE, Words
from candidates.staff.models import User

ROLES = {CANDIDATE: Ask.Role.CANDIDATE, REFEREE: Ask.Role.REFEREE, INTERVIEWER: Ask.Role.INTERVIEWER}
WITHOUT_APPLICATION = {"careers/draft", "interviews/times", "sourcing/invitation", "sourcing/referrer"}
OF_ROWS = {
    "name",
    "reader",
    "job",
    "company",
    "link",
    "manager",
    "due",
    "asked",
    "since",
    "what",
}  # no data of the mail
OTHERWISE_CALLED = {"video": "video_link"}  # in the data of mails
# Moments, numbers and a zone that no text of ours holds: where they come out, a placeholder is meant.
STARTS_AT, DUE_AT = datetime(2091, 3, 7, 4, 47, tzinfo=UTC), datetime(2092, 5, 9, 3, 53, tzinfo=UTC)
ASKED_AT, SINCE = datetime(2093, 8, 29, 1, 59, tzinfo=UTC), datetime(2094, 9, 17, 2, 43, tzinfo=UTC)
FIRST_NUMBER = 7001
ZONE = "Pacific/Chatham"


def sample(template: str, *, language: str, at: datetime, reason: str = "") -> Message:
    """A mail with all that a real one has, for looking at; it is in no database."""
    told = {name: one.example for name, one in PLACEHOLDERS.items()}
    starts_at, due_at = at + timedelta(days=7), at + timedelta(days=8)
    message = _make(template, told, language=language, zone=settings.TIME_ZONE, asked_at=at, due_at=due_at, since=at)
    message.data |= {"starts_at": starts_at.isoformat(), "reason": reason, "way_out": rendering.LINK}
    return message


def shipped(template: str, *, language: str, reason: str = "") -> Words:
    """The words that we ship for this mail, with their placeholders: what one begins with who words it anew."""
    numbers = _numbers()
    told = {name: _mark(name, one.example, numbers) for name, one in PLACEHOLDERS.items()}
    message = _make(template, told, language=language, zone=ZONE, asked_at=ASKED_AT, due_at=DUE_AT, since=SINCE)
    message.data |= {"starts_at": STARTS_AT.isoformat(), "reason": reason}
    message.data |= {"url": "{link}", "way_out": "{way_out}", "company_name": "{company}"}
    mail = rendering.render(message, own_words=())
    forms = _forms(language) | {str(number): f"{{{name}}}" for name, number in numbers.items()}
    return Words(_with_marks(mail.subject, forms), _with_marks(mail.text, forms).strip())


def _make(
    template: str,
    told: dict[str, Any],
    *,
    language: str,
    zone: str,
    asked_at: datetime,
    due_at: datetime,
    since: datetime,
) -> Message:
    editable = EDITABLE[template]
    candidate = Candidate(name=told["name"], email="cara@example.org", language=language, zone=zone)
    data = {OTHERWISE_CALLED.get(name, name): value for name, value in told.items() if name not in OF_ROWS}
    message = Message(template=template, to=candidate.email, data=data | {"kit_minutes": 45, "which": "before"})
    if template in WITHOUT_APPLICATION:
        message.language, message.zone = language, zone
        message.data |= {"name": told["reader"], "title": told["job"], "is_member": True}
        return message
    manager = User(first_name=told["manager"])
    job = Job(title=told["job"], hiring_manager=manager)
    application = Application(candidate=candidate, job=job, plan=HiringPlan(), applied_at=asked_at, stage_since=since)
    asked = Ask(language=language, zone=zone, email=candidate.email, title=told["what"], application=application)
    asked.name = told["reader"] if "reader" in editable.placeholders else candidate.name
    asked.role = ROLES.get(editable.reader, Ask.Role.CANDIDATE)
    asked.opens_at, asked.created_at, asked.due_at = asked_at, asked_at, due_at
    message.application, message.ask = application, asked
    _give_interview(asked, message.data)
    return message


def _give_interview(asked: Ask, told: dict[str, Any]) -> None:
    """Mails to interviewers read the interview by way of their scorecard, which is of an app above this one."""
    interview = SimpleNamespace(minutes=told["minutes"], place=told["place"], video_link=told["video_link"])
    interview.starts_at = STARTS_AT
    asked._state.fields_cache["scorecard"] = SimpleNamespace(panelist=SimpleNamespace(interview=interview))


def _mark(name: str, example: Any, numbers: dict[str, int]) -> Any:
    """What comes out of a template as the placeholder, or as what stands for it alone."""
    if name in numbers:
        return numbers[name]
    return [f"{{{name}}}"] if isinstance(example, list) else f"{{{name}}}"


def _numbers() -> dict[str, int]:
    """Templates count with numbers, so each gets one by which it is known again."""
    names = [name for name, one in PLACEHOLDERS.items() if isinstance(one.example, int)]
    return {name: FIRST_NUMBER + place for place, name in enumerate(names)}


def _forms(language: str) -> dict[str, str]:
    """How the moments come out of templates, the longest first."""
    with translation.override(language), timezone.override(ZoneInfo(ZONE)):
        found = {f" ({ZONE})": ""}
        for form in (_("D j M Y, H:i"), _("D j M, H:i"), _("D j M Y"), _("D j M"), "H:i"):
            for name, moment in (("when", STARTS_AT), ("due", DUE_AT), ("asked", ASKED_AT), ("since", SINCE)):
                found.setdefault(date_format(localtime(moment), form), f"{{{name}}}")
    return found


def _with_marks(written: str, forms: dict[str, str]) -> str:
    """`written` with placeholders for the moments and numbers; points of a list are the placeholder's own."""
    for form in sorted(forms, key=len, reverse=True):
        written = written.replace(form, forms[form])
    for name in ("times", "weeks"):
        written = written.replace(f"- {{{name}}}", f"{{{name}}}")
    return texts.one_line(written) if "\n" not in written else written
