"""Who comes in: the link of a mail becomes a cookie of one application's pages, and opens nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from ats.privacy.erasing import NOWHERE
from candidates.people.models import Application, DataRequest, Document, Event
from candidates.post import asks, language, links

COOKIE = "my"
Page = Callable[Concatenate[HttpRequest, Any, ...], HttpResponseBase]


def own(view: Page) -> Callable[..., HttpResponse]:
    """Give `view` the application that the link's cookie opens; all else is an unknown link.

    The page speaks the candidate's language, unless they have just chosen another, and shows their times.
    """

    @wraps(view)
    def gate(request: HttpRequest, pk: int, **arguments: Any) -> HttpResponse:
        is_theirs = links.read_application_token(request.COOKIES.get(COOKIE, "")) == pk
        application = find(pk) if is_theirs else None
        if application is None:
            return _unknown(request)
        candidate = application.candidate
        spoken = language.of_reader(request, candidate.language)
        with translation.override(spoken), timezone.override(ZoneInfo(candidate.zone)):
            return asks.private(cast(HttpResponse, view(request, application, **arguments)))

    return gate


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Swap the token for a cookie of the page's own path and go to the clean address. Writes nothing."""
    pk = links.read_application_token(token)
    if pk is None or not _of_somebody().filter(pk=pk).exists():
        return _unknown(request)
    path = reverse("portal:home", args=[pk])
    response = redirect(path)
    response.set_cookie(COOKIE, token, path=path, httponly=True, secure=request.is_secure(), samesite="Lax")
    return asks.private(response)


def find(pk: int) -> Any:
    """The application with all that its page shows, in two queries; None when there is none.

    Beside the row: `last_moves` (at most two, the latest first), `own_documents`, `asked_for` (open data requests).
    """
    shown = _of_somebody().select_related("candidate", "job", "plan").prefetch_related("plan__stages")
    return (
        shown.annotate(last_moves=_last_moves(), own_documents=_documents(), asked_for=_asked_for())
        .filter(pk=pk)
        .first()
    )


def _of_somebody() -> QuerySet[Application]:
    """Those of people who were not erased: of the others every link is dead."""
    return Application.objects.exclude(candidate__email__endswith=f"@{NOWHERE}")


def _last_moves() -> ArraySubquery:
    moves = Event.objects.filter(application=OuterRef("pk"), name__startswith="stage.").order_by("-pk")
    return ArraySubquery(moves.values(shown=JSONObject(at="at", kind="by_kind", came_from=F("data__came_from")))[:2])


def _documents() -> ArraySubquery:
    given = Document.objects.filter(application=OuterRef("pk")).exclude(kind=Document.Kind.OFFER)
    documents: QuerySet[Document] = given.order_by("pk")
    return ArraySubquery(documents.values(shown=JSONObject(pk="pk", name="name", size="size", at="at")))


def _asked_for() -> ArraySubquery:
    waiting = DataRequest.objects.filter(application=OuterRef("pk"), done_at=None).order_by("pk")
    return ArraySubquery(waiting.values(shown=JSONObject(kind="kind", due_at="due_at")))


def _unknown(request: HttpRequest) -> HttpResponse:
    return asks.private(render(request, "portal/unknown.html", status=404))
