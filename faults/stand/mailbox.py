"""What arrived at the mail server of the stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Arrived:
    """One mail: when it came, to which address, and what is in it."""

    at: datetime
    to: str
    key: str  # the part of its Message-ID before the @: the key of our row
    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        """The addresses of our own pages in its text, without the site."""
        return re.findall(re.escape(settings.SITE_URL) + r"(/[^\s<>\"]*)", self.text)


def arrived(mailbox: Path) -> Iterator[Arrived]:
    """Every mail in the Maildir, the oldest first."""
    parser = BytesParser(policy=policy.default)
    for file in sorted((mailbox / "new").iterdir(), key=lambda one: one.name):
        mail = parser.parsebytes(file.read_bytes())
        assert isinstance(mail, EmailMessage)
        body = mail.get_body(("plain",))
        at = datetime.fromtimestamp(int(file.name.partition(".")[0]) / 1e9, UTC)
        key = str(mail["Message-ID"] or "").strip().removeprefix("<").partition("@")[0]
        text = str(body.get_content()) if body else ""
        yield Arrived(at, str(mail["Delivered-To"] or ""), key, str(mail["Subject"] or ""), text)


def count(mailbox: Path) -> int:
    """How many there are, without reading them."""
    return sum(1 for _ in (mailbox / "new").iterdir())


def clear(mailbox: Path) -> None:
    """Forget all of them."""
    for file in (mailbox / "new").iterdir():
        file.unlink(missing_ok=True)
