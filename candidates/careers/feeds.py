"""The open jobs for machines: job boards, feed readers, search engines, developers.

Indeed and LinkedIn take XML in which every text stands in a CDATA section. Their required fields are always there;
what a job board merely recommends is there when it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed

from candidates.careers import structured
from candidates.careers.facts import line, pay, place
from candidates.company.models import Company
from candidates.jobs.models import Job

# What XML 1.0 cannot hold, not even escaped.
UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REMOTE = "Remote"
LINKEDIN_EMPLOYMENT = {
    Job.Employment.FULL_TIME: "FULL_TIME",
    Job.Employment.PART_TIME: "PART_TIME",
    Job.Employment.CONTRACTOR: "CONTRACT",
    Job.Employment.TEMPORARY: "TEMPORARY",
    Job.Employment.INTERN: "INTERNSHIP",
}
LINKEDIN_PERIOD = {
    Job.Period.HOUR: "HOURLY",
    Job.Period.DAY: "DAILY",
    Job.Period.WEEK: "WEEKLY",
    Job.Period.MONTH: "MONTHLY",
    Job.Period.YEAR: "YEARLY",
}
Fields = Iterable[tuple[str, "str | Fields"]]


def indeed(jobs: Iterable[Job], company: Company) -> str:
    """Indeed's XML feed."""
    return _source(company, [("job", _indeed_job(job, company)) for job in jobs])


def linkedin(jobs: Iterable[Job], company: Company) -> str:
    """LinkedIn's XML feed for basic jobs."""
    return _source(company, [("job", _linkedin_job(job, company)) for job in jobs])


def rss(jobs: Iterable[Job], company: Company) -> str:
    """RSS, newest first."""
    feed = Rss201rev2Feed(
        title=_spoken(company.name),
        link=structured.home(),
        description=_spoken(company.intro or company.name),
        feed_url=structured.absolute(reverse("careers:rss")),
        language=settings.LANGUAGE_CODE,
    )
    for job in jobs:
        feed.add_item(
            title=_spoken(job.title),
            link=address(job, source="rss"),
            description=_spoken("\n".join(filter(None, [line(job), structured.summary(job)]))),
            unique_id=structured.absolute(job.get_absolute_url()),
            unique_id_is_permalink=True,
            pubdate=job.opened_at,
        )
    return str(feed.writeString("utf-8"))


def sitemap(jobs: Iterable[Job]) -> str:
    """The pages for search engines: the list and each job."""
    pages = [structured.home(), *(structured.absolute(job.get_absolute_url()) for job in jobs)]
    urls = "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{space}">\n{urls}</urlset>\n'


def plain(jobs: Iterable[Job], company: Company) -> dict[str, Any]:
    """The same for developers, as JSON."""
    return {"company": company.name, "url": structured.home(), "jobs": [_plain_job(job) for job in jobs]}


def address(job: Job, *, source: str) -> str:
    """The job's page, telling where somebody came from."""
    return f"{structured.absolute(job.get_absolute_url())}?{urlencode({'source': source})}"


def _indeed_job(job: Job, company: Company) -> Fields:
    given = [
        ("title", job.title),
        ("date", _when(job.opened_at)),
        ("referencenumber", job.slug),
        ("requisitionid", job.slug),
        ("url", address(job, source="indeed")),
        ("company", company.name),
        ("sourcename", company.name),
        ("city", job.place or (REMOTE if job.remote else "")),
        ("state", job.region),
        ("country", job.country or company.country),
        ("email", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        ("description", structured.description(job, company)),
    ]
    more = [
        ("postalcode", job.postal_code),
        ("streetaddress", job.street),
        ("salary", pay(job)),
        ("jobtype", str(job.get_employment_display())),
        ("category", job.team),
        ("remotetype", ("Hybrid remote" if job.place else "Fully remote") if job.remote else ""),
        ("expirationdate", _when(job.closes_at)),
    ]
    return [*given, *((name, text) for name, text in more if text)]


def _linkedin_job(job: Job, company: Company) -> Fields:
    given: list[tuple[str, str | Fields]] = [
        ("partnerJobId", str(job.pk)),
        ("company", company.name),
        ("title", job.title),
        ("description", structured.description(job, company)),
        ("applyUrl", address(job, source="linkedin")),
        ("location", ", ".join(filter(None, [job.place or place(job), job.region, job.country or company.country]))),
        ("posterEmail", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
    ]
    more: list[tuple[str, str | Fields]] = [
        ("city", job.place),
        ("state", job.region),
        ("country", job.country or company.country),
        ("postalCode", job.postal_code),
        ("workplaceTypes", ("Hybrid" if job.place else "Remote") if job.remote else "On-site"),
        ("jobtype", LINKEDIN_EMPLOYMENT[Job.Employment(job.employment)]),
        ("listDate", _when(job.opened_at)),
        ("expirationDate", _when(job.closes_at)),
        ("salaries", _linkedin_salary(job)),
    ]
    return [*given, *((name, value) for name, value in more if value)]


def _linkedin_salary(job: Job) -> Fields:
    ends = [("lowEnd", job.pay_from), ("highEnd", job.pay_to)]
    told = [
        (name, [("amount", str(end)), ("currencyCode", job.pay_currency)])
        for name, end in ends
        if end is not None and job.pay_currency
    ]
    period = LINKEDIN_PERIOD[Job.Period(job.pay_period)]
    return [("salary", [*told, ("period", period), ("type", "BASE_SALARY")])] if told else []


def _plain_job(job: Job) -> dict[str, Any]:
    page = structured.absolute(job.get_absolute_url())
    return {
        "id": job.slug,
        "title": job.title,
        "url": page,
        "apply_url": structured.absolute(reverse("careers:apply", args=[job.slug])),
        "description": job.description,
        "team": job.team,
        "place": job.place,
        "country": job.country,
        "remote": job.remote,
        "remote_countries": job.remote_countries,
        "employment": job.employment,
        "hours": job.hours,
        "pay": {"from": job.pay_from, "to": job.pay_to, "currency": job.pay_currency, "period": job.pay_period},
        "channels": job.channels,
        "languages": job.languages,
        "opened_at": _when(job.opened_at) or None,
        "closes_at": _when(job.closes_at) or None,
    }


def _source(company: Company, jobs: list[tuple[str, Fields]]) -> str:
    """The frame that both job boards ask for. Without the time of building: the feed changes when a job does."""
    head = [("publisher", company.name), ("publisherurl", company.website or structured.home())]
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element("source", [*head, *jobs])}\n'


def _element(name: str, content: str | Fields) -> str:
    if isinstance(content, str):
        return f"<{name}>{_quoted(content)}</{name}>"
    inside = "\n".join(_element(one, value) for one, value in content)
    return f"<{name}>\n{inside}\n</{name}>"


def _quoted(text: str) -> str:
    """In a CDATA section; the end of one in the text is shared out to two."""
    return f"<![CDATA[{_spoken(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _spoken(text: str) -> str:
    return UNSPEAKABLE.sub("", text)


def _when(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
