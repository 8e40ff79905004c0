"""What a recruiter does with the written exercises of an application: send, give more time, take back, name a grader.

Each is a form, a page that shows what will happen with every mail word for word, and the verb.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import identity, preview, roles
from ats.desk.views.application import find, url_of
from ats.desk.views.interviews import CONFIRM, OWN, PREVIEW, Act
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from interviews.exercises import sending
from interviews.exercises.grading import actions as grading
from interviews.exercises.models import Submission
from interviews.exercises.send_forms import AnotherForm, ExtraForm, GraderForm, SendForm


@require_http_methods(["GET", "HEAD", "POST"])
@identity.by_name
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """A written exercise to the candidate."""
    application = _workable(request, pk)
    form = SendForm(_typed(request), application=application, at=now())

    def verb(at: datetime, by: Actor) -> object:
        return sending.send(copy(application), at=at, by=by, **form.arguments())

    return _page(request, Act(gettext_lazy("Send a written exercise"), "", application, form, verb, ""))


@require_http_methods(["GET", "HEAD", "POST"])
def extra(request: HttpRequest, pk: int) -> HttpResponse:
    """More time, until it is handed in."""
    submission, form = _submission(request, pk), ExtraForm(_typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return sending.grant_extra(_fresh(submission), at=at, by=by, **form.cleaned_data)

    return _page(request, _about(gettext_lazy("Grant more time"), submission, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    submission, form = _submission(request, pk), forms.Form(_typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return sending.cancel(_fresh(submission), at=at, by=by)

    return _page(request, _about(gettext_lazy("Take the exercise back"), submission, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def another(request: HttpRequest, pk: int) -> HttpResponse:
    """The same with another case."""
    submission = _submission(request, pk)
    form = AnotherForm(_typed(request), submission=submission)

    def verb(at: datetime, by: Actor) -> object:
        return sending.send_another(_fresh(submission), case=form.cleaned_data["case"], at=at, by=by)

    return _page(request, _about(gettext_lazy("Send another case instead"), submission, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def grader(request: HttpRequest, pk: int) -> HttpResponse:
    """One more grader, asked at once where one is missing."""
    submission, form = _submission(request, pk), GraderForm(_typed(request))

    def verb(at: datetime, by: Actor) -> object:
        named = form.cleaned_data["grader"]
        return grading.name_grader(_fresh(submission), name=named.name, email=named.email, at=at, by=by)

    return _page(request, _about(gettext_lazy("Name one more grader"), submission, form, verb))


def _page(request: HttpRequest, act: Act) -> HttpResponse:
    if request.POST.get("action") in (PREVIEW, CONFIRM) and act.form.is_valid():
        return _act(request, act)
    return _show(request, "desk/interview_form.html", act)


def _act(request: HttpRequest, act: Act) -> HttpResponse:
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    try:
        if request.POST["action"] == CONFIRM:
            act.verb(at, by)
            messages.success(request, _("Done."))
            return redirect(url_of(act.application))
        shown = preview.of(copy(act.application), partial(act.verb, at, by), at=at)
    except NotAllowed as refused:
        act.form.add_error(None, str(refused))
        return _show(request, "desk/interview_form.html", act)
    typed = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    return _show(request, "desk/interview_confirm.html", act, preview=shown, typed=typed)


def _show(request: HttpRequest, template: str, act: Act, **more: Any) -> HttpResponse:
    context = {"application": act.application, "act": act, "form": act.form, "title": act.label}
    url = url_of(act.application)
    return render(request, template, admin.site.each_context(request) | context | {"url": url} | more)


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _workable(request: HttpRequest, pk: int) -> Application:
    """
    Raises:
        Http404: none that the signed-in person may see, or may see by its name yet.
        PermissionDenied: not theirs to work on, or its way has ended.
    """
    application = find(request, pk)
    if application.is_hidden:
        raise Http404
    if not roles.may_work_on(request.user, application):
        raise PermissionDenied
    return application


def _submission(request: HttpRequest, pk: int) -> Submission:
    submission = get_object_or_404(Submission.objects.select_related("ask", "exercise", "wording"), pk=pk)
    submission.application = _workable(request, submission.application_id)
    return submission


def _fresh(submission: Submission) -> Submission:
    """For the verb alone, which also changes the object it is given: a preview must leave no trace."""
    related = Submission.objects.select_related("ask", "exercise", "wording", "round", "application__candidate")
    return related.get(pk=submission.pk)


def _about(label: str | Promise, submission: Submission, form: forms.Form, verb: Any) -> Act:
    return Act(label, submission.exercise.name, submission.application, form, verb, "")
