"""The career site: what is open, and one job."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import conditional_page, require_safe

from candidates.careers import fragments, listing, process, structured
from candidates.careers.views.gate import open_job
from candidates.careers.views.source import link_of, query_of
from candidates.company import notice
from candidates.company.models import Company
from candidates.jobs.models import Job


@require_safe
@conditional_page
def jobs(request: HttpRequest) -> HttpResponse:
    """What is open, narrowed by what the address asks for."""
    found, query = listing.read(request.GET, at=now()), query_of(request)
    context = {
        "listing": found,
        "cards": fragments.cards(found.jobs, query),
        "boxes": fragments.boxes(found.filters),
        "query": query,
        "link": link_of(request).items(),
        "canonical": structured.home(),
    }
    return render(request, "careers/jobs.html", context)


@require_safe
@conditional_page
@open_job
def job(request: HttpRequest, job: Job) -> HttpResponse:
    """One job: the work, the facts, how we hire."""
    company = Company.current()
    context = {
        "job": job,
        "told": fragments.about(job, company),
        "way": fragments.way(process.steps(job.plan)),
        "query": query_of(request),
        "canonical": structured.absolute(job.get_absolute_url()),
        "logo": structured.absolute(company.logo_url) if company.logo_url else "",
    }
    return render(request, "careers/job.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep of those who apply, and what they may ask for; our words, then the company's."""
    current = notice.current()
    return render(request, "careers/privacy.html", {"version": notice.name(current), "addition": current})
