"""A ZIP that somebody sent us: its directory within bounds, and one member at a time, never more than we take.

Nothing is unpacked to the disk, so that a name that climbs out of its folder has nowhere to go. What the archive says
of the size of a member counts for nothing: only what is really read does.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from candidates.people import filetypes
from candidates.people.uploads import MOST_BYTES

MOST_DIRECTORY = 16 * 1024 * 1024  # bytes of a directory; 100,000 names have about ten million
MOST_MEMBERS = 65_534  # one more, and the archive needs a second directory
END, SECOND_DIRECTORY = b"PK\x05\x06", b"PK\x06\x07"
END_SIZE = 22
PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others may ask for gigabytes before they give a byte
ENCRYPTED = 0x1
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip


class NotAnArchive(Exception):
    """It cannot be read as a ZIP; `str()` is for people."""


class NotThere(Exception):
    """The archive has no such file that we can take; `str()` is for people."""


def directory(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive in `file`, once its directory is known to be of a bearable size.

    Raises:
        NotAnArchive: broken, or with more files than we read.
    """
    size = file.seek(0, 2)
    file.seek(max(size - filetypes.TAIL, 0))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_SIZE:
        raise NotAnArchive(_("This ZIP is broken. Make it once more."))
    count, length = struct.unpack("<10xHL6x", tail[at : at + END_SIZE])
    if count > MOST_MEMBERS or length > MOST_DIRECTORY or SECOND_DIRECTORY in tail:
        raise NotAnArchive(_("This ZIP holds too many files. Split it into several imports."))
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except BROKEN as error:
        raise NotAnArchive(_("This ZIP is broken. Make it once more.")) from error


class Resumes:
    """The résumés of an archive, found by file name: with or without its folder, in any case of letters."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read the directory of `file`, which stays open for as long as this is used. Raises as `directory`."""
        self._archive = directory(file)
        self._members: dict[str, list[zipfile.ZipInfo]] = {}
        for member in self._archive.infolist():
            if not member.is_dir():
                for name in _names(member):
                    self._members.setdefault(name, []).append(member)

    @classmethod
    def open(cls, path: Path) -> Resumes:
        """The archive at `path`."""
        file = path.open("rb")
        try:
            return cls(file)
        except NotAnArchive:
            file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        file = self._archive.fp
        self._archive.close()
        if file:
            file.close()

    def take(self, name: str) -> SimpleUploadedFile:
        """The file called `name`, ready to be kept.

        Raises:
            NotThere: missing, there twice, encrypted, broken, too large, or not a type that we take.
        """
        told = {"name": name[:120]}
        content = self._read(self._find(name, told), told)
        if filetypes.recognise(io.BytesIO(content)) is None:
            raise NotThere(_("The résumé %(name)s is not a PDF, DOCX, ODT, RTF or text file.") % told)
        return SimpleUploadedFile(name, content)

    def _find(self, name: str, told: dict[str, str]) -> zipfile.ZipInfo:
        whole = _key(name)
        found = self._members.get(whole) or self._members.get(whole.rpartition("/")[2]) or []
        if not found:
            raise NotThere(_("The ZIP has no file %(name)s.") % told)
        if len(found) > 1:
            raise NotThere(_("The ZIP has several files %(name)s; write the folder before the name.") % told)
        return found[0]

    def _read(self, member: zipfile.ZipInfo, told: dict[str, str]) -> bytes:
        if member.flag_bits & ENCRYPTED or member.compress_type not in PLAIN:
            raise NotThere(_("The résumé %(name)s is encrypted or packed in a way that we do not read.") % told)
        try:
            with self._archive.open(member) as packed:
                content = packed.read(MOST_BYTES + 1)
        except BROKEN as error:
            raise NotThere(_("The résumé %(name)s is broken in the ZIP.") % told) from error
        if len(content) > MOST_BYTES:
            raise NotThere(_("The résumé %(name)s is larger than 10 MB.") % told)
        return content


def _names(member: zipfile.ZipInfo) -> set[str]:
    """By what a table may call the member: with its folder, without, and as UTF-8 where the archive does not say so."""
    written = {member.filename}
    with suppress(UnicodeError):
        written.add(member.orig_filename.encode("cp437").decode("utf-8"))
    keys = {_key(name) for name in written}
    return keys | {key.rpartition("/")[2] for key in keys}


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold().strip().lstrip("/")
