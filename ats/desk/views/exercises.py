"""What a recruiter does with the written exercises of an application: send, give more time, take back, name a grader.

Each is a form, a page that shows what will happen with every mail word for word, and the verb.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import identity
from ats.desk.views.acts import Act, page, typed, workable
from candidates.people.actors import Actor
from interviews.exercises import sending
from interviews.exercises.grading import actions as grading
from interviews.exercises.models import Submission
from interviews.exercises.send_forms import AnotherForm, ExtraForm, GraderForm, SendForm


@require_http_methods(["GET", "HEAD", "POST"])
@identity.by_name
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """A written exercise to the candidate."""
    application = workable(request, pk)
    form = SendForm(typed(request), application=application, at=now())

    def verb(at: datetime, by: Actor) -> object:
        return sending.send(copy(application), at=at, by=by, **form.arguments())

    return page(request, Act(gettext_lazy("Send a written exercise"), "", application, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def extra(request: HttpRequest, pk: int) -> HttpResponse:
    """More time, until it is handed in."""
    submission, form = _submission(request, pk), ExtraForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return sending.grant_extra(_fresh(submission), at=at, by=by, **form.cleaned_data)

    return page(request, _about(gettext_lazy("Grant more time"), submission, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    submission, form = _submission(request, pk), forms.Form(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return sending.cancel(_fresh(submission), at=at, by=by)

    return page(request, _about(gettext_lazy("Take the exercise back"), submission, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def another(request: HttpRequest, pk: int) -> HttpResponse:
    """The same with another case."""
    submission = _submission(request, pk)
    form = AnotherForm(typed(request), submission=submission)

    def verb(at: datetime, by: Actor) -> object:
        return sending.send_another(_fresh(submission), case=form.cleaned_data["case"], at=at, by=by)

    return page(request, _about(gettext_lazy("Send another case instead"), submission, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def grader(request: HttpRequest, pk: int) -> HttpResponse:
    """One more grader, asked at once where one is missing."""
    submission, form = _submission(request, pk), GraderForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        named = form.cleaned_data["grader"]
        return grading.name_grader(_fresh(submission), name=named.name, email=named.email, at=at, by=by)

    return page(request, _about(gettext_lazy("Name one more grader"), submission, form, verb))


def _submission(request: HttpRequest, pk: int) -> Submission:
    submission = get_object_or_404(Submission.objects.select_related("ask", "exercise", "wording"), pk=pk)
    submission.application = workable(request, submission.application_id)
    return submission


def _fresh(submission: Submission) -> Submission:
    """For the verb alone, which also changes the object it is given: a preview must leave no trace."""
    related = Submission.objects.select_related("ask", "exercise", "wording", "round", "application__candidate")
    return related.get(pk=submission.pk)


def _about(label: str | Promise, submission: Submission, form: forms.Form, verb: Any) -> Act:
    return Act(label, submission.exercise.name, submission.application, form, verb)
