"""Giving a document back to a colleague, so that nothing in it can act in the name of our site."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from candidates.jobs.models import Job
from candidates.judging import firewall
from candidates.people import filetypes
from candidates.people.models import Application, Document

ALONE = "sandbox; default-src 'none'; frame-ancestors 'self'"
SOON = "60"  # seconds after which somebody may try again


@require_safe
@xframe_options_sameorigin
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, to those who may see its application; a PDF may be shown inline (`?inline=1`), all else is saved.

    Whoever is still to read the letter without knowing who wrote it gets no file: those tell it. What we offered is
    given to those who hire for the job alone.
    """
    applications = Application.objects.visible_to(request.user)
    to_who_hires = Document.objects.filter(application__job__in=Job.objects.visible_to(request.user))
    told = Document.objects.exclude(kind=Document.Kind.OFFER) | to_who_hires
    found = get_object_or_404(told, pk=pk, application__in=applications)
    if firewall.blind_readings(request.user).filter(application=found.application_id).exists():
        return render(request, "people/hidden.html", status=403)
    return give(request, found, inline="inline" in request.GET)


def give(request: HttpRequest, found: Document, *, inline: bool = False) -> HttpResponseBase:
    """The file to somebody who may have it; or in words that it is missing (404) or cannot be fetched now (503)."""
    try:
        return _given(found, inline=inline)
    except FileNotFoundError:
        return _missing(request, 404)
    except OSError:
        answer = _missing(request, 503)
        answer["Retry-After"] = SOON
        return answer


def _given(found: Document, *, inline: bool) -> FileResponse:
    shown = inline and found.content_type == filetypes.PDF.content_type
    content = found.file.open("rb")
    response = FileResponse(content, as_attachment=not shown, filename=found.name, content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _missing(request: HttpRequest, status: int) -> HttpResponse:
    """A page that says that the file is not there (404) or cannot be fetched now (503)."""
    return render(request, "people/missing.html", {"is_away": status == 503}, status=status)
