"""What somebody sends who applies again while the first application is open: kept for the recruiters, overwriting
nothing, because nobody has shown that the address is theirs (V29)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.careers.held import FileGone
from candidates.careers.questions import Given
from candidates.people import documents
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate, Document

Kind = Document.Kind


def keep(application: Application, file: UploadedFile | Document, *, kind: Document.Kind, at: datetime) -> Document:
    """Give `application` a file that came with the form, or one that was held for it.

    Raises:
        FileGone: the held one is not there any more, or another application has it.
        documents.NotStored: the disk is full or away.
    """
    if not isinstance(file, Document):
        return documents.store(application, file, kind=kind, at=at)
    if not documents.attach(file, application, at=at):
        raise FileGone(file.pk)
    return file


def add(
    application: Application,
    again: Candidate,
    *,
    letter: str,
    resume: UploadedFile | Document,
    answers: Sequence[Given],
    at: datetime,
) -> None:
    """Keep what is new in it: files as they are, words as one more file; tell it on the timeline, once.

    Args:
        application: the first one, open; locked here, so that of two at once the second finds what the first kept.
        again: how the person calls themselves this time.
    """
    pipeline.lock(application)
    files = [(resume, Kind.RESUME), *((answer.file, Kind.ANSWER) for answer in answers if answer.file)]
    if text := _told_anew(application, again, letter, answers):
        files.append((_as_file(text), Kind.OTHER))
    known = set(application.documents.values_list("sha256", flat=True))
    added = [keep(application, file, kind=kind, at=at).pk for file, kind in files if _digest(file) not in known]
    if added:
        by = Actor.candidate(application.candidate.name)
        pipeline.record(application, "application.repeated", at=at, by=by, documents=added)


def _told_anew(application: Application, again: Candidate, letter: str, answers: Sequence[Given]) -> str:
    """What is said differently from the first time, in words; nothing when all is the same."""
    person = application.candidate
    first = {answer.question_id: answer.value for answer in application.answers.all()}
    told = [
        (_("Name"), again.name if again.name != person.name else ""),
        (_("Phone"), again.phone if again.phone != person.phone else ""),
        *((answer.question.label, answer.value) for answer in answers if _is_new(answer, first)),
        (_("Letter"), letter if letter != application.letter else ""),
    ]
    return "\n\n".join(f"{label}:\n{value}" for label, value in told if value)


def _is_new(answer: Given, first: dict[int, str]) -> bool:
    return answer.file is None and first.get(answer.question.pk) != answer.value


def _as_file(text: str) -> UploadedFile:
    """`text` as RTF, which every word processor opens and in which no markup of the text comes to life."""
    body = "".join(_escaped(char) for char in text)
    content = b"{\\rtf1\\ansi\\uc1 " + body.encode("ascii") + b"}"
    return UploadedFile(ContentFile(content), name=f"{_('Sent again')}.rtf", size=len(content))


def _escaped(char: str) -> str:
    if char == "\n":
        return "\\par\n"
    if char in "\\{}":
        return f"\\{char}"
    if char.isascii():
        return char
    units = char.encode("utf-16-le")
    codes = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
    return "".join(f"\\u{code}?" for code in codes)


def _digest(file: UploadedFile | Document) -> str:
    if isinstance(file, Document):
        return file.sha256
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
