"""What a column may mean, and how it is told by its name: for exports of other systems and for any table.

The names of columns are facts from their help pages. Greenhouse: "Bulk import candidates from spreadsheet" and
"Essential candidate report". Lever: "Migrating Your Data (Self-Service)" and "How do I add multiple / import many
candidates?". Workable: "Importing candidate data from spreadsheet" and the fields of a candidate in its API. Each
company can add columns of its own, so that a header is recognised by what only that system writes, and every guess
is shown before anything happens.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import JobQuestion

IGNORE = ""
QUESTION = "question:"
FIELDS: dict[str, str | Promise] = {
    IGNORE: _("(leave out)"),
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("Mail address"),
    "phone": _("Phone"),
    "applied_at": _("Applied on"),
    "letter": _("Cover letter"),
    "resume": _("Résumé: its file name in the ZIP"),
    "source": _("Source"),
    "job": _("Job, by its title"),
    "status": _("Stage or status there"),
    "closed": _("Why it ended there"),
    "note": _("Note"),
}
SEVERAL = {"note", "status"}  # may stand in several columns


@dataclass(frozen=True)
class Preset:
    """An export of another system. One of `tells` has to stand in the header as a whole."""

    key: str
    label: str
    tells: tuple[frozenset[str], ...]
    columns: dict[str, str]


def told(*names: str) -> frozenset[str]:
    """Columns that together tell a system."""
    return frozenset(names)


# For any table; what a system means otherwise stands with it.
COLUMNS = {
    "name": "name",
    "full name": "name",
    "candidate name": "name",
    "candidate": "name",
    "applicant name": "name",
    "first name": "first_name",
    "firstname": "first_name",
    "given name": "first_name",
    "last name": "last_name",
    "lastname": "last_name",
    "surname": "last_name",
    "family name": "last_name",
    "email": "email",
    "e mail": "email",
    "mail": "email",
    "emails": "email",
    "email address": "email",
    "email addresses": "email",
    "e mail address": "email",
    "contact email": "email",
    "personal email addresses": "email",
    "phone": "phone",
    "phones": "phone",
    "phone number": "phone",
    "phone numbers": "phone",
    "mobile": "phone",
    "telephone": "phone",
    "applied on": "applied_at",
    "applied at": "applied_at",
    "application date": "applied_at",
    "date applied": "applied_at",
    "cover letter": "letter",
    "letter": "letter",
    "source": "source",
    "sources": "source",
    "job": "job",
    "job title": "job",
    "job name": "job",
    "resume": "resume",
    "résumé": "resume",
    "cv": "resume",
    "resume filename": "resume",
    "resume file name": "resume",
    "resume file": "resume",
    "stage": "status",
    "status": "status",
    "current stage": "status",
    "rejection reason": "closed",
    "note": "note",
    "notes": "note",
    "comment": "note",
    "comments": "note",
}
PRESETS = (
    Preset(
        "greenhouse",
        "Greenhouse",
        (
            told("first name", "last name", "milestone"),
            told("first name", "last name", "who gets credit"),
            told("candidate name", "application status"),
            told("candidate name", "job name"),
            told("first name", "last name", "application date", "candidate id"),
        ),
        {
            "application status": "status",
            "milestone": "status",
            "stage name": "status",
            "date applied": "applied_at",
            "created at": IGNORE,
            "rejected reason": "closed",
            "title": IGNORE,
        },
    ),
    Preset(
        "lever",
        "Lever",
        (
            told("full name", "archive reason"),
            told("full name", "origin"),
            told("full name", "lever posting url"),
            told("candidate name", "origin"),
            told("opportunity id"),
        ),
        {
            "date added": "applied_at",
            "created at": "applied_at",
            "archive reason": "closed",
            "posting": "job",
            "posting title": "job",
            "origin": "note",
            "tags": "note",
        },
    ),
    Preset(
        "workable",
        "Workable",
        (
            told("name", "headline", "email"),
            told("firstname", "lastname", "headline"),
            told("disqualified", "email"),
            told("disqualification reason"),
        ),
        {
            "created at": "applied_at",
            "date created": "applied_at",
            "creation time": "applied_at",
            "disqualified": "closed",
            "disqualification reason": "closed",
            "disqualified reason": "closed",
            "summary": "note",
            "headline": "note",
        },
    ),
)
LABELS = {preset.key: preset.label for preset in PRESETS}


def plain(name: str) -> str:
    """A column's name as the tables above write it: small letters, one space where other signs stood."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def recognise(header: list[str]) -> Preset | None:
    """The system whose export has this header, if one can be told."""
    names = {plain(name) for name in header}
    return next((preset for preset in PRESETS if any(tell <= names for tell in preset.tells)), None)


def guess(header: list[str], preset: Preset | None, questions: list[JobQuestion]) -> list[str]:
    """The meaning of each column, as far as its name tells; what may stand once is given once."""
    known = COLUMNS | (preset.columns if preset else {})
    known |= {plain(question.label): f"{QUESTION}{question.pk}" for question in questions}
    meanings: list[str] = []
    for name in header:
        meaning = known.get(plain(name), IGNORE)
        meanings.append(IGNORE if meaning in meanings and meaning not in SEVERAL else meaning)
    return meanings


def fingerprint(header: list[str]) -> str:
    """The key under which the meanings of a header are remembered."""
    return hashlib.sha256("\n".join(map(plain, header)).encode()).hexdigest()
