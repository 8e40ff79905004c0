"""What a mail says: its words in the language and time zone of its reader, and where it goes.

A personal link never stands in what we keep or show: `LINK` stands for it, and only sending puts it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from candidates.company.models import Company
from candidates.post import links, texts
from candidates.post.models import MailText, Message
from candidates.post.texts import Filled, Words

LONG = ("application__letter", "application__job__description")  # no mail quotes them
LINK = "https://link.invalid/personal"  # stands for the personal link in previews and in what we keep


@dataclass(frozen=True)
class Mail:
    """A rendered mail."""

    subject: str
    text: str
    html: str


def render(
    message: Message, *, link: str = LINK, words: Words | None = None, own_words: Iterable[MailText] | None = None
) -> Mail:
    """The mail as its reader gets it, in their language and time zone.

    Args:
        link: their personal link.
        words: to try out; without, those that somebody wrote for this mail alone, the company's own for this kind of
            mail and language, or those that we ship, whichever there are first.
        own_words: the company's, of `texts.own_words_of`, for many mails at once.
    """
    person = reader(message)
    context = _context(message, link)
    if own_words is None:
        own_words = () if words or message.own_words else texts.own_words_of([message.template])
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        if filled := _in_own_words(message, context, words, own_words, person.language):
            return Mail(filled.subject, filled.text, filled.html)
        return Mail(
            subject=_subject(message, context),
            text=render_to_string(f"emails/{message.template}.txt", context, using="text"),
            html=render_to_string(f"emails/{message.template}.html", context),
        )


def subject(message: Message, own_words: Iterable[MailText]) -> str:
    """The subject of a mail as it would leave now; `own_words` of `texts.own_words_of`, for many mails at once."""
    person = reader(message)
    context = _context(message, LINK)
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        filled = _in_own_words(message, context, None, own_words, person.language)
        return filled.subject if filled else _subject(message, context)


def _in_own_words(
    message: Message, context: dict[str, Any], words: Words | None, own_words: Iterable[MailText], language: str
) -> Filled | None:
    """The mail as somebody worded it anew; None when it leaves as we ship it."""
    if message.own_words and not words:
        return texts.fill_alone(message.own_words, context)
    words = words or texts.chosen(own_words, message, language)
    return texts.fill(words, message, context) if words else None


def _subject(message: Message, context: dict[str, Any]) -> str:
    return " ".join(render_to_string(f"emails/{message.template}.subject.txt", context, using="text").split())


def reader(message: Message) -> Any:
    """Whose language and zone the mail is in: who was asked, a colleague (then the mail says it), or the candidate."""
    if message.ask or message.language or not message.application:
        return message.ask or message
    return message.application.candidate


def address(message: Message) -> str:
    """Where it goes as of now: a corrected address counts for mails that are still waiting."""
    if message.ask:
        return message.ask.email
    return message.to if message.language or not message.application else message.application.candidate.email


def _context(message: Message, link: str) -> dict[str, Any]:
    application = message.application
    return {
        "application": application,
        "candidate": application.candidate if application else None,
        "job": application.job if application else None,
        "ask": message.ask,
        "url": link,
        "company_name": SimpleLazyObject(lambda: Company.current().name),  # read where it is told alone
        "site_url": settings.SITE_URL,
        **message.data,
        "personal": link,
    }


def personal_link(message: Message) -> str:
    """The link of its reader, with its secret; for the mail that leaves alone."""
    if message.ask:
        return links.ask_url(message.ask)
    if message.link or not message.application:
        return links.personal_url(message.link)
    return links.application_url(message.application)


def ways_out(message: Message, link: str) -> dict[str, str]:
    """Mails to the talent pool can be ended with one click in the reader's mail program (RFC 8058)."""
    if not message.link.startswith("pool:"):
        return {}
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
