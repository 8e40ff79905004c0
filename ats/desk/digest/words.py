"""The digest in words: what waits for one colleague, in their language, with addresses of the lists behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ats.desk import identity
from ats.desk.digest.gathering import SHOWN, Waiting
from candidates.post.models import Ask

Section = dict[str, Any]


def sections(waiting: Waiting, *, zone: ZoneInfo, at: datetime) -> list[Section]:
    """What stands in the mail, as JSON: titles, numbers, rows and addresses; nothing where nothing waits."""
    found = [
        _owed(waiting, zone, at),
        _coming(waiting, zone, at),
        _late(waiting, zone),
        _numbers(waiting),
    ]
    return [section for section in found if section["rows"]]


def _owed(waiting: Waiting, zone: ZoneInfo, at: datetime) -> Section:
    rows = [
        _row(_titled(one, waiting), one.get_absolute_url(), one.due_at, zone, one.due_at <= at) for one in waiting.asks
    ]
    title = ngettext("%d thing waits for you", "%d things wait for you", waiting.asked) % waiting.asked
    return _section(title, rows, reverse("admin:index"), waiting.asked)


def _coming(waiting: Waiting, zone: ZoneInfo, at: datetime) -> Section:
    today = at.astimezone(zone).date()
    coming = [one for one in waiting.interviews if one.starts_at and one.starts_at.astimezone(zone).date() == today]
    rows = []
    for one in coming[:SHOWN]:
        who = _called(one.application, waiting)
        rows.append(_row(f"{who}, {one.application.job.title}", _page(one.application_id), one.starts_at, zone, False))
    return _section(_("Interviews today"), rows, reverse("admin:index"), len(coming))


def _late(waiting: Waiting, zone: ZoneInfo) -> Section:
    rows = []
    for one in waiting.overdue:
        text = f"{one.name}: {_titled(one, waiting)}"
        rows.append(_row(text, _page(one.application_id), one.due_at, zone, True))
    title = ngettext("%d answer of others is overdue", "%d answers of others are overdue", waiting.late) % waiting.late
    return _section(title, rows, reverse("admin:candidates_ask_changelist") + "?state=overdue", waiting.late)


def _numbers(waiting: Waiting) -> Section:
    """What is only counted; each number leads to its list."""
    mails = reverse("admin:candidates_message_changelist")
    suggested = ngettext("%d rule suggests something", "%d times a rule suggests something", waiting.suggested)
    planned = ngettext("%d rejection is carried out soon", "%d rejections are carried out soon", waiting.rejections)
    failed = ngettext("%d mail could not be delivered", "%d mails could not be delivered", waiting.failed)
    lines = [
        (
            waiting.unread,
            ngettext("%d new letter to read", "%d new letters to read", waiting.unread),
            reverse("desk:queue"),
        ),
        (waiting.suggested, suggested, reverse("admin:ats_firing_changelist") + "?outcome__exact=suggested"),
        (waiting.rejections, planned, reverse("desk:rejections")),
        (waiting.failed, failed, f"{mails}?status__exact=failed"),
        (waiting.returned, ngettext("%d mail came back", "%d mails came back", waiting.returned), mails),
    ]
    rows = [{"text": text % number, "url": url, "when": "", "late": False} for number, text, url in lines if number]
    return _section(_("And besides"), rows, "", len(rows))


def _section(title: str, rows: list[Section], url: str, number: int) -> Section:
    return {"title": title, "rows": rows, "url": url, "more": max(number - len(rows), 0)}


def _row(text: str, url: str, when: datetime | None, zone: ZoneInfo, late: bool) -> Section:
    told = date_format(when.astimezone(zone), _("D j M, H:i")) if when else ""
    return {"text": text, "url": url, "when": told, "late": late}


def _page(application: int) -> str:
    return reverse("admin:candidates_application_change", args=[application])


def _called(application: Any, waiting: Waiting) -> str:
    hidden = application.pk in waiting.hidden
    return identity.code_name(application.pk) if hidden else str(application.candidate.name)


def _titled(ask: Ask, waiting: Waiting) -> str:
    """What is asked, and about whom, by the code name where the reader is not to know."""
    name, called = ask.application.candidate.name, _called(ask.application, waiting)
    title = ask.title.replace(name, called)
    return title if called in title else f"{title}: {called}"
