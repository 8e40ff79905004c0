"""What machines read: the site map, robots.txt, feeds of job boards, the list to be shown on other sites."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import conditional_page, require_safe

from candidates.careers import feeds, fragments, listing, structured
from candidates.careers.views.source import link_of, query_of
from candidates.company import frames
from candidates.company.models import Company
from candidates.jobs.models import Job

XML = "application/xml; charset=utf-8"
# Everything that is not the career site; a test compares it with the addresses there are.
PRIVATE = (
    "/admin/",
    "/desk/",
    "/documents/",
    "/drafts/",
    "/embed/",
    "/healthz",
    "/hooks/",
    "/interviews/",
    "/language/",
    "/link/",
    "/mailbox/",
    "/metrics",
    "/my/",
    "/pool/",
    "/readyz",
    "/references/",
    "/screening/",
    "/trials/",
)


@require_safe
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list and every open job."""
    return HttpResponse(feeds.sitemap(_newest()), content_type=XML)


@require_safe
@conditional_page
def robots(request: HttpRequest) -> HttpResponse:
    """Where search engines have nothing to look for, and where the site map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    lines.append(f"Sitemap: {structured.absolute(reverse('careers:sitemap'))}\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@conditional_page
def rss(request: HttpRequest) -> HttpResponse:
    """For feed readers."""
    return HttpResponse(feeds.rss(_newest(), Company.current()), content_type="application/rss+xml; charset=utf-8")


@require_safe
@conditional_page
def indeed(request: HttpRequest) -> HttpResponse:
    """For Indeed."""
    return HttpResponse(feeds.indeed(_newest(), Company.current()), content_type=XML)


@require_safe
@conditional_page
def linkedin(request: HttpRequest) -> HttpResponse:
    """For LinkedIn."""
    return HttpResponse(feeds.linkedin(_newest(), Company.current()), content_type=XML)


@require_safe
@conditional_page
def plain(request: HttpRequest) -> HttpResponse:
    """For developers; a script of any site may read it, since it says nothing that the page does not."""
    response = JsonResponse(feeds.plain(_newest(), Company.current()))
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """The list alone, for a frame on one of the sites that the company named."""
    query = query_of(request) if link_of(request) else "?source=embed"
    found = listing.read(request.GET, at=now())
    context = {"listing": found, "cards": fragments.cards(found.jobs, query, is_framed=True), "query": query}
    return frames.allow(render(request, "careers/embed.html", context), Company.current())


def _newest() -> QuerySet[Job]:
    return Job.objects.open_at(now()).order_by(F("opened_at").desc(nulls_last=True), "pk")
