"""The application form and what comes after it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.careers import actions, process
from candidates.careers.facts import line
from candidates.careers.forms import ApplyForm
from candidates.careers.views.gate import gone, open_job, published
from candidates.careers.views.source import source_of
from candidates.jobs.models import Job
from candidates.people.documents import NotStored
from candidates.pipeline import NotAllowed
from candidates.stages import Stage


@require_http_methods(["GET", "HEAD", "POST"])
@open_job
def apply(request: HttpRequest, job: Job) -> HttpResponse:
    """The form; after a good one the browser goes on to the thank-you page, so that reloading sends nothing."""
    if request.method != "POST":
        form = ApplyForm(job=job, initial={"source": source_of(request)})
        return _form_page(request, job, form)
    form = ApplyForm(request.POST, request.FILES, job=job)
    if not form.is_valid():
        return _form_page(request, job, form)
    try:
        actions.apply(job, **form.arguments(), at=now(), language=get_language() or "")
    except NotAllowed:
        return gone(request, job)
    except NotStored:
        form.add_error(None, _("We could not keep your file just now, so nothing was sent. Try again in some minutes."))
        return _form_page(request, job, form, status=503)
    return redirect("careers:thanks", job.slug)


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next and by when; the same page for everybody, it knows nobody."""
    job = published(slug)
    context = {"job": job, "days": process.days(job.plan, Stage.APPLIED)}
    return render(request, "careers/thanks.html", context)


def _form_page(request: HttpRequest, job: Job, form: ApplyForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "job": job,
        "form": form,
        "line": line(job),
        "back": reverse("careers:job", args=[job.slug]),
    }
    return render(request, "careers/apply.html", context, status=status)
