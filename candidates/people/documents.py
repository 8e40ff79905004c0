"""Files that people give us: what we take, how it is kept, and that a failed transaction leaves none behind."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from candidates.people import filetypes
from candidates.people.filetypes import FileType
from candidates.people.models import Application, Document, random_key
from candidates.people.uploads import MOST_BYTES, LostUpload

LONGEST_NAME = 255
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
        if upload and (wrong := _what_is_wrong(upload)):
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


def _keep(upload: UploadedFile, document: Document) -> Document:
    written = _written.get()
    if written is None:
        raise RuntimeError("files belong inside documents.atomic(), or a failure would leave them behind")
    found = filetypes.recognise(upload)
    if found is None:
        raise ValueError("not a type of file that we take")
    document.name, document.content_type = clean_name(upload.name or "", found), found.content_type
    document.size, document.sha256 = _measure(upload)
    document.file.name = _write(upload, written)
    document.save(force_insert=True)
    return document


def hold(upload: UploadedFile, *, kind: Document.Kind, at: datetime, until: datetime) -> Document:
    """Keep `upload` without an application for a while, for a form that is not sent yet. Raises as `store`."""
    return _keep(upload, Document(kind=kind, at=at, expires_at=until))


def attach(document: Document, application: Application, *, at: datetime) -> bool:
    """Give a held document to `application`, once. False when it is gone, given already, or its time is over."""
    held = Document.objects.filter(pk=document.pk, application=None, expires_at__gt=at)
    return held.update(application=application, expires_at=None, at=at) == 1


def _what_is_wrong(upload: Any) -> str:
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
            _storage().delete(key)
        raise
    finally:
        _written.reset(token)


def _storage() -> Any:
    return Document._meta.get_field("file").storage
