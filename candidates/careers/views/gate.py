"""Whether the job of an address is there, closed, or was never public."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now

from candidates.careers.views.source import query_of
from candidates.jobs.models import Job


def open_job(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give `view` the job of the address; a draft is nowhere (404), a paused or closed job is gone (410).

    Gone from the very moment of its closing date, whenever the sweep comes by.
    """

    @wraps(view)
    def gate(request: HttpRequest, slug: str) -> HttpResponse:
        job = published(slug)
        return view(request, job) if job.is_open_at(now()) else gone(request, job)

    return gate


def published(slug: str) -> Job:
    """The job, unless it is a draft, with its plan."""
    found = Job.objects.exclude(status=Job.Status.DRAFT).select_related("plan")
    return get_object_or_404(found, slug=slug)


def gone(request: HttpRequest, job: Job) -> HttpResponse:
    """The page that says that the job takes nothing any more."""
    return render(request, "careers/gone.html", {"job": job, "query": query_of(request)}, status=410)
