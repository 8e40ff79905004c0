"""Planned rejections on one page, each with the way back."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ats.desk import bulk, home, identity, words
from candidates.judging import firewall


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is carried out next, the first due first; writes nothing. Who owes a rating reads no reason."""
    at = now()
    planned = home.planned_rejections(request.user).annotate(is_untold=firewall.owes(request.user, at))
    related = planned.select_related("application__candidate", "application__job")
    rows = list(related.defer("application__letter", "application__job__description")[: bulk.MOST + 1])
    identity.mask(request.user, [row.application for row in rows])
    context = {
        "title": _("Planned rejections"),
        "rows": [(row, "" if row.is_untold else words.reason(row.reason)) for row in rows[: bulk.MOST]],
        "is_capped": len(rows) > bulk.MOST,
        "most": bulk.MOST,
        "at": at,
    }
    return render(request, "desk/rejections.html", admin.site.each_context(request) | context)
