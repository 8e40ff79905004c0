"""A kit on paper."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from interviews.kits import sheet, wording
from interviews.models import Kit


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The kit as it is now, to print and to write on."""
    if not request.user.has_perm("interviews.view_kit"):
        raise PermissionDenied
    kit = get_object_or_404(Kit, pk=pk)
    context = {"kit": kit, "title": kit.name, "sheet": sheet.of(wording.of_kit(kit, None))}
    return render(request, "desk/kit.html", admin.site.each_context(request) | context)
