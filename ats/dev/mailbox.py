"""The mails that the local mail server kept, as pages. They exist only where MAILBOX_DIR names a mailbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 200
HEADERS = ["Date", "From", "To", "Delivered-To", "Reply-To", "Subject", "Message-ID"]


@dataclass
class Mail:
    """One mail as it arrived."""

    name: str
    arrived_at: datetime
    message: EmailMessage

    @property
    def to(self) -> str:
        """Whom it was delivered to."""
        return str(self.message.get("Delivered-To") or self.message.get("To", ""))

    @property
    def subject(self) -> str:
        """Its subject."""
        return str(self.message.get("Subject", ""))

    def headers(self) -> list[tuple[str, str]]:
        """The headers worth reading."""
        return [(name, str(value)) for name in HEADERS for value in self.message.get_all(name, [])]

    def part(self, kind: str) -> str:
        """Its body as `plain` or `html`; empty when it has none."""
        body = self.message.get_body(preferencelist=(kind,))
        return str(body.get_content()) if body else ""

    def attachments(self) -> list[str]:
        """The names of its attached files."""
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]


def _only_with_a_mailbox(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not settings.MAILBOX_DIR:
            raise Http404
        return view(request, *arguments, **named)

    return never_cache(require_safe(guarded))


@_only_with_a_mailbox
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, newest first."""
    files = sorted(_files(), key=lambda file: file.name, reverse=True)
    mails = [_read(file) for file in files[:SHOWN]]
    return render(request, "dev/mailbox.html", {"mails": mails, "total": len(files)})


@_only_with_a_mailbox
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its headers, its text with links that work, and its HTML."""
    # The name is looked up among the files, never made into a path.
    found = next((file for file in _files() if file.name == name), None)
    if found is None:
        raise Http404
    return render(request, "dev/mail.html", {"mail": (one := _read(found)), "text": one.part("plain"),
                                             "html": one.part("html")})  # fmt: skip


def _files() -> Iterator[Path]:
    for folder in ("new", "cur"):
        place = Path(settings.MAILBOX_DIR) / folder
        if place.is_dir():
            yield from (file for file in place.iterdir() if file.is_file())


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Mail(file.name, datetime.fromtimestamp(file.stat().st_mtime, UTC), message)
