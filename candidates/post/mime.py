"""The one place where words become a mail with its headers: what is looked at and what leaves are built by it alike."""

from __future__ import annotations

from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from icalendar.parser import Contentline

from candidates.company.models import Company
from candidates.post import threads
from candidates.post.inbound.addresses import reply_address
from candidates.post.models import Message
from candidates.post.rendering import LINK, Mail, address, personal_link, ways_out
from candidates.post.threads import Thread


def email(
    message: Message,
    mail: Mail,
    *,
    link: str = "",
    thread: Thread = threads.NEW,
    connection: BaseEmailBackend | None = None,
) -> EmailMultiAlternatives:
    """The mail with its headers and both parts.

    Args:
        message: whose it is; with its ask, application and candidate read.
        mail: its words, of `rendering.render`, in which `LINK` stands for the personal link.
        link: what takes its place; without, the reader's real one, which only a mail that leaves may hold.
        thread: what it follows on, by `threads.of`.
        connection: over which it is sent.
    """
    link = link or personal_link(message)
    made = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text.replace(LINK, link),
        from_email=formataddr((one_line(Company.current().name), threads.bare(settings.DEFAULT_FROM_EMAIL))),
        to=[address(message)],
        reply_to=list(filter(None, [reply_address(message)])),
        headers=headers(message, link=link, thread=thread),
        connection=connection,
    )
    made.metadata = {"message": str(message.pk)}  # type: ignore[attr-defined]  # by it a provider tells of bounces
    made.attach_alternative(mail.html.replace(LINK, link), "text/html")
    if message.calendar:
        _attach_calendar(made, _addressed(message.calendar, message.to, address(message)))
    return made


def headers(message: Message, *, link: str, thread: Thread = threads.NEW) -> dict[str, str]:
    """What stands in it besides sender, reader and subject.

    `Auto-Submitted` and `X-Auto-Response-Suppress` keep the machines of readers from answering ours.
    """
    return {
        "Message-ID": threads.message_id(message),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **thread.headers,
        **ways_out(message, link),
    }


def one_line(text: str) -> str:
    """Without anything that could begin another header."""
    return " ".join(text.split())


def _addressed(calendar: str, was: str, now: str) -> str:
    """The calendar text for somebody whose address was corrected after it was written."""
    if was == now:
        return calendar
    lines = calendar.replace("\r\n ", "").split("\r\n")
    changed = [
        line.replace(f"mailto:{was}", f"mailto:{now}") if line.startswith("ATTENDEE") else line for line in lines
    ]
    return "\r\n".join(Contentline(line).to_ical().decode() for line in changed)


def _attach_calendar(made: EmailMultiAlternatives, calendar: str) -> None:
    """As an alternative, which mail programs offer to accept, and as a file, for those that do not."""
    method = next((line[7:].strip() for line in calendar.splitlines() if line.startswith("METHOD:")), "REQUEST")
    made.attach_alternative(calendar, f"text/calendar; method={method}")
    made.attach("invitation.ics", calendar, "text/calendar")
