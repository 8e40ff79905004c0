"""The candidate's own page: where the application stands, what comes next, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from ats import pipeline
from ats.portal import progress
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks, links

COOKIE = "my"
Page = Callable[[HttpRequest, Application], HttpResponse]


def own(view: Page) -> Callable[..., HttpResponse]:
    """Give `view` the application that the link's cookie opens; all else is an unknown link."""

    @wraps(view)
    def gate(request: HttpRequest, pk: int) -> HttpResponse:
        is_theirs = links.read_application_token(request.COOKIES.get(COOKIE, "")) == pk
        application = _find(pk) if is_theirs else None
        if application is None:
            return _unknown(request)
        with timezone.override(ZoneInfo(application.candidate.zone)):
            return asks.private(view(request, application))

    return gate


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Swap the token for a cookie of the page's own path and go to the clean address. Writes nothing."""
    pk = links.read_application_token(token)
    if pk is None or _find(pk) is None:
        return _unknown(request)
    path = reverse("portal:home", args=[pk])
    response = redirect(path)
    response.set_cookie(COOKIE, token, path=path, httponly=True, secure=request.is_secure(), samesite="Lax")
    return asks.private(response)


@require_safe
@own
def home(request: HttpRequest, application: Application) -> HttpResponse:
    """The steps, whose turn it is, and by when."""
    context = _context(application)
    if application.is_open:
        at = now()
        context |= {
            "marks": progress.marks(application),
            "turns": progress.turns(application, at=at),
            "answer_by": progress.answer_by(application),
            "is_late": progress.answer_by(application) < at,
        }
    return render(request, "portal/home.html" if application.is_open else "portal/ended.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """The second step before withdrawing: GET asks, POST does it."""
    if application.is_open and request.method != "POST":
        return render(request, "portal/withdraw.html", _context(application))
    if application.is_open:
        _withdraw(request, application)
    return redirect("portal:home", application.pk)


def _withdraw(request: HttpRequest, application: Application) -> None:
    try:
        pipeline.withdraw(application, at=now(), by=Actor.candidate(application.candidate.name))
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))


def _find(pk: int) -> Application | None:
    found = Application.objects.select_related("candidate", "job", "plan").prefetch_related("plan__stages")
    return found.filter(pk=pk).first()


def _context(application: Application) -> dict[str, Any]:
    return {"application": application, "job": application.job, "zone": application.candidate.zone}


def _unknown(request: HttpRequest) -> HttpResponse:
    return asks.private(render(request, "asks/unknown.html", status=404))
