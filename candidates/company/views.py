"""What browsers load of the company: its logo and its colours. Each version has an address of its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from candidates.company import colours
from candidates.company.models import ONLY, Company

FOR_LONG = "public, max-age=31536000, immutable"
FOR_NOW = "no-cache"


@require_safe
def logo(request: HttpRequest, version: str) -> HttpResponse:
    """The logo."""
    company = _company()
    if not company.logo or not company.logo_type:
        raise Http404
    return _kept(HttpResponse(bytes(company.logo), content_type=company.logo_type), company, version)


@require_safe
def style(request: HttpRequest, version: str) -> HttpResponse:
    """The colours."""
    company = _company()
    if not (company.accent or company.accent_dark):
        raise Http404
    sheet = colours.style_sheet(company.accent, company.accent_dark)
    return _kept(HttpResponse(sheet, content_type="text/css"), company, version)


def _company() -> Company:
    """From the database, not from memory: what is kept for a year must not be what another process just replaced."""
    company = Company.objects.filter(pk=ONLY).first()
    if company is None:
        raise Http404
    return company


def _kept(response: HttpResponse, company: Company, version: str) -> HttpResponse:
    """To be kept for long, if the address is that of this version; an old address shows what there is now."""
    response["Cache-Control"] = FOR_LONG if version == company.version else FOR_NOW
    return response
