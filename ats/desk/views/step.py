"""A button of the pipeline: its form, the page that shows what will happen, and the verb.

Reading a page never moves anything. Each page carries where the application stood when it was made, so that whoever
acts on an old page learns of the colleague who was quicker.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ats import pipeline
from ats.desk import preview, rewording, roles, timeline
from ats.desk.forms import Seen
from ats.desk.views.application import find, url_of
from ats.rejections.actions import leaves_at
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import MovedMeanwhile, NotAllowed
from candidates.stages import Stage
from candidates.steps import StepForm

PREVIEW, CONFIRM = "preview", "confirm"


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """Take one step of the pipeline, in three pages: form, what will happen, done."""
    at = now()
    application, to = find(request, pk), _stage(stage)
    if not roles.recruits(request.user, application.job):
        raise PermissionDenied
    seen = Seen.parse(request.POST.get("seen", "")) if request.method == "POST" else Seen.now(application)
    if seen != Seen.now(application) or not roles.may_move(request.user, application, to):
        return _meanwhile(request, application)
    form = pipeline.step(application, to).form(request.POST or None, application=application, at=at)
    if request.POST.get("action") in (PREVIEW, CONFIRM) and form.is_valid():
        return _act(request, application, to, form, at)
    return _ask(request, application, to, form, seen)


def _act(request: HttpRequest, application: Application, to: Stage, form: StepForm, at: datetime) -> HttpResponse:
    seen, by, arguments = Seen.now(application), Actor.person(request.user), form.arguments()  # type: ignore[arg-type]
    try:
        typed = request.POST.dict()
        if request.POST["action"] == CONFIRM and not rewording.problems(typed):
            with transaction.atomic():
                pipeline.take(application, to, at=at, by=by, arguments=arguments)
                rewording.apply(application, typed, at=at, by=by)
            return _done(request, application, at, arguments.get("hours", 0))
        shown = preview.of_step(application, to, at=at, by=by, arguments=arguments, typed=typed)
    except MovedMeanwhile:
        return _meanwhile(request, find(request, application.pk))
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, find(request, application.pk), to, form, seen)
    return _render(request, "confirm", application, to, {"preview": shown, "typed": _typed(request)})


def _ask(request: HttpRequest, application: Application, to: Stage, form: StepForm, seen: Seen) -> HttpResponse:
    return _render(request, "move", application, to, {"form": form, "seen": seen})


def _done(request: HttpRequest, application: Application, at: datetime, hours: int) -> HttpResponse:
    told = {"name": application.candidate.name, "stage": Stage(application.stage).label}
    if hours:
        told["when"] = date_format(localtime(leaves_at(at, hours)), "D j M, H:i")
        messages.success(request, _("Planned. %(name)s gets the mail on %(when)s; until then you can undo it.") % told)
    else:
        messages.success(request, _("Done. %(name)s stands at: %(stage)s.") % told)
    return redirect(url_of(application))


def _meanwhile(request: HttpRequest, application: Application) -> HttpResponse:
    """A colleague, a rule or the candidate was quicker: who, when, and where it stands. Nothing was changed."""
    context = {
        "application": application,
        "title": _("Somebody was quicker"),
        "last": timeline.last_move(timeline.events(application)),
        "url": url_of(application),
    }
    return render(
        request, "admin/candidates/application/meanwhile.html", admin.site.each_context(request) | context, status=409
    )


def _render(
    request: HttpRequest, name: str, application: Application, to: Stage, extra: dict[str, Any]
) -> HttpResponse:
    step = pipeline.step(application, to)
    context = {"application": application, "to": to, "step": step, "title": step.label, "url": url_of(application)}
    return render(
        request, f"admin/candidates/application/{name}.html", admin.site.each_context(request) | context | extra
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was posted, for the hidden fields of the next page."""
    own = {"csrfmiddlewaretoken", "action"}
    kept = ((name, values) for name, values in request.POST.lists() if name not in own and not rewording.is_own(name))
    return [(name, value) for name, values in kept for value in values]


def _stage(text: str) -> Stage:
    try:
        return Stage(text)
    except ValueError:
        raise Http404 from None
