"""Files that people give us: what we take, how it is kept, and that a failed transaction leaves none behind."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from candidates.people import filetypes
from candidates.people.extraction import words
from candidates.people.filetypes import FileType
from candidates.people.models import Application, Document, random_key
from candidates.people.uploads import MOST_BYTES, LostUpload

LONGEST_NAME = 255
MOST_SWEPT = 5000  # files that one sweep deletes
BATCH = 500
UNTOUCHED = timedelta(days=1)  # a file is written before its row; no transaction lasts so long
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # controls, bidi overrides, lone surrogates, line separators
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


class NotStored(Exception):
    """The file could not be written: the disk is full or away. Nothing of it is left."""


class DocumentField(forms.FileField):
    """A file to choose; refuses by size and by content, never by name."""

    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("This file is empty. Save it again and choose it once more."),
        "lost": _("We could not keep your file just now. Try again in some minutes."),
        "too_big": _("This file is larger than 10 MB. Save it smaller, for example without pictures."),
        "not_taken": _("This is not a PDF, DOCX, ODT, RTF or text file. Save it as PDF and choose it again."),
    }
    widget = forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.rtf,.txt"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=None, **kwargs)

    def to_python(self, data: Any) -> File[bytes] | None:
        """The upload as it came, when it is one of the types that we take."""
        upload = super().to_python(data)
        if upload and (wrong := what_is_wrong(upload)):
            raise ValidationError(self.error_messages[wrong], code=wrong)
        return upload


@contextmanager
def atomic() -> Iterator[None]:
    """A transaction whose files go when it fails.

    A failure of the COMMIT itself deletes nothing: the connection may have broken after the database committed, and
    a file too many is better than an application without its file.
    """
    with transaction.atomic(), _deleting_on_failure():
        yield


def store(application: Application, upload: UploadedFile, *, kind: Document.Kind, at: datetime) -> Document:
    """Keep `upload` for `application`. Call inside `documents.atomic()`.

    Raises:
        ValueError: not a type that we take; forms refuse those before, by `DocumentField`.
        NotStored: the disk is full or away.
    """
    return _keep(upload, Document(application=application, kind=kind, at=at))


def _keep(upload: UploadedFile, document: Document, found: FileType | None = None) -> Document:
    written = _written.get()
    if written is None:
        raise RuntimeError("files belong inside documents.atomic(), or a failure would leave them behind")
    found = found or filetypes.recognise(upload)
    if found is None:
        raise ValueError("not a type of file that we take")
    document.name, document.content_type = clean_name(upload.name or "", found), found.content_type
    document.size, document.sha256 = _measure(upload)
    document.file.name = _write(upload, written)
    document.save(force_insert=True)
    words.wait_for(document, at=document.at)
    return document


def hold(
    upload: UploadedFile, *, kind: Document.Kind, at: datetime, until: datetime, found: FileType | None = None
) -> Document:
    """Keep `upload` without an application for a while, for a form that is not sent yet. Raises as `store`.

    Args:
        until: from then on it may be deleted at any time.
        found: what it is, when the caller has looked itself: an import takes other types than we take from candidates.
    """
    return _keep(upload, Document(kind=kind, at=at, expires_at=until), found)


def attach(document: Document, application: Application, *, at: datetime) -> bool:
    """Give a held document to `application`, once. False when it is gone, given already, or its time is over."""
    held = Document.objects.filter(pk=document.pk, application=None, expires_at__gt=at)
    return held.update(application=application, expires_at=None, at=at) == 1


def sweep_held(at: datetime) -> int:
    """Delete the held documents whose time is over, row first, then file; returns how many.

    Several workers may do so at once: each takes other rows. `attach` waits for a row that is being deleted, and then
    finds none. A file that stays behind because its deletion failed is an orphan (see `sweep_orphans`).
    """
    count = 0
    while count < MOST_SWEPT and (keys := _delete_held(at)):
        for key in keys:
            _delete_file(key)
        count += len(keys)
    return count


@transaction.atomic
def _delete_held(at: datetime) -> list[str]:
    """Delete the rows of some whose time is over; gives the places of their files."""
    over = Document.objects.filter(application=None, expires_at__lte=at).order_by("pk")
    some = list(over.select_for_update(skip_locked=True).only("file")[:BATCH])
    Document.objects.filter(pk__in=[document.pk for document in some]).delete()
    return [str(document.file.name) for document in some]


def sweep_orphans(at: datetime) -> int:
    """Delete files that no row names, left behind by a crash, once they are a day old; returns how many.

    Each hour of the day looks into its own share of the folders, so that a run stays short however many files there
    are, and every folder is looked into once a day.
    """
    folders = [f"{number:02x}" for number in range(256) if number % 24 == at.hour]
    orphans = (key for folder in folders for key in _orphans(folder, at - UNTOUCHED))
    return sum(1 for key in islice(orphans, MOST_SWEPT) if _delete_file(key))


def _orphans(folder: str, before: datetime) -> Iterator[str]:
    """Files in `folder` that no row names, written before that time. What is not called like ours stays."""
    keys = {f"{folder}/{name}" for name in _names_in(folder) if re.fullmatch(r"[0-9a-f]{32}", name)}
    if keys:
        keys -= set(Document.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True))
    yield from (key for key in sorted(keys) if _was_written_before(key, before))


def _names_in(folder: str) -> list[str]:
    try:
        _folders, names = _storage().listdir(folder)
    except FileNotFoundError:
        return []
    return list(names)


def _was_written_before(key: str, before: datetime) -> bool:
    try:
        return bool(_storage().get_modified_time(key) < before)
    except FileNotFoundError:
        return False  # another worker was quicker


def _delete_file(key: str) -> bool:
    """Whether it is gone; a storage that is away keeps it until the next sweep of orphans."""
    try:
        _storage().delete(key)
    except OSError:
        return False
    return True


def what_is_wrong(upload: Any) -> str:
    """Why we do not take this upload, as a key of `DocumentField`'s messages; nothing when we do."""
    if isinstance(upload, LostUpload):
        return "lost"
    if upload.size > MOST_BYTES:
        return "too_big"
    return "" if filetypes.recognise(upload) else "not_taken"


def clean_name(name: str, found: FileType) -> str:
    """`name` as it may be shown and given back: no path, nothing invisible, an extension that tells the truth."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(char for char in last if unicodedata.category(char) not in INVISIBLE).strip(" .")
    path = PurePosixPath(shown or "document")
    stem = path.stem if path.suffix.lower() == found.extension else path.name
    return stem[: LONGEST_NAME - len(found.extension)] + found.extension


def _measure(upload: UploadedFile) -> tuple[int, str]:
    """Bytes and SHA-256 of what was really read."""
    size, digest = 0, hashlib.sha256()
    for chunk in upload.chunks():
        size += len(chunk)
        digest.update(chunk)
    upload.seek(0)
    return size, digest.hexdigest()


def _write(upload: UploadedFile, written: list[str]) -> str:
    key = random_key(Document(), "")
    written.append(key)
    try:
        return _storage().save(key, upload)
    except OSError as error:
        raise NotStored from error


@contextmanager
def _deleting_on_failure() -> Iterator[None]:
    written: list[str] = []
    token = _written.set(written)
    try:
        yield
    except BaseException:
        for key in written:
            _delete_file(key)
        raise
    finally:
        _written.reset(token)


def _storage() -> Any:
    return Document._meta.get_field("file").storage
