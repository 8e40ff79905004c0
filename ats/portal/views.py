"""The candidate's own page: where the application stands, what comes next, one more document, and the way out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ats import pipeline
from ats.portal import actions, progress, trial
from ats.portal.forms import DocumentForm, SpeechForm
from ats.portal.gate import own
from candidates.people import requests
from candidates.people.actors import Actor
from candidates.people.documents import NotStored
from candidates.people.models import Application, DataRequest
from candidates.people.views import give
from candidates.pipeline import NotAllowed

FORMS = ["GET", "HEAD", "POST"]


@require_safe
@own
def home(request: HttpRequest, application: Application) -> HttpResponse:
    """The steps, whose turn it is, by when, and what can be done here."""
    return _home(request, application, DocumentForm())


@require_http_methods(FORMS)
@own
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """The second step before withdrawing: GET asks, POST does it."""
    if _is_over(application):
        return redirect("portal:home", application.pk)
    if request.method != "POST":
        return render(request, "portal/withdraw.html", _context(application))
    try:
        pipeline.withdraw(application, at=now(), by=_candidate(application))
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    return redirect("portal:home", application.pk)


@require_http_methods(FORMS)
@own
def add(request: HttpRequest, application: Application) -> HttpResponse:
    """Take one more document; what is wrong with it stands beside the box."""
    form = DocumentForm(request.POST, request.FILES)
    if request.method != "POST" or _is_over(application):
        return redirect("portal:home", application.pk)
    if not form.is_valid():
        return _home(request, application, form)
    return _add(request, application, form)


@require_safe
@own
def document(request: HttpRequest, application: Application, /, document: int) -> HttpResponseBase:
    """One of the candidate's own files, to be saved; never shown inside our site."""
    return give(request, get_object_or_404(application.documents, pk=document))


@require_http_methods(FORMS)
@own
def data(request: HttpRequest, application: Application, kind: str) -> HttpResponse:
    """The second step before asking for a copy of one's data, or for its deletion."""
    if kind not in DataRequest.Kind.values:
        raise Http404
    if request.method != "POST":
        return render(request, "portal/data.html", _context(application) | {"kind": kind})
    by = _candidate(application)
    requests.request(application, DataRequest.Kind(kind), at=now(), by=by)
    messages.success(request, _("We have your request and confirm it by mail. A person sees to it within 30 days."))
    return redirect("portal:home", application.pk)


@require_http_methods(FORMS)
@own
def speech(request: HttpRequest, application: Application) -> HttpResponse:
    """Language and time zone, of the page and of the mails."""
    form = SpeechForm.of(application.candidate, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "portal/speech.html", _context(application) | {"form": form})
    actions.choose(application, **form.cleaned_data)
    with override(form.cleaned_data["language"]):
        messages.success(request, _("Saved. This page and our mails follow your choice."))
    response = redirect("portal:home", application.pk)
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)  # chosen for a visit; this choice is for good
    return response


@require_POST
@own
def other(request: HttpRequest, application: Application) -> HttpResponse:
    """Mail the link of the application that this one was put together with: it is not shown by this one's right."""
    if application.duplicate_of:
        actions.send_link(application.duplicate_of, at=now())
        messages.success(request, _("The link is on its way to your mailbox."))
    return redirect("portal:home", application.pk)


def _home(request: HttpRequest, application: Application, form: DocumentForm, status: int = 200) -> HttpResponse:
    at = now()
    stands = progress.standing(application, at=at)
    context = _context(application) | {
        "stage": stands.stage,
        "form": form,
        "papers": progress.papers(application),
        "wanted": progress.wanted(application),
        "is_folded": application.duplicate_of_id is not None,
    }
    context["asks"] = {one.kind for one in context["wanted"]}
    if not stands.is_open or context["is_folded"]:
        return render(request, "portal/ended.html", context, status=status)
    told = trial.told(application, stands.stage, at=at)
    by = told.ends_at if told and told.is_agreed else progress.answer_by(application, stands)
    context |= {"marks": progress.marks(application, stands.stage), "answer_by": by, "is_late": by < at, "trial": told}
    context["turns"] = progress.turns(application, at=at)
    return render(request, "portal/home.html", context, status=status)


def _add(request: HttpRequest, application: Application, form: DocumentForm) -> HttpResponse:
    status = 200
    try:
        actions.add_document(application, form.cleaned_data["document"], at=now(), by=_candidate(application))
    except actions.SameAgain:
        messages.info(request, _("We have this file already; it is in the list below."))
        return redirect("portal:home", application.pk)
    except NotAllowed as refusal:
        form.add_error("document", str(refusal))
    except NotStored:
        form.add_error("document", _("We could not keep your file just now. Try again in some minutes."))
        status = 503
    if form.errors:
        return _home(request, application, form, status)
    messages.success(request, _("Your document is with us."))
    return redirect("portal:home", application.pk)


def _is_over(application: Application) -> bool:
    """Whether nothing can be changed here: ended, or put together with another application."""
    return not application.is_open or application.duplicate_of_id is not None


def _candidate(application: Application) -> Actor:
    return Actor.candidate(application.candidate.name)


def _context(application: Application) -> dict[str, Any]:
    return {"application": application, "job": application.job, "zone": application.candidate.zone}
