"""The buttons of a job: open, pause, close, revise its plan; each asks once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ats.desk import identity, roles
from candidates.jobs import actions
from candidates.jobs.models import Job
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from interviews.kits import coverage

OPEN, CLOSE = "open", "close"
SHOWN = 100  # of those who wait; the list has all


@dataclass(frozen=True)
class JobStep:
    """A button, what it does in words, its verb, and when it is there."""

    label: str | Promise
    text: str | Promise
    verb: Callable[..., object]
    is_there: Callable[[Job], bool]


STEPS = {
    OPEN: JobStep(
        _("Open the job"),
        _("It is on the career page at once and takes applications. It gets its own copy of the hiring plan."),
        actions.open_job,
        lambda job: job.status != Job.Status.OPEN,
    ),
    "pause": JobStep(
        _("Pause"),
        _("It leaves the career page and takes no applications until it is opened again. Those it has go on."),
        actions.pause_job,
        lambda job: job.status == Job.Status.OPEN,
    ),
    CLOSE: JobStep(
        _("Close"),
        _("It takes no more applications. Those that are open stay until somebody moves or rejects them."),
        actions.close_job,
        lambda job: job.status in {Job.Status.OPEN, Job.Status.PAUSED},
    ),
    "revise": JobStep(
        _("New version of the plan"),
        _("The plan is locked, because people applied under it. A copy can be changed; who applied keeps the old one."),
        actions.revise_plan,
        lambda job: job.plan.locked_at is not None,
    ),
}


def steps(user: Any, job: Job) -> list[tuple[str, str | Promise]]:
    """Address and label of each button that `user` may press now."""
    if not roles.may_change_job(user, job):
        return []
    return [
        (reverse("admin:candidates_job_step", args=[job.pk, name]), step.label)
        for name, step in STEPS.items()
        if step.is_there(job)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say what the button does; do it when confirmed."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("plan"), pk=pk)
    if name not in STEPS:
        raise Http404
    if not roles.may_change_job(request.user, job):
        raise PermissionDenied
    if request.method == "POST":
        return _do(request, job, STEPS[name])
    context: dict[str, Any] = {"job": job, "step": STEPS[name], "title": STEPS[name].label, "url": _url(job)}
    if name == OPEN:
        context["coverage"] = coverage.of_plan(job.plan)
    if name == CLOSE:
        context |= _unanswered(job)
        identity.mask(request.user, context["waiting"])
    return render(request, "admin/candidates/job/confirm.html", admin.site.each_context(request) | context)


def _do(request: HttpRequest, job: Job, step: JobStep) -> HttpResponse:
    try:
        step.verb(job, at=now(), by=Actor.person(request.user))  # type: ignore[arg-type]
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done: %s.") % step.label)
        if step is STEPS[CLOSE] and (waiting := job.applications.open().count()):
            told = ngettext("%d person waits for an answer still.", "%d people wait for an answer still.", waiting)
            messages.warning(request, told % waiting)
            return redirect(_list(job))
    return redirect(_url(job))


def _unanswered(job: Job) -> dict[str, Any]:
    """Everybody who has had no answer yet, whoever waited longest first."""
    waiting = job.applications.open().select_related("candidate").defer("letter").order_by("stage_since", "pk")
    return {"waiting": list(waiting[:SHOWN]), "more": max(waiting.count() - SHOWN, 0), "list_url": _list(job)}


def _list(job: Job) -> str:
    return f"{reverse('admin:candidates_application_changelist')}?job={job.pk}"


def _url(job: Job) -> str:
    return reverse("admin:candidates_job_change", args=[job.pk])
