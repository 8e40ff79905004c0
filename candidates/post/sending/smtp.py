"""SMTP that can tell whether a mail may have left: nothing can before the server was offered its content."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend


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


class Backend(EmailBackend):
    """Django's, over a conversation that knows how far it came."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What speaks with the server."""
        return SecretConversation if self.use_ssl else Conversation

    @property
    def was_offered(self) -> bool:
        """Whether the server was offered the content of the last mail, so that it may have it."""
        return bool(getattr(self.connection, "was_offered", False))

    def _send(self, email_message: EmailMessage) -> bool:
        if isinstance(self.connection, Knowing):
            self.connection.was_offered = False  # also when the mail cannot even be put into bytes
        return bool(super()._send(email_message))
