"""SMTP that can tell whether a mail may have left: nothing can before the server was offered its content.

Mails are put into bytes ahead of the conversation, many in a row: mixing that with waiting for a server made it half as
fast again.
"""

from __future__ import annotations

import secrets
import smtplib
from email.message import Message as Made
from email.policy import Compat32
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

LINE = 76  # what a header may hold without being folded
sanitized = lru_cache(maxsize=1000)(sanitize_address)


class Knowing:
    """A conversation that keeps in mind how far it came with the present mail."""

    was_offered = False

    def mail(self, *words: Any, **options: Any) -> Any:
        """Begin the next mail."""
        self.was_offered = False
        return super().mail(*words, **options)  # type: ignore[misc]

    def data(self, content: Any) -> Any:
        """From here on a silence is no answer: the server may have the mail."""
        self.was_offered = True
        return super().data(content)  # type: ignore[misc]


class Conversation(Knowing, smtplib.SMTP):
    """In the clear, or made secret by STARTTLS."""


class SecretConversation(Knowing, smtplib.SMTP_SSL):
    """Under TLS from the first byte."""


class Folding(Compat32):
    """Python's, without its long way for headers that need no folding."""

    def _fold(self, name: str, value: Any, sanitize: bool) -> str:
        if isinstance(value, str) and len(name) + len(value) + 2 <= LINE and value.isascii() and value.isprintable():
            return f"{name}: {value}{self.linesep}"
        return str(super()._fold(name, value, sanitize))  # type: ignore[misc]


class Backend(EmailBackend):
    """Django's, over a conversation that knows how far it came, with mails that were put into bytes before."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What speaks with the server."""
        return SecretConversation if self.use_ssl else Conversation

    @property
    def was_offered(self) -> bool:
        """Whether the server was offered the content of the last mail, so that it may have it."""
        return bool(getattr(self.connection, "was_offered", False))

    def prepare(self, email: EmailMessage) -> None:
        """Put a mail into bytes, to be sent later."""
        vars(email)["content"] = content_of(email)

    def _send(self, email_message: EmailMessage) -> bool:
        server: Any = self.connection
        server.was_offered = False  # also when the mail cannot even be put into bytes
        content = vars(email_message).get("content") or content_of(email_message)
        readers = [sanitized(one, "utf-8") for one in email_message.recipients()]
        server.sendmail(sanitized(email_message.from_email, "utf-8"), readers, content)
        return True


def content_of(email: EmailMessage) -> bytes:
    """The mail in bytes, as Django makes it."""
    made: Any = email.message()
    _mark_off(made)
    made.policy = Folding()
    return bytes(made.as_bytes(linesep="\r\n"))


def _mark_off(made: Made) -> None:
    """Give the parts their boundary; Python would look for one that stands nowhere in the text, part by part."""
    for part in made.walk():
        if part.is_multipart():
            kind = f'{part.get_content_type()}; boundary="=={secrets.token_hex(8)}=="'
            part.replace_header("Content-Type", kind)
