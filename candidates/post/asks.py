"""Asking people for something, by a link in a mail: ask, close, and the gate of the page that answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import now

from candidates.jobs.models import PlanStage
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import language, links, mail, rendering
from candidates.post.models import Ask
from candidates.post.reminding import actions as reminding
from candidates.post.reminding import calendars
from candidates.post.reminding import schedule as plans
from candidates.post.reminding.schedule import Within
from candidates.staff.models import User

LINK_LIVES = timedelta(days=30)  # after the deadline
RENEWED_FOR = timedelta(days=7)
RENEW_PAUSE = timedelta(minutes=10)
COOKIE = "ask"
LATER = "remind_me_later"  # the name of a button on every page of somebody who was asked
AFTERWARDS = {  # where what was answered can be read again
    "interviews:scorecard": "interviews:locked",
    "interviews:grade": "interviews:graded",
    "references:answer": "references:given",
    "trials:development": "trials:development_afterwards",
    "trials:letter": "trials:letter_afterwards",
}
FOR_GOOD = {"references:answer"}  # also when the application has ended: what they said stays theirs
AskView = Callable[Concatenate[HttpRequest, Ask, ...], HttpResponse]


UNTYPED = frozenset({"csrfmiddlewaretoken", "action", "seen", "token"})  # what pages themselves send along


class NotOpen(Exception):
    """The ask was answered before, cancelled, or its link is over."""


def ask(
    application: Application,
    *,
    page: str,
    template: str,
    title: str,
    role: Ask.Role,
    name: str,
    email: str,
    at: datetime,
    due_at: datetime | None = None,
    within: PlanStage | Within | None = None,
    user: User | None = None,
    notice: timedelta = timedelta(days=2),
    reminders: Sequence[datetime] | None = None,
    escalate_at: datetime | None = None,
    opens_at: datetime | None = None,
    zone: str = "",
    language: str = "",
    solemn: bool = False,
    outlives_stage: bool = False,
    wait: timedelta = timedelta(0),
    is_mailed: bool = True,
    data: dict[str, Any] | None = None,
) -> Ask:
    """Ask one person for one thing and queue the mail that says so. Call inside the verb's transaction.

    Args:
        application: as it stands after the verb's move; `outlives_stage`: what is asked stays when it moves on.
        page, template: URL name of the page that answers it, which takes the ask's key; the mail, `<app>/<name>`.
        title, role, name, email: what, in words for lists and reminders; of whom, as what; `user` with an account.
        due_at, within: the deadline; or what the plan says of it, of reminders, and of who is told when nothing came.
        notice, reminders: from the first one to the deadline, if there is time; or when, instead of that.
        escalate_at: when the job's recruiters are told that nothing came, where the plan does not say.
        zone, language: of the person; the job's and English when nothing else is known.
        opens_at, wait: when to ask, if later than now; how long it may be taken back, while nobody is waited for.
        is_mailed, solemn, data: whether the mail is queued now, or later by the verb as "ask:<key>"; see `mail.queue`.
    """
    new = Ask(application=application, stage=application.stage, outlives_stage=outlives_stage, page=page)
    new.template, new.title, new.role, new.name, new.email, new.user = template, title, role, name, email, user
    own = (user.zone, user.language) if user else (application.job.zone, settings.LANGUAGE_CODE)
    new.zone, new.language = zone or own[0], language or own[1]
    new.created_at, new.escalate_at = at, escalate_at
    due, usual = _by_plan(new, within, due_at) if within else _as_said(due_at, notice)
    opens = max(opens_at or at, at + wait)
    schedule(new, opens_at=opens, due_at=due, reminders=usual if reminders is None else reminders)
    new.save(force_insert=True)
    if is_mailed:
        mail.queue(application, template, key=f"ask:{new.pk}", at=at, ask=new, solemn=solemn, wait=wait, data=data)
    return new


def _as_said(due_at: datetime | None, notice: timedelta) -> tuple[datetime, Sequence[datetime]]:
    if due_at is None:
        raise ValueError("An ask needs a deadline: its own, or that of a plan.")
    return due_at, (due_at - notice, due_at)


def _by_plan(asked: Ask, within: PlanStage | Within, due_at: datetime | None) -> tuple[datetime, Sequence[datetime]]:
    """Deadline and reminders as the plan says, and who is told when nothing came."""
    times = plans.of(within, calendars.of(asked), at=asked.created_at, due_at=due_at)
    asked.escalate_at, asked.escalate_to = times.escalate_at or asked.escalate_at, times.escalate_to
    return times.due_at, times.reminders


def ask_candidate(application: Application, **asked: Any) -> Ask:
    """Ask the candidate, in their language and zone. Further arguments as of `ask`."""
    person = application.candidate
    asked |= {"name": person.name, "email": person.email, "zone": person.zone, "language": person.language}
    return ask(application, role=Ask.Role.CANDIDATE, **asked)


def schedule(asked: Ask, *, opens_at: datetime, due_at: datetime, reminders: Sequence[datetime]) -> None:
    """Set the times of an ask, without saving it: when it opens, is due, reminds, and when its link ends.

    A deadline that was computed never lies before it opens.
    """
    due_at = max(opens_at, due_at)
    asked.opens_at, asked.due_at, asked.expires_at = opens_at, due_at, due_at + LINK_LIVES
    times = sorted({time for time in reminders if time > opens_at or time == due_at})
    asked.remind_at, asked.remind_later = (times[0], times[1:]) if times else (None, [])


def reschedule(
    asked: Ask, *, due_at: datetime, reminders: Sequence[datetime], escalate_at: datetime | None = None
) -> None:
    """Give an open ask another deadline and other reminders; one that has ended stays as it is."""
    schedule(asked, opens_at=asked.opens_at, due_at=due_at, reminders=reminders)
    asked.escalate_at = escalate_at
    times = {
        name: getattr(asked, name) for name in ("due_at", "expires_at", "remind_at", "remind_later", "escalate_at")
    }
    Ask.objects.open().filter(pk=asked.pk).update(**times)


def move(
    asked: Ask, *, opens_at: datetime, due_at: datetime, notice: timedelta, reminders: Sequence[datetime] = ()
) -> None:
    """Give an open ask another time to open, too: its first mail, if it still waits, leaves then.

    Args:
        notice: from the first reminder to the deadline, where `reminders` says nothing.
        reminders: when to remind instead.
    """
    times = tuple(reminders) or (due_at - notice, due_at)
    schedule(asked, opens_at=opens_at, due_at=due_at, reminders=times)
    names = ("opens_at", "due_at", "expires_at", "remind_at", "remind_later")
    Ask.objects.open().filter(pk=asked.pk).update(**{name: getattr(asked, name) for name in names})
    mail.postpone(asked, until=opens_at)


def close(asked: Ask, *, at: datetime) -> None:
    """Mark as answered, once. Call inside the transaction that saves the answer.

    Raises:
        NotOpen: somebody was quicker, or it is not wanted any more.
    """
    if not Ask.objects.open().filter(pk=asked.pk).update(answered_at=at, remind_at=None):
        raise NotOpen
    asked.answered_at, asked.remind_at = at, None


def cancel(asked: Ask, *, at: datetime) -> bool:
    """No longer wanted; its waiting mails are not sent any more. False when it had ended before."""
    return Ask.objects.open().filter(pk=asked.pk).update(cancelled_at=at, remind_at=None) == 1


def renew(token: str, *, at: datetime) -> bool:
    """Send a fresh link to the person whose link ran out; the old one stays dead. False when nothing was sent."""
    read = links.read_ask_token(token)
    asked = Ask.objects.open().select_related("application__candidate").filter(pk=read[0]).first() if read else None
    if asked is None or not (asked.is_expired(at) or (read and read[1] != asked.generation)):
        return False
    if asked.renewed_at and at - asked.renewed_at < RENEW_PAUSE:
        return False
    return _renew(asked, at)


def page(view: AskView) -> Callable[..., HttpResponse]:
    """Give `view` the ask that the link's cookie opens, or show why it cannot be answered (any more).

    The page speaks the language and shows the times of the person asked.

    The cookie is set by `candidates.post.views.enter`, for this page's path alone. A colleague who is signed in may
    open what they themselves were asked.
    """

    return _gate(view, refusal)


def page_afterwards(view: AskView) -> Callable[..., HttpResponse]:
    """The same for a page below it, that opens when the ask was answered, while the application is open."""
    return _gate(view, refusal_afterwards)


def _gate(view: AskView, refuse: Callable[..., HttpResponse | None]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def gate(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = find(pk)
        token = request.COOKIES.get(COOKIE, "")
        if asked is None or not (_is_here(request, asked) and (_opens(token, asked) or _is_own(request, asked))):
            return _closed(request, "unknown", 404)
        spoken = language.of_reader(request, asked.language)
        with translation.override(spoken), timezone.override(ZoneInfo(asked.zone)):
            try:
                response = (
                    refuse(request, asked, token, at=now())
                    or _later(request, asked, at=now())
                    or view(request, asked, *args, **kwargs)
                )
            except NotOpen:
                asked.refresh_from_db()
                response = refuse(request, asked, token, at=now()) or _closed(request, "answered", 410)
        return private(response)

    return gate


def _later(request: HttpRequest, asked: Ask, *, at: datetime) -> HttpResponse | None:
    """Remind them on their next working day, if that is what they pressed; the page then tells until when."""
    if request.method != "POST" or LATER not in request.POST or asked.role == Ask.Role.CANDIDATE:
        return None
    by = Actor.person(asked.user) if asked.user else Actor.outsider(asked.name)
    if until := reminding.tomorrow(asked, at=at):
        with suppress(NotAllowed):  # answered or escalated this very moment: the page says so
            reminding.put_off(asked, until=until, at=at, by=by)
    return redirect(request.path)


def find(pk: int) -> Ask | None:
    """The ask with what its page shows."""
    return (
        Ask.objects.select_related("application__candidate", "application__job", "application__plan", "user")
        .defer(*rendering.LONG)  # few of the pages show them
        .filter(pk=pk)
        .first()
    )


def refusal(request: HttpRequest, asked: Ask, token: str, *, at: datetime) -> HttpResponse | None:
    """The page that says why this ask takes no answer, or None when it does."""
    if asked.answered_at:
        return _closed(request, "answered", 410, ask=asked)
    if asked.cancelled_at or not asked.is_wanted:
        return _closed(request, "cancelled", 410, ask=asked)
    if (asked.is_expired(at) or _is_old(token, asked)) and not _is_own(request, asked):
        return _closed(request, "expired", 410, ask=asked, token=token)
    return None


def refusal_afterwards(request: HttpRequest, asked: Ask, token: str, *, at: datetime) -> HttpResponse | None:
    """The page that says why an answer cannot be read again, or None when it can."""
    if not asked.answered_at or not (asked.is_wanted or asked.page in FOR_GOOD):
        return _closed(request, "cancelled", 410, ask=asked)
    if (asked.is_expired(at) or _is_old(token, asked)) and not _is_own(request, asked):
        return _closed(request, "answered", 410, ask=asked)
    return None


def address_afterwards(asked: Ask) -> str:
    """Where this answer can be read again; empty for the kinds that cannot."""
    return reverse(AFTERWARDS[asked.page], args=[asked.pk]) if asked.page in AFTERWARDS else ""


def private(response: HttpResponse) -> HttpResponse:
    """Keep the page out of caches and its address out of other sites' logs."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


@transaction.atomic
def _renew(asked: Ask, at: datetime) -> bool:
    mine = Ask.objects.open().filter(pk=asked.pk, generation=asked.generation)
    if not mine.update(generation=F("generation") + 1, expires_at=at + RENEWED_FOR, renewed_at=at):
        return False
    asked.refresh_from_db()
    first = asked.messages.filter(key=f"ask:{asked.pk}").first() or mail.Message()
    key = f"renew:{asked.pk}:{asked.generation}"
    again = {"solemn": first.solemn, "data": first.data, "priority": mail.Message.Priority.URGENT}
    mail.queue(asked.application, asked.template, key=key, at=at, ask=asked, **again)
    return True


def _is_here(request: HttpRequest, asked: Ask) -> bool:
    """Whether the page is the ask's own, or lies below it: a link opens nothing else, whatever its number."""
    return request.path.startswith(asked.get_absolute_url())


def _opens(token: str, asked: Ask) -> bool:
    read = links.read_ask_token(token)
    return read is not None and read[0] == asked.pk


def _is_old(token: str, asked: Ask) -> bool:
    read = links.read_ask_token(token)
    return read is not None and read[1] != asked.generation


def _is_own(request: HttpRequest, asked: Ask) -> bool:
    return request.user.is_authenticated and asked.user_id == request.user.pk


def _closed(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    """Why nothing is taken here; the words that were sent to it come back, so that nobody has to remember them."""
    context["typed"] = [value for key in request.POST if key not in UNTYPED for value in _words(request, key)]
    return private(render(request, f"asks/{name}.html", context, status=status))


def _words(request: HttpRequest, name: str) -> list[str]:
    """What was written there by hand: more than the one word of a choice."""
    return [value for value in request.POST.getlist(name) if len(value.split()) > 1]
