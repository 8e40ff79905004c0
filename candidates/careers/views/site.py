"""The career site: what is open, and one job."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidates.careers import process
from candidates.careers.facts import facts, line
from candidates.careers.forms import PRIVACY_NOTICE
from candidates.careers.views.gate import open_job
from candidates.careers.views.source import source_of
from candidates.jobs.models import Job


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """What is open."""
    listed = [{"job": job, "line": line(job)} for job in Job.objects.listed().defer("description", "letter_prompt")]
    return render(request, "careers/jobs.html", {"jobs": listed, "source": source_of(request)})


@require_safe
@open_job
def job(request: HttpRequest, job: Job) -> HttpResponse:
    """One job: the work, the facts, how we hire."""
    context = {"job": job, "facts": facts(job), "steps": process.steps(job.plan), "source": source_of(request)}
    return render(request, "careers/job.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep of those who apply, and what they may ask for."""
    return render(request, "careers/privacy.html", {"version": PRIVACY_NOTICE})
