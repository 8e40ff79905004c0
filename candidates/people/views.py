"""Giving a document back to a colleague, so that nothing in it can act in the name of our site."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from candidates.people import filetypes
from candidates.people.models import Application, Document

ALONE = "sandbox; default-src 'none'; frame-ancestors 'self'"


@require_safe
@xframe_options_sameorigin
def document(request: HttpRequest, pk: int) -> FileResponse:
    """The file, to those who may see its application; a PDF may be shown inline (`?inline=1`), all else is saved."""
    applications = Application.objects.visible_to(request.user)
    found = get_object_or_404(Document, pk=pk, application__in=applications)
    inline = found.content_type == filetypes.PDF.content_type and "inline" in request.GET
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=not inline, filename=found.name, content_type=found.content_type)
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
