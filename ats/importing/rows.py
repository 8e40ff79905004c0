"""What a row says, read by what each column means; or why it cannot be taken."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ats.importing.presets import QUESTION
from ats.importing.tables import Line
from candidates.jobs.models import Job, JobQuestion
from candidates.people import identity
from candidates.people.models import Candidate
from candidates.stages import Stage

LONGEST = {"name": 200, "email": 254, "phone": 40}
LONGEST_TEXT = 50_000
LONGEST_FILE_NAME = 255
NEUTRALISED = re.compile(r"'[=+\-@\t\r]")  # as spreadsheets, and our own download, write what must not be a formula
ADDRESS = re.compile(r"://|www\.|[<>]", re.IGNORECASE)
SEPARATED = re.compile(r"[,;\n|]")
NO = {"", "no", "false", "0", "n", "none", "null", "-", "n/a"}
EARLIEST = 1980  # a year; older ones are mistakes
MILLISECONDS = re.compile(r"\d{12,13}")
WORDED = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y")
CLOCK = re.compile(r"[ T,]+(\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:\s*[AaPp][Mm])?)(?:\s*(?:UTC|GMT|Z))?$")
UTC_IN_WORDS = re.compile(r"\s+(UTC|GMT)$")
HIRED = re.compile(r"\bhired\b", re.IGNORECASE)
WITHDREW = re.compile(r"withdr[ae]w|candidate declined|offer declined", re.IGNORECASE)
ENDED = re.compile(r"\b(rejected|disqualified|archived|declined|not selected)\b", re.IGNORECASE)


class Refused(Exception):
    """A row that cannot be taken; `str()` is the reason, for people."""


@dataclass
class Entry:
    """A row that can be taken, as far as the row itself tells."""

    number: int
    person: Candidate
    job: Job
    applied_at: datetime
    letter: str = ""
    source: str = ""
    resume: str = ""
    status: str = ""
    ended: Stage | None = None
    note: str = ""
    answers: list[tuple[JobQuestion, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, str]:
        """The same for two rows about one person and one job."""
        return self.job.pk, self.person.email_key


@dataclass(frozen=True)
class Reading:
    """How rows are read: what the columns mean, and what they are measured against.

    `jobs` are those that a column may name, by their title in small letters; None where two have the same.
    """

    meanings: list[str]
    job: Job
    jobs: dict[str, Job | None]
    questions: dict[int, JobQuestion]
    country: str
    language: str
    at: datetime
    is_month_first: bool = False
    takes_ends: bool = False

    def entry(self, line: Line) -> Entry:
        """What the row says.

        Raises:
            Refused: it cannot be taken.
        """
        texts = self._texts(line)
        job = self._job(texts.get("job", ""))
        entry = Entry(line.number, self._person(texts, job), job, self._applied_at(texts.get("applied_at", ""), job))
        entry.letter = texts.get("letter", "")
        entry.source = " ".join(texts.get("source", "").split())[:80]
        entry.resume = self._file_name(texts.get("resume", ""))
        entry.status = texts.get("status", "")
        closed = "" if texts.get("closed", "").casefold() in NO else texts["closed"]
        entry.ended = _ended(entry.status, closed) if self.takes_ends else None
        told = [f"{_('Elsewhere')}: {text}" for text in (entry.status, closed) if text]
        entry.note = "\n".join([*told, texts.get("note", "")]).strip()
        entry.answers = self._answers(texts)
        return entry

    def shown_name(self, line: Line) -> str:
        """Whom a row is about, as well as can be told of one that is not taken."""
        found = dict(zip(self.meanings, line.cells, strict=False))
        parts = [found.get("name", "") or f"{found.get('first_name', '')} {found.get('last_name', '')}"]
        words = " ".join((parts[0].strip() or found.get("email", "")).split())
        return "".join(char for char in words if unicodedata.category(char)[0] != "C")[:200]

    def _texts(self, line: Line) -> dict[str, str]:
        if line.wrong:
            raise Refused(line.wrong)
        cells, wanted = line.cells, len(self.meanings)
        if any(cell.strip() for cell in cells[wanted:]):
            counted = {"cells": len(cells), "columns": wanted}
            raise Refused(_("It has %(cells)d cells, but the header has %(columns)d.") % counted)
        texts: dict[str, str] = {}
        for meaning, cell in zip(self.meanings, cells, strict=False):
            if meaning and (text := _text(cell)):
                texts[meaning] = f"{texts[meaning]}\n{text}" if meaning in texts else text
        return texts

    def _job(self, title: str) -> Job:
        if not title:
            return self.job
        if title.casefold() not in self.jobs:
            raise Refused(_("You recruit for no job called “%s”.") % title[:100])
        found = self.jobs[title.casefold()]
        if found is None:
            raise Refused(_("Several of your jobs are called “%s”.") % title[:100])
        return found

    def _person(self, texts: dict[str, str], job: Job) -> Candidate:
        parts = texts.get("name") or f"{texts.get('first_name', '')} {texts.get('last_name', '')}"
        person = Candidate(name=_line(parts), email=_first(texts.get("email", "")), phone=_phone(texts))
        if not person.name:
            raise Refused(_("It has no name."))
        if ADDRESS.search(person.name):
            raise Refused(_("The name holds a web address, or signs that no name has."))
        _refuse_address(person.email)
        _refuse_length("name", person.name, _("The name"))
        person.country = job.country or self.country
        person.zone, person.language = job.zone, self.language
        return person.with_keys()

    def _applied_at(self, text: str, job: Job) -> datetime:
        if not text:
            return self.at
        found = read_time(text, is_month_first=self.is_month_first, zone=ZoneInfo(job.zone))
        if found is None:
            raise Refused(_("The date “%s” cannot be read.") % text[:40])
        if found > self.at or found.year < EARLIEST:
            raise Refused(_("The date “%s” lies in the future or too far back.") % text[:40])
        return found

    def _file_name(self, text: str) -> str:
        if len(text) > LONGEST_FILE_NAME:
            raise Refused(_("The file name of the résumé is longer than 255 characters."))
        return text

    def _answers(self, texts: dict[str, str]) -> list[tuple[JobQuestion, str]]:
        asked = [(name, text) for name, text in texts.items() if name.startswith(QUESTION)]
        return [(self.questions[int(name.removeprefix(QUESTION))], text) for name, text in asked]


def read_time(text: str, *, is_month_first: bool, zone: ZoneInfo) -> datetime | None:
    """A date, with or without a time, in one of the ways in which systems write it; None when it is none of them.

    Args:
        text: as it stands in the cell.
        is_month_first: whether 3/4/2026 is in March.
        zone: of a time that is written without one.
    """
    for read in (_milliseconds, _iso, lambda value: _written(value, is_month_first)):
        try:
            found = read(text.strip())
            return found if found.tzinfo else found.replace(tzinfo=zone)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _milliseconds(text: str) -> datetime:
    if not MILLISECONDS.fullmatch(text):
        raise ValueError
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(UTC_IN_WORDS.sub("+00:00", text))


def _written(text: str, is_month_first: bool) -> datetime:
    clock = CLOCK.search(text)
    day = text[: clock.start()] if clock else text
    return datetime.combine(_day(" ".join(day.replace(",", " ").split()), is_month_first), _clock(clock))


def _day(text: str, is_month_first: bool) -> date:
    ways = (*MONTH_FIRST, *WORDED, "%d.%m.%Y") if is_month_first else (*DAY_FIRST, *WORDED)
    for way in (*ways, "%Y/%m/%d"):
        try:
            return datetime.strptime(text, way).date()  # noqa: DTZ007 - the zone is added by the caller
        except ValueError:
            continue
    raise ValueError


def _clock(found: re.Match[str] | None) -> time:
    if found is None:
        return time()
    text = found[1].upper().replace(" ", "")
    if text.endswith("M"):
        return datetime.strptime(text, "%I:%M%p" if text.count(":") == 1 else "%I:%M:%S%p").time()  # noqa: DTZ007
    return time.fromisoformat(text.zfill(5) if text.count(":") == 1 else text.zfill(8))


def _text(cell: str) -> str:
    """A cell without what nobody sees.

    Raises:
        Refused: it holds what cannot be kept, or too much.
    """
    if "\0" in cell:
        raise Refused(_("It holds a NUL, a sign that no text has."))
    text = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", cell).strip()
    if len(text) > LONGEST_TEXT:
        raise Refused(_("A text of %d characters is too long.") % len(text))
    if not text.isprintable():
        text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    return text[1:] if NEUTRALISED.match(text) else text


def _line(text: str) -> str:
    """One line, without marks that turn its direction round."""
    return "".join(char for char in " ".join(text.split()) if unicodedata.category(char) != "Cf" or char == "\u200d")


def _first(text: str) -> str:
    """The first of several addresses."""
    return next(filter(None, (part.strip() for part in SEPARATED.split(text))), "")


def _phone(texts: dict[str, str]) -> str:
    phone = _line(_first(texts.get("phone", "")))
    _refuse_length("phone", phone, _("The phone number"))
    return phone


def _refuse_address(email: str) -> None:
    if not email:
        raise Refused(_("It has no mail address."))
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("“%s” is no mail address.") % _line(email)[:100]) from None
    _refuse_length("email", email, _("The mail address"))
    if not identity.email_key(email):
        raise Refused(_("“%s” is no mail address.") % email[:100])


def _refuse_length(name: str, text: str, what: str) -> None:
    if len(text) > LONGEST[name]:
        told: dict[str, Any] = {"what": what, "most": LONGEST[name]}
        raise Refused(_("%(what)s is longer than %(most)d characters.") % told)


def _ended(status: str, closed: str) -> Stage | None:
    """How it ended there, if it did. Nobody is hired here without the yes of a manager here."""
    words = f"{status}\n{closed}"
    if HIRED.search(words) or WITHDREW.search(words):
        return Stage.WITHDRAWN
    return Stage.REJECTED if closed or ENDED.search(words) else None
