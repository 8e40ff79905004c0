"""Somebody lost the link of their page and has it sent to the address they applied with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from ats.portal import actions
from ats.portal.forms import LinkForm
from candidates.post import asks


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Ask for the address; the answer is the same whether or not it is known (V30)."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return asks.private(render(request, "portal/link.html", {"form": form}))
    actions.send_links(form.cleaned_data["email"], at=now())
    return asks.private(render(request, "portal/link_sent.html"))
