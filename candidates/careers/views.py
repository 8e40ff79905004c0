"""The career site: what is open, how we hire, the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.careers import actions, process
from candidates.careers.facts import facts, line
from candidates.careers.forms import PRIVACY_NOTICE, ApplyForm
from candidates.jobs.models import Job
from candidates.people.documents import NotStored
from candidates.pipeline import NotAllowed
from candidates.stages import Stage

LONGEST_SOURCE = 80


def open_job(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give `view` the job of the address; a draft is nowhere (404), a paused or closed job is gone (410)."""

    @wraps(view)
    def gate(request: HttpRequest, slug: str) -> HttpResponse:
        job = _published(slug)
        return view(request, job) if job.status == Job.Status.OPEN else _gone(request, job)

    return gate


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """What is open."""
    listed = [{"job": job, "line": line(job)} for job in Job.objects.listed().defer("description", "letter_prompt")]
    return render(request, "careers/jobs.html", {"jobs": listed, "source": _source(request)})


@require_safe
@open_job
def job(request: HttpRequest, job: Job) -> HttpResponse:
    """One job: the work, the facts, how we hire."""
    context = {"job": job, "facts": facts(job), "steps": process.steps(job.plan), "source": _source(request)}
    return render(request, "careers/job.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_job
def apply(request: HttpRequest, job: Job) -> HttpResponse:
    """The form; after a good one the browser goes on to the thank-you page, so that reloading sends nothing."""
    if request.method != "POST":
        form = ApplyForm(job=job, initial={"source": _source(request)})
        return _form_page(request, job, form)
    form = ApplyForm(request.POST, request.FILES, job=job)
    if not form.is_valid():
        return _form_page(request, job, form)
    try:
        actions.apply(job, **form.arguments(), at=now(), language=get_language() or "")
    except NotAllowed:
        return _gone(request, job)
    except NotStored:
        form.add_error(None, _("We could not keep your file just now, so nothing was sent. Try again in some minutes."))
        return _form_page(request, job, form, status=503)
    return redirect("careers:thanks", job.slug)


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next and by when; the same page for everybody, it knows nobody."""
    job = _published(slug)
    context = {"job": job, "days": process.days(job.plan, Stage.APPLIED)}
    return render(request, "careers/thanks.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep of those who apply, and what they may ask for."""
    return render(request, "careers/privacy.html", {"version": PRIVACY_NOTICE})


def _published(slug: str) -> Job:
    found = Job.objects.exclude(status=Job.Status.DRAFT).select_related("plan").prefetch_related("plan__stages")
    return get_object_or_404(found, slug=slug)


def _source(request: HttpRequest) -> str:
    return request.GET.get("source", "")[:LONGEST_SOURCE]


def _form_page(request: HttpRequest, job: Job, form: ApplyForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "job": job,
        "form": form,
        "line": line(job),
        "back": reverse("careers:job", args=[job.slug]),
    }
    return render(request, "careers/apply.html", context, status=status)


def _gone(request: HttpRequest, job: Job) -> HttpResponse:
    return render(request, "careers/gone.html", {"job": job}, status=410)
