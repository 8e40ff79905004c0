"""The outbox: queue a mail with the change that causes it; a worker claims and delivers it after the commit."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from icalendar.parser import Contentline

from candidates.company.models import Company
from candidates.people.models import Application
from candidates.post import links, texts
from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Ask, MailText, Message
from candidates.post.texts import Words
from candidates.staff.models import User

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)
FAILURES_IN_A_ROW = 3
LONG = ("application__letter", "application__job__description")  # no mail quotes them
LEAVES_BY = "leaves_by"  # in a message's data: when it is stale
LINK = "https://link.invalid/personal"  # stands for the personal link in previews and in what we keep


@dataclass(frozen=True)
class Mail:
    """A rendered mail."""

    subject: str
    text: str
    html: str


def queue(
    application: Application,
    template: str,
    *,
    key: str,
    at: datetime,
    ask: Ask | None = None,
    solemn: bool = False,
    wait: timedelta = timedelta(0),
    calendar: str = "",
    outlives_ask: bool = False,
    leaves_by: datetime | None = None,
    data: dict[str, Any] | None = None,
) -> Message:
    """Write the mail down, once per `key`, in the caller's transaction; it leaves after the commit.

    Args:
        application: what it is about; without `ask` it goes to the candidate.
        template: `<app>/<name>` below `templates/emails/`.
        key: the cause; a second mail for the same cause is not written.
        at: now.
        ask: whom it goes to, and whose link it carries.
        solemn: rejections, hires, reference requests: never sent twice, in doubt a person decides.
        wait: how long it may still be taken back.
        calendar: an iCalendar text that goes with it; its METHOD says whether it invites, changes or cancels.
        outlives_ask: whether it leaves although what was asked is answered or cancelled by then.
        leaves_by: from when on it would be stale, and is not sent any more.
        data: JSON values for the template.
    """
    stale = {LEAVES_BY: leaves_by.isoformat()} if leaves_by else {}
    message = Message(
        key=key,
        application=application,
        ask=ask,
        template=template,
        to=ask.email if ask else application.candidate.email,
        solemn=solemn,
        calendar=calendar,
        outlives_ask=outlives_ask,
        created_at=at,
        next_try_at=max(at + wait, ask.opens_at if ask and not outlives_ask else at),
        data=(data or {}) | stale,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if message.next_try_at <= at:
        ring_on_commit("candidates.post.tasks.send", str(message.pk))
    return Message.objects.get(key=key)


def postpone(asked: Ask, *, until: datetime) -> None:
    """Let the first mail of an ask leave at `until` instead, if it has not left; one that has is not sent again."""
    waiting = Message.objects.filter(key=f"ask:{asked.pk}", status=Message.Status.QUEUED)
    waiting.update(next_try_at=until)


def queue_to(
    template: str,
    *,
    to: str,
    language: str,
    zone: str,
    key: str,
    at: datetime,
    link: str = "",
    data: dict[str, Any] | None = None,
) -> Message:
    """As `queue`, for somebody without an application.

    Args:
        to, language, zone: who reads it.
        link: whose personal link it carries, by `links.personal`.
    """
    message = Message(key=key, template=template, to=to, language=language, zone=zone, link=link)
    message.created_at, message.next_try_at, message.data = at, at, data or {}
    Message.objects.bulk_create([message], ignore_conflicts=True)
    ring_on_commit("candidates.post.tasks.send", str(message.pk))
    return Message.objects.get(key=key)


def queue_to_colleague(
    application: Application,
    template: str,
    colleague: User,
    *,
    key: str,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> Message:
    """As `queue`, to a colleague with an account, about an application; its link leads to the application's page."""
    message = Message(key=key, template=template, to=colleague.email, language=colleague.language, zone=colleague.zone)
    message.application, message.link = application, f"desk:{application.pk}"
    message.created_at, message.next_try_at, message.data = at, at, data or {}
    Message.objects.bulk_create([message], ignore_conflicts=True)
    ring_on_commit("candidates.post.tasks.send", str(message.pk))
    return Message.objects.get(key=key)


def queue_reminders(asked: Sequence[Ask], *, at: datetime) -> None:
    """Write down a reminder for each of these asks, once before its deadline and once at it."""
    reminders = [_reminder(one, at) for one in asked]
    Message.objects.bulk_create(reminders, ignore_conflicts=True)
    if reminders:
        ring_on_commit("candidates.post.tasks.send_due")


def _reminder(asked: Ask, at: datetime) -> Message:
    which = "due" if at >= asked.due_at else "before"
    reminder = Message(
        key=f"remind:{asked.pk}:{asked.remind_at:%Y%m%dT%H%M}",
        application_id=asked.application_id,
        ask=asked,
        template="candidates/reminder",
        to=asked.email,
        created_at=at,
        next_try_at=at,
        data={"which": which},
    )
    reminder.template = _own_reminder(asked.template) or reminder.template
    return reminder


def _own_reminder(first: str) -> str:
    """A mail may have a reminder in its own words beside it, `<app>/<name>_due`; most have not."""
    try:
        get_template(f"emails/{first}_due.txt", using="text")
    except TemplateDoesNotExist:
        return ""
    return f"{first}_due"


def render(message: Message, *, link: str = LINK, words: Words | None = None) -> Mail:
    """The mail as its reader gets it, in their language and time zone.

    Args:
        link: their personal link.
        words: to try out; without, the company's own for this mail and language, or those that we ship.
    """
    person = reader(message)
    context = _context(message, link)
    words = words or texts.own_words(message, person.language)
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        if words:
            filled = texts.fill(words, message, context)
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
    words = texts.chosen(own_words, message, person.language)
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        return texts.fill(words, message, context).subject if words else _subject(message, context)


def _subject(message: Message, context: dict[str, Any]) -> str:
    return " ".join(render_to_string(f"emails/{message.template}.subject.txt", context, using="text").split())


def deliver(pk: str, *, at: datetime, connection: BaseEmailBackend | None = None) -> str | None:
    """Send one due message and return its new status; None when another worker has it.

    Between the claim and the end a worker may die: after the lease another one sends it again with the same
    Message-ID, except solemn mails, which a person decides on (`settle_uncertain`).
    """
    if not claim(pk, at=at):
        return None
    related = ("application__candidate", "application__job", "ask")
    message = Message.objects.select_related(*related).defer(*LONG).get(pk=pk)
    if obstacle := _obstacle(message, at):
        return _finish(message, status=Message.Status.CANCELLED, error=obstacle)
    try:
        mail = render(message)
        _email(message, mail, connection).send()
    except Exception as error:  # a broken template or a mad server must not stop the mails behind it
        if connection:
            connection.close()  # what failed once may be broken for the next mail
        return _finish(message, **_after_failure(message, error, at))
    return _finish(
        message,
        status=Message.Status.SENT,
        sent_at=at,
        error="",
        subject=mail.subject[:250],
        text=mail.text,
        to=address(message),
    )


def claim(pk: str, *, at: datetime) -> bool:
    """Take the message for this worker; False when it is not due or another has it."""
    due = Message.objects.due(at, stale_before=at - LEASE).filter(pk=pk)
    return due.update(status=Message.Status.SENDING, claimed_at=at, attempts=F("attempts") + 1) == 1


def sweep(*, clock: Callable[[], datetime], most: int = 1000) -> int:
    """Deliver up to `most` due messages over one connection and return how many left.

    The clock is read for every message, because its lease counts from then. Failures in a row mean that the server
    is away: the rest keeps its turn for the next sweep.
    """
    settle_uncertain(at=clock())
    connection, left, failures = get_connection(), 0, 0
    try:
        for pk in _due_keys(clock(), most):
            _open(connection)
            status = deliver(pk, at=clock(), connection=connection)
            left += status == Message.Status.SENT
            failures = failures + 1 if status == Message.Status.QUEUED else 0
            if failures == FAILURES_IN_A_ROW:
                break
    finally:
        connection.close()
    return left


def settle_uncertain(*, at: datetime) -> int:
    """Hand solemn mails whose worker died in mid sending to a person: they may have left or not."""
    lost = Message.objects.filter(status=Message.Status.SENDING, solemn=True, claimed_at__lt=at - LEASE)
    return lost.update(status=Message.Status.UNCERTAIN, error="The worker ended while sending.")


def _open(connection: BaseEmailBackend) -> None:
    """Connect unless connected; a server that is away is the next mail's failure, which is kept with it."""
    with suppress(OSError, smtplib.SMTPException):
        connection.open()


def _due_keys(at: datetime, most: int) -> list[str]:
    due = Message.objects.due(at, stale_before=at - LEASE).order_by("next_try_at")
    return [str(pk) for pk in due.values_list("pk", flat=True)[:most]]


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
        "company_name": Company.current().name,
        "site_url": settings.SITE_URL,
        **message.data,
    }


def _link(message: Message) -> str:
    if message.ask:
        return links.ask_url(message.ask)
    if message.link or not message.application:
        return links.personal_url(message.link)
    return links.application_url(message.application)


def _ways_out(message: Message, link: str) -> dict[str, str]:
    """Mails to the talent pool can be ended with one click in the reader's mail program (RFC 8058)."""
    if not message.link.startswith("pool:"):
        return {}
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _obstacle(message: Message, at: datetime) -> str:
    """Why the message should not leave any more, as of now."""
    if message.ask and not message.ask.is_open and not message.outlives_ask:
        return "Answered or cancelled meanwhile."
    stale_at = message.data.get(LEAVES_BY)
    return "Its time is past." if stale_at and at >= datetime.fromisoformat(stale_at) else ""


def _email(message: Message, mail: Mail, connection: BaseEmailBackend | None) -> EmailMultiAlternatives:
    """The real mail: only here the personal link takes its place, so that no copy of it is kept."""
    link = _link(message)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    email = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text.replace(LINK, link),
        from_email=formataddr((Company.current().name, sender)),
        to=[address(message)],
        headers={"Message-ID": f"<{message.pk}@{sender.rpartition('@')[2]}>", "Auto-Submitted": "auto-generated"}
        | _ways_out(message, link),
        connection=connection,
    )
    email.attach_alternative(mail.html.replace(LINK, link), "text/html")
    if message.calendar:
        _attach_calendar(email, _addressed(message.calendar, message.to, address(message)))
    return email


def _addressed(calendar: str, was: str, now: str) -> str:
    """The calendar text for somebody whose address was corrected after it was written."""
    if was == now:
        return calendar
    lines = calendar.replace("\r\n ", "").split("\r\n")
    changed = [
        line.replace(f"mailto:{was}", f"mailto:{now}") if line.startswith("ATTENDEE") else line for line in lines
    ]
    return "\r\n".join(Contentline(line).to_ical().decode() for line in changed)


def _attach_calendar(email: EmailMultiAlternatives, calendar: str) -> None:
    """As an alternative, which mail programs offer to accept, and as a file, for those that do not."""
    method = next((line[7:].strip() for line in calendar.splitlines() if line.startswith("METHOD:")), "REQUEST")
    email.attach_alternative(calendar, f"text/calendar; method={method}")
    email.attach("invitation.ics", calendar, "text/calendar")


def _after_failure(message: Message, error: Exception, at: datetime) -> dict[str, Any]:
    """What becomes of a message that did not leave: tried again later, given up, or left to a person."""
    told = f"{type(error).__name__}: {error}"[:500]
    if _refused_for_good(error):
        return {"status": Message.Status.FAILED, "error": told}
    if message.solemn and not _never_left(error):
        return {"status": Message.Status.UNCERTAIN, "error": told}
    if at - message.created_at > GIVE_UP_AFTER:
        return {"status": Message.Status.FAILED, "error": told}
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), LONGEST_PAUSE)
    return {"status": Message.Status.QUEUED, "next_try_at": at + pause, "error": told}


def _refused_for_good(error: Exception) -> bool:
    """A 5xx for the recipient will not change by itself."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return False


def _never_left(error: Exception) -> bool:
    """Whether the server certainly did not take the mail: it refused, or we never reached it."""
    return isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ConnectionRefusedError)


def _finish(message: Message, **fields: Any) -> str:
    """Write the outcome, unless the lease ran out and another worker has the message by now."""
    mine = Message.objects.filter(pk=message.pk, status=Message.Status.SENDING, attempts=message.attempts)
    mine.update(**fields)
    return str(fields["status"])
