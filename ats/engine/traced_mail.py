"""The way that mails take, with a span for each handing over: how many, never to whom. Used when spans are kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from ats.engine import tracing


def traced(way: type[BaseEmailBackend]) -> type[BaseEmailBackend]:
    """`way` with spans. It stays a kind of `way`, as the outbox treats an SMTP server otherwise than a provider."""

    def send_messages(self: Any, email_messages: Any) -> int:
        with tracing.span("mail", kind="client") as span:
            tracing.tell(span, rapport__mails=len(email_messages))
            return int(way.send_messages(self, email_messages) or 0)

    return type("Backend", (way,), {"send_messages": send_messages, "__doc__": way.__doc__})


Backend = traced(import_string(settings.MAIL_WAY))
