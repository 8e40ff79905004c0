"""The page with passages in which words were found; below the list of applications it shows as a part."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ats.desk import passages


@never_cache
@vary_on_headers("HX-Request")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Where the words `q` stand in what people wrote; for htmx without the frame around it."""
    found = passages.find(request.GET.get("q", ""), user=request.user, at=now())
    if request.headers.get("HX-Request"):
        return render(request, "desk/passages_found.html", {"found": found})
    context = {"found": found, "title": _("In their words")}
    return render(request, "desk/passages.html", admin.site.each_context(request) | context)
