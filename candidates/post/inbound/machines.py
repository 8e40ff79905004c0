"""Mails that no person wrote: absences, receipts, newsletters. They are kept and never answered, so nothing loops."""

from __future__ import annotations

import re
from email.message import Message

from django.utils.translation import gettext_noop

ABSENT = re.compile(
    r"""^\s*(?:(?:re|aw|antw|sv)\s*:\s*)*\[?(?:
        out\ of\ (?:the\ )?office|automatic\ reply|auto(?:matic)?[ -]?(?:reply|response|responder)|vacation\ reply
        |abwesen(?:d|heit)|automatische\ (?:antwort|reactie)|automatisch\ antwoord|afwezig
        |absen(?:t|ce)\ du\ bureau|réponse\ automatique|message\ d.absence
        |respuesta\ automática|fuera\ de\ la\ oficina|risposta\ automatica|fuori\ ufficio
        |resposta\ automática|fora\ do\ escritório|autosvar|automatiskt?\ svar|autoreply
        |automaattinen\ vastaus|odpowiedź\ automatyczna|automatyczna\ odpowiedź
    )""",
    re.IGNORECASE | re.VERBOSE,
)
BULK = {"bulk", "junk", "list", "auto_reply"}
LISTS = ("List-Id", "List-Unsubscribe")
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Mail-Autoreply")
DAEMONS = ("mailer-daemon@", "postmaster@")
WROTE_ITSELF = gettext_noop("Written by a program, for example because somebody is away.")
SENT_TO_MANY = gettext_noop("Sent to many: a newsletter or a mailing list.")
RECEIPT = gettext_noop("A receipt, not an answer.")


def why(letter: Message, subject: str, sender: str) -> str:
    """Why we think that a program wrote it; nothing when a person did."""
    precedence = _plain(letter, "Precedence")
    if any(letter.get(name) is not None for name in LISTS) or precedence in BULK - {"auto_reply"}:
        return SENT_TO_MANY
    if letter.get_content_type() == "multipart/report":
        return RECEIPT
    return WROTE_ITSELF if _is_automatic(letter, subject, sender, precedence) else ""


def _is_automatic(letter: Message, subject: str, sender: str, precedence: str) -> bool:
    return (
        _plain(letter, "Auto-Submitted").partition(";")[0].strip() not in ("", "no")
        or precedence == "auto_reply"
        or any(_plain(letter, name) not in ("", "no") for name in AUTOMATIC)
        or _plain(letter, "Return-Path") == "<>"
        or sender.lower().startswith(DAEMONS)
        or ABSENT.match(subject) is not None
    )


def _plain(letter: Message, name: str) -> str:
    return str(letter.get(name) or "").strip().lower()
