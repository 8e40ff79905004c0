"""What a file is by its content; the name and the type that its sender gives count for nothing.

Office documents are zip archives: only the directory is read, nothing is unpacked, so that a bomb stays folded.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

TAIL = 64 * 1024  # bytes from the end in which a PDF has its end mark and a zip its directory's address
MOST_MEMBERS = 2000  # of a zip; a long document with pictures has some hundreds
DOCX_TEXT = re.compile(r"word/document\d*\.xml")  # Office on the web numbers it
ODT_START = b"mimetypeapplication/vnd.oasis.opendocument.text"
ODT_AT = 30  # where the first member's name stands in a zip; OpenDocument wants "mimetype" first, not compressed
MARKUP = re.compile(r"<(?:[!?%]|\s*/?(?:html|head|body|script|svg|iframe|object|embed)\b)", re.IGNORECASE)
PROGRAM = ("#!", "%!", "%pdf", "{\\rtf", "@echo", "mime-version:")
FINE_CONTROLS = set("\t\n\r\f")


@dataclass(frozen=True)
class FileType:
    """A kind of file that we take."""

    name: str
    content_type: str
    extension: str


PDF = FileType("PDF", "application/pdf", ".pdf")
DOCX = FileType("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
ODT = FileType("ODT", "application/vnd.oasis.opendocument.text", ".odt")
RTF = FileType("RTF", "application/rtf", ".rtf")
TXT = FileType("TXT", "text/plain", ".txt")


def recognise(file: IO[bytes]) -> FileType | None:
    """The type of `file`, or None for what we do not take. Leaves the file at its beginning."""
    file.seek(0)
    start = file.read(1024)
    found = next((kind for kind, signature, holds in TABLE if start.startswith(signature) and holds(file, start)), None)
    file.seek(0)
    return found


def _is_whole_pdf(file: IO[bytes], start: bytes) -> bool:
    """A PDF that broke off on its way has no end mark."""
    return b"%%EOF" in _tail(file)


def _is_docx(file: IO[bytes], start: bytes) -> bool:
    names = _members(file)
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    has_text = any(DOCX_TEXT.fullmatch(name) for name in names)
    return "[Content_Types].xml" in names and has_text and not has_macros


def _is_odt(file: IO[bytes], start: bytes) -> bool:
    return start[ODT_AT:].startswith(ODT_START + b"PK") and "content.xml" in _members(file)


def _is_plain_text(file: IO[bytes], start: bytes) -> bool:
    file.seek(0)
    text = _decode(file.read())
    return (
        text is not None
        and bool(text.strip())
        and not text.lstrip().lower().startswith(PROGRAM)
        and not MARKUP.search(text)
        and all(char in FINE_CONTROLS or unicodedata.category(char) != "Cc" for char in set(text))
    )


def _decode(content: bytes) -> str | None:
    # Windows-1252 is what "Latin-1" means in practice: its quotation marks stand where Latin-1 has controls.
    for encoding in ("utf-8-sig", "windows-1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _members(file: IO[bytes]) -> set[str]:
    """The names in the zip's directory; none when it is broken or larger than a document's could be."""
    tail = _tail(file)
    end = tail.rfind(b"PK\x05\x06")
    count = int.from_bytes(tail[end + 10 : end + 12], "little")
    if end < 0 or count > MOST_MEMBERS or b"PK\x06\x07" in tail:  # the last: a second directory for 4 GB and more
        return set()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return set()


def _tail(file: IO[bytes]) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(size - TAIL, 0))
    return file.read()


TABLE: list[tuple[FileType, bytes, Callable[[IO[bytes], bytes], bool]]] = [
    (PDF, b"%PDF-", _is_whole_pdf),
    (DOCX, b"PK\x03\x04", _is_docx),
    (ODT, b"PK\x03\x04", _is_odt),
    (RTF, b"{\\rtf1", lambda file, start: True),
    (TXT, b"", _is_plain_text),
]
