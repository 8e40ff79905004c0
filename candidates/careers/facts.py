"""What a job offers, in the words of the career pages."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from candidates.jobs.models import Job


def place(job: Job) -> str:
    """Where the work is done: "Utrecht", "Remote", "Utrecht or remote"."""
    if not job.remote:
        return job.place
    return _("%(place)s or remote") % {"place": job.place} if job.place else _("Remote")


def hours(job: Job) -> str:
    """Hours a week: "32-36 h"."""
    return _("%(hours)s h") % {"hours": job.hours} if job.hours else ""


def pay(job: Job) -> str:
    """The range, with its currency and period: "2,900-3,400 EUR a month"."""
    ends = [number_format(end, force_grouping=True) for end in (job.pay_from, job.pay_to) if end is not None]
    if not ends:
        return ""
    return " ".join(
        part for part in ("–".join(dict.fromkeys(ends)), job.pay_currency, job.get_pay_period_display()) if part
    )


def channels(job: Job) -> str:
    """How customers are served: "phone, chat"."""
    return ", ".join(str(Job.Channel(channel).label) for channel in job.channels)


def line(job: Job) -> str:
    """All of it on one line, for the list."""
    return " · ".join(part for part in (place(job), hours(job), pay(job), channels(job)) if part)


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
