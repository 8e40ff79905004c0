"""Résumés as real files: PDF mostly, DOCX now and then; the same seed and clock give the same bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from random import Random

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf import FPDF

from ats.dev.demo import words
from ats.dev.demo.people import Person, plain

DOCX_RATE = 0.15
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Resume:
    """What stands in it: headings, and the lines below each."""

    person: Person
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def draw(person: Person, employer: str, random: Random, *, year: int) -> Resume:
    """A working life of two or three places, the last one at `employer`."""
    kit = words.read("letters")["words"]
    others = [one for one in kit["employers"] if one != employer]
    places = [employer, *random.sample(others, random.choice([1, 2]))]
    work: list[str] = []
    until = year
    for place in places:
        since = until - random.randint(1, 4)
        work += [f"{since}-{until}  {random.choice(kit['roles'])}, {place}", *random.sample(kit["duties"], 2)]
        until = since
    spoken = ", ".join(random.sample(kit["languages"], 3))
    return Resume(
        person, (("Work", tuple(work)), ("School", (random.choice(kit["schools"]),)), ("Languages", (spoken,)))
    )


def upload(resume: Resume, random: Random, *, at: datetime) -> SimpleUploadedFile:
    """The file as a browser would send it."""
    stem = plain(resume.person.name).replace(" ", "-").lower()
    if random.random() < DOCX_RATE:
        return SimpleUploadedFile(f"{stem}.docx", _docx(resume))
    return SimpleUploadedFile(f"{stem}.pdf", _pdf(resume, at))


def _pdf(resume: Resume, at: datetime) -> bytes:
    pdf = FPDF()
    pdf.set_creation_date(at)
    pdf.set_title(plain(resume.person.name))
    pdf.add_page()
    _print(pdf, plain(resume.person.name), size=20)
    _print(pdf, f"{resume.person.email}  {resume.person.phone}", size=10)
    for heading, lines in resume.sections:
        _print(pdf, heading, size=14)
        for line in lines:
            _print(pdf, plain(line), size=10)
    return bytes(pdf.output())


def _print(pdf: FPDF, text: str, *, size: int) -> None:
    pdf.set_font("Helvetica", size=size)
    pdf.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")


def _docx(resume: Resume) -> bytes:
    document = docx.Document()
    document.add_heading(resume.person.name, level=0)
    document.add_paragraph(f"{resume.person.email}  {resume.person.phone}")
    for heading, lines in resume.sections:
        document.add_heading(heading, level=1)
        for line in lines:
            document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    return _without_clock(written)


def _without_clock(archive: io.BytesIO) -> bytes:
    """The same archive without the times at which its members were packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
