"""A job as search engines read it: schema.org's JobPosting in JSON-LD, and what is missing for it to be shown well."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from candidates.careers.facts import pay
from candidates.company.models import Company
from candidates.jobs.models import Job

# In JSON these stand only inside a string, where they may be written so. Then no text ends the script element.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
SUMMARY = 160


def absolute(path: str) -> str:
    """The address with the site before it."""
    return f"{settings.SITE_URL}{path}"


def script(data: dict[str, Any]) -> SafeString:
    """`data` as the content of a script element; nothing in a text ends it."""
    return mark_safe(json.dumps(data).translate(ESCAPES))


def summary(job: Job) -> str:
    """The first words of the description, for previews of links; whole words, at most `SUMMARY` characters."""
    words = " ".join(job.description[: SUMMARY * 4].split())
    return words if len(words) <= SUMMARY else f"{words[: SUMMARY - 1].rsplit(' ', 1)[0]}…"


def posting(job: Job, company: Company) -> dict[str, Any]:
    """The JobPosting by the fields that Google requires and recommends; what is not known is left out."""
    known = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": job.title,
        "description": description(job, company),
        "datePosted": job.opened_at.isoformat() if job.opened_at else None,
        "validThrough": job.closes_at.isoformat() if job.closes_at else None,
        "employmentType": job.employment,
        "hiringOrganization": organization(company),
        "identifier": {"@type": "PropertyValue", "name": company.name, "value": job.slug},
        "url": absolute(job.get_absolute_url()),
        "directApply": True,
        "jobLocation": _location(job, company),
        **_remote(job, company),
        "baseSalary": _salary(job),
        "workHours": job.hours,
        "totalJobOpenings": job.openings,
    }
    return _known(known)


def organization(company: Company) -> dict[str, Any]:
    """Who hires."""
    logo = absolute(company.logo_url) if company.logo_url else None
    return _known({"@type": "Organization", "name": company.name, "sameAs": company.website, "logo": logo})


def description(job: Job, company: Company) -> str:
    """What the page says of the work and of the company, as HTML."""
    return linebreaks("\n\n".join(filter(None, [job.description, company.about])), autoescape=True)


def missing(job: Job, company: Company) -> list[str]:
    """What search engines and job boards will miss, in words for those who write the job."""
    if not job.place and not job.remote:
        where = _(
            "Where the work is done: a place, or that it is remote. Without it search engines do not show the job."
        )
    elif job.remote and not _countries(job, company):
        where = _("From which countries people may work. Without them search engines do not show a remote job.")
    elif job.place and not _country(job, company):
        where = _("The country of the place. Without it search engines do not show the job.")
    else:
        where = ""
    address = job.place and not (job.street and job.postal_code)
    told = [
        where,
        _("Street and postal code: the job is shown to people who live near.") if address else "",
        ""
        if pay(job) and job.pay_currency
        else _("The pay with its currency: jobs that name it are opened more often."),
        "" if company.website else _("The company's website, in the company's settings."),
        "" if company.logo_url else _("The company's logo, in the company's settings."),
    ]
    return [words for words in told if words]


def _location(job: Job, company: Company) -> dict[str, Any] | None:
    """Where one comes to work; of a job that is remote only, nothing."""
    if job.remote and not job.place:
        return None
    address = {
        "streetAddress": job.street,
        "addressLocality": job.place,
        "addressRegion": job.region,
        "postalCode": job.postal_code,
        "addressCountry": _country(job, company),
    }
    known = _known(address)
    return {"@type": "Place", "address": {"@type": "PostalAddress", **known}} if known else None


def _remote(job: Job, company: Company) -> dict[str, Any]:
    """That one may work from home, and from where; said only together, since neither is valid without the other."""
    countries = [{"@type": "Country", "name": country} for country in _countries(job, company)]
    if not job.remote or not (countries or job.place):
        return {}
    return {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": countries}


def _salary(job: Job) -> dict[str, Any] | None:
    ends = [end for end in (job.pay_from, job.pay_to) if end is not None]
    if not ends or not job.pay_currency:
        return None
    value = {"value": ends[0]} if len(set(ends)) == 1 else {"minValue": ends[0], "maxValue": ends[1]}
    amount = {"@type": "QuantitativeValue", **value, "unitText": job.pay_period}
    return {"@type": "MonetaryAmount", "currency": job.pay_currency, "value": amount}


def _country(job: Job, company: Company) -> str:
    return job.country or company.country


def _countries(job: Job, company: Company) -> list[str]:
    """From where people may work; of a job that names none, where it is."""
    return job.remote_countries or [country for country in [_country(job, company)] if country]


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def home() -> str:
    """The address of the career page."""
    return absolute(reverse("careers:jobs"))
