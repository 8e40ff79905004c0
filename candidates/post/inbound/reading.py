"""A mail out of its bytes, as far as we need it. Whatever stands in it, it ends in a letter or in `Unreadable`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, message_from_string
from email.errors import MultipartInvariantViolationDefect, StartBoundaryNotFoundDefect
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from html import unescape

import nh3
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop

from candidates.post.inbound import machines

MOST_BYTES = 25 * 1024 * 1024  # of one mail
MOST_CHARACTERS = 100_000  # of its text
MOST_HTML = 2_000_000
MOST_PARTS = 200
MOST_FILES = 20
LONGEST_HEADER = 20_000
IDS = re.compile(r"<([^<>\s]{1,250})>")
ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
BROKEN = gettext_noop("Its parts do not fit together, so that we cannot read it.")
EMPTY = gettext_noop("It is empty, or no mail at all.")
TOO_MANY = gettext_noop("It has too many parts.")
BLOCKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote)\b[^>]*>", re.IGNORECASE)
QUOTES = re.compile(r"<blockquote\b[^>]*>", re.IGNORECASE)
KEPT_TAGS = {"br", "p", "div", "li", "tr", "blockquote", *(f"h{level}" for level in range(1, 7))}
QUOTED_BELOW = "\n" + "_" * 20 + "\n"  # what `quoting` takes for the beginning of what is quoted
SURROGATES = re.compile(r"[\ud800-\udfff]")
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n"}


class Unreadable(Exception):
    """It cannot be read; `str()` says why, for people."""


@dataclass(frozen=True)
class File:
    """Something that was attached."""

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True)
class Letter:
    """One mail that came. `machine` says why a program wrote it; nothing when a person did."""

    message_id: str
    sender: str
    subject: str
    text: str
    size: int
    refers_to: list[str]
    recipients: list[str]
    machine: str
    files: list[File] = field(default_factory=list)


def parse(raw: bytes) -> Message:
    """The mail with its parts.

    Raises:
        Unreadable: it has no headers, more parts than anybody sends, or ones that do not fit together.
    """
    letter = message_from_bytes(raw)
    if not letter.keys():
        raise Unreadable(EMPTY)
    parts = [part for part, _number in zip(letter.walk(), range(MOST_PARTS + 1), strict=False)]
    if len(parts) > MOST_PARTS:
        raise Unreadable(TOO_MANY)
    wrong = (MultipartInvariantViolationDefect, StartBoundaryNotFoundDefect)
    if any(isinstance(defect, wrong) for part in parts for defect in part.defects):
        raise Unreadable(BROKEN)
    return letter


def read(letter: Message, raw: bytes, *, recipients: Iterable[str] = ()) -> Letter:
    """What we need of a parsed mail.

    Args:
        recipients: to whom it was delivered, where whoever took it knows more than its headers say.
    """
    sender, subject = _sender(letter), _header(letter, "Subject")
    return Letter(
        message_id=message_id(letter, raw),
        sender=sender,
        subject=" ".join(subject.split())[:250],
        text=text_of(letter),
        size=len(raw),
        refers_to=ids_in(letter, "In-Reply-To") + ids_in(letter, "References")[::-1],
        recipients=[*recipients, *(address for name in ADDRESSED for address in addresses_in(letter, name))],
        machine=machines.why(letter, subject, sender),
        files=list(_files(letter)),
    )


def message_id(letter: Message | None, raw: bytes) -> str:
    """The id of a mail as it says; a digest of its bytes where it has none."""
    ids = ids_in(letter, "Message-ID") if letter is not None else []
    return ids[0] if ids else digest(raw)


def digest(raw: bytes) -> str:
    """What names bytes that have no name of their own."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def clean(text: str) -> str:
    """What the database takes and people can read: no NUL, no lone surrogate, no control, one kind of line end."""
    plain = SURROGATES.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    return plain.translate(CONTROLS)


def from_html(html: str) -> str:
    """The words of an HTML text, line by line; what it quotes is set off for `quoting`."""
    kept = nh3.clean(html[:MOST_HTML], tags=KEPT_TAGS, attributes={}, clean_content_tags={"script", "style", "title"})
    lines = BLOCKS.sub("\n", QUOTES.sub(QUOTED_BELOW, kept, count=1))
    words = unescape(nh3.clean(lines, tags=set())).replace("\xa0", " ")
    return re.sub(r"\n\s*\n\s*\n+", "\n\n", "\n".join(line.strip() for line in words.split("\n"))).strip()


def text_of(letter: Message) -> str:
    """Its plain text, else that of its HTML; what is longer than we keep ends in a word that says so."""
    bodies = {kind: part for part in reversed(list(_bodies(letter))) for kind in (part.get_content_type(),)}
    if plain := bodies.get("text/plain"):
        text = clean(decoded(plain))
    else:
        text = clean(from_html(decoded(bodies["text/html"]))) if "text/html" in bodies else ""
    text = text.strip()
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}\n[…]"


def _bodies(letter: Message) -> Iterator[Message]:
    """Parts that are text and no file, without those of mails that are attached."""
    if letter.get_content_maintype() == "message":
        return
    if letter.is_multipart():
        for part in letter.get_payload():
            if isinstance(part, Message):
                yield from _bodies(part)
    elif letter.get_content_maintype() == "text" and not _is_file(letter):
        yield letter


def decoded(part: Message) -> str:
    """The words of a text part, whatever it says of its encoding."""
    content = _content(part)
    try:
        return content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")


def parse_headers(text: str) -> Message:
    """Headers that came as a text."""
    return message_from_string(text)


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _files(letter: Message) -> Iterator[File]:
    found = (part for part in letter.walk() if not part.is_multipart() and _is_file(part))
    for part, _number in zip(found, range(MOST_FILES), strict=False):
        yield File(
            clean(_decoded_header(part.get_filename() or "")).strip()[:255] or "–",
            _content(part),
            part.get_content_type(),
        )


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _sender(letter: Message) -> str:
    """Who wrote it, if that is an address at all."""
    found = next(iter(addresses_in(letter, "From")), "")
    try:
        validate_email(found)
    except ValidationError:
        return ""
    return found[:254]


def addresses_in(letter: Message, name: str) -> list[str]:
    """The addresses in a header."""
    values = [clean(str(value))[:LONGEST_HEADER] for value in letter.get_all(name, [])[:20]]
    return [address.strip() for _name, address in getaddresses(values) if "@" in address][:100]


def ids_in(letter: Message, name: str) -> list[str]:
    """The Message-IDs in a header, without their brackets."""
    return IDS.findall(clean(str(letter.get(name, "")))[:LONGEST_HEADER])


def _header(letter: Message, name: str) -> str:
    return clean(_decoded_header(str(letter.get(name, ""))))


def _decoded_header(value: str) -> str:
    """Without the encoding of headers, as far as it makes sense."""
    short = value[:LONGEST_HEADER]
    try:
        return str(make_header(decode_header(short)))
    except (LookupError, ValueError):  # UnicodeError and HeaderParseError are ValueErrors
        return short
