"""Whether the job of an address is there, closed, or was never public."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from candidates.jobs.models import Job


def open_job(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give `view` the job of the address; a draft is nowhere (404), a paused or closed job is gone (410)."""

    @wraps(view)
    def gate(request: HttpRequest, slug: str) -> HttpResponse:
        job = published(slug)
        return view(request, job) if job.status == Job.Status.OPEN else gone(request, job)

    return gate


def published(slug: str) -> Job:
    """The job, unless it is a draft, with its plan."""
    found = Job.objects.exclude(status=Job.Status.DRAFT).select_related("plan").prefetch_related("plan__stages")
    return get_object_or_404(found, slug=slug)


def gone(request: HttpRequest, job: Job) -> HttpResponse:
    """The page that says that the job takes nothing any more."""
    return render(request, "careers/gone.html", {"job": job}, status=410)
