"""What a job offers, in the words of the career pages."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candidates.jobs.models import Job


class Offer(NamedTuple):
    """What the list reads of a job: its columns, in their order. The words are made of these or of a whole job."""

    slug: str
    title: str
    team: str
    place: str
    remote: bool
    hours: str
    pay_from: int | None
    pay_to: int | None
    pay_currency: str
    pay_period: str
    channels: list[str]
    languages: list[str]


class Pay(NamedTuple):
    """The range, with its currency and period."""

    least: int | None
    most: int | None
    currency: str
    period: str


def place(job: Job | Offer) -> str:
    """Where the work is done: "Utrecht", "Remote", "Utrecht or remote"."""
    return _place(job.place, job.remote)


def hours(job: Job | Offer) -> str:
    """Hours a week: "32-36 h"."""
    return _hours(job.hours)


def pay(job: Job | Offer) -> str:
    """The range, with its currency and period: "2,900-3,400 EUR a month"."""
    return _pay(_pay_of(job), get_language())


def channels(job: Job | Offer) -> str:
    """How customers are served: "phone, chat"."""
    return _channels(tuple(job.channels))


def line(job: Job | Offer) -> str:
    """All of it on one line, for the list."""
    return _line(job.place, job.remote, job.hours, _pay_of(job), tuple(job.channels), get_language())


def facts(job: Job) -> list[tuple[str, str]]:
    """All of it as labels and values, for the job's page; what is not known is left out."""
    known = [
        (_("Place"), place(job)),
        (_("Time zone"), job.zone),
        (_("Team"), job.team),
        (_("Hours a week"), job.hours),
        (_("Pay"), pay(job)),
        (_("You serve customers by"), channels(job)),
        (_("Languages"), ", ".join(job.languages)),
    ]
    return [(label, value) for label, value in known if value]


def _pay_of(job: Job | Offer) -> Pay:
    return Pay(job.pay_from, job.pay_to, job.pay_currency, job.pay_period)


# Jobs offer much the same, and numbers and words by language cost more than the rest of a row: they are kept.
@lru_cache(maxsize=1024)
def _line(place: str, remote: bool, hours: str, pay: Pay, channels: tuple[str, ...], language: str | None) -> str:
    parts = (_place(place, remote), _hours(hours), _pay(pay, language), _channels(channels))
    return " · ".join(part for part in parts if part)


@lru_cache(maxsize=1024)
def _pay(pay: Pay, language: str | None) -> str:
    ends = [number_format(end, force_grouping=True) for end in (pay.least, pay.most) if end is not None]
    if not ends:
        return ""
    period = str(Job.Period(pay.period).label)
    return " ".join(part for part in ("–".join(dict.fromkeys(ends)), pay.currency, period) if part)


def _place(place: str, remote: bool) -> str:
    if not remote:
        return place
    return _("%(place)s or remote") % {"place": place} if place else _("Remote")


def _hours(hours: str) -> str:
    return _("%(hours)s h") % {"hours": hours} if hours else ""


def _channels(channels: tuple[str, ...]) -> str:
    return ", ".join(str(Job.Channel(channel).label) for channel in channels)
