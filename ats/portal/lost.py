"""Somebody lost the link of their page and has it sent to the address they applied with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ats.portal import actions
from ats.portal.forms import LinkForm
from candidates.careers import spam
from candidates.post import asks


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Ask for the address; the answer is the same whether or not it is known (V30)."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return asks.private(render(request, "portal/link.html", {"form": form}))
    at = now()
    if over := spam.count_form(spam.sender(request), at=at):
        again = date_format(localtime(over.again_at), "H:i")
        form.add_error(None, _("Too many forms came from you or your network. Send it again after %s.") % again)
        return asks.private(render(request, "portal/link.html", {"form": form}, status=429))
    actions.send_links(form.cleaned_data["email"], at=at)
    return asks.private(render(request, "portal/link_sent.html"))
