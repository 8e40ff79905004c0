"""Pieces of pages that are the same for everybody and change seldom: drawn once, then kept by this process.

What a piece is made of is its key, so none is ever out of date. Drawing them anew was most of what a page cost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from candidates.careers import facts, structured
from candidates.careers.listing import Filter, Shown
from candidates.careers.process import Step
from candidates.company.models import Company
from candidates.jobs.models import Job


class Told(NamedTuple):
    """The parts of a job's page."""

    facts: str
    work: str
    summary: str
    posting: str


@dataclass(frozen=True)
class _Seen:
    """A job and the company as they were read; `key` holds every value that they had."""

    key: tuple[str, str, str | None]
    job: Job = field(compare=False)
    company: Company = field(compare=False)


def cards(jobs: Iterable[Shown], query: str, *, is_framed: bool = False) -> SafeString:
    """The jobs of the list, each with its link; `query` is the end of their addresses."""
    return mark_safe("\n".join(_card(job, query, is_framed) for job in jobs))


def boxes(filters: Iterable[Filter]) -> SafeString:
    """The boxes to choose from."""
    language = get_language()
    return mark_safe("\n".join(_box(one, language) for one in filters))


def way(steps: Iterable[Step]) -> SafeString:
    """How we hire, step by step."""
    return _way(tuple((str(step.title), str(step.text), step.days) for step in steps), get_language())


def about(job: Job, company: Company) -> Told:
    """What the job's page says of the job itself, and what it tells search engines."""
    return _about(_Seen((_values(job), _values(company), get_language()), job, company))


def _values(row: Model) -> str:
    """All that a row held when it was read; what was left out of the reading counts for nothing."""
    return repr(sorted((name, value) for name, value in row.__dict__.items() if name != "_state"))


@lru_cache(maxsize=256)
def _about(seen: _Seen) -> Told:
    return Told(
        facts=render_to_string("careers/facts.html", {"facts": facts.facts(seen.job)}),
        work=mark_safe(linebreaks(seen.job.description, autoescape=True)),
        summary=structured.summary(seen.job),
        posting=structured.script(structured.posting(seen.job, seen.company)),
    )


@lru_cache(maxsize=2048)
def _card(job: Shown, query: str, is_framed: bool) -> SafeString:
    return render_to_string("careers/card.html", {"job": job, "query": query, "is_framed": is_framed})


@lru_cache(maxsize=128)
def _box(one: Filter, language: str | None) -> SafeString:
    return render_to_string("careers/filter.html", {"filter": one})


@lru_cache(maxsize=128)
def _way(steps: tuple[tuple[str, str, int], ...], language: str | None) -> SafeString:
    return render_to_string("careers/steps.html", {"steps": steps})
