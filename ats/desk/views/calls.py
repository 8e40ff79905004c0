"""Where a colleague offers times for phone screens, sees who took which, and takes back what is free."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ats.desk import identity
from candidates.screening.calls import actions
from candidates.screening.calls.forms import OfferForm
from candidates.screening.models import CallSlot

MOST = 500


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """My times, and the form that offers more. All are in my own zone."""
    at, zone = now(), ZoneInfo(timezone.get_current_timezone_name())
    if request.method == "POST" and "remove" in request.POST:
        _remove(request, at)
        return redirect("desk:calls")
    form = OfferForm(request.POST if request.method == "POST" else None, at=at, zone=zone)
    if form.is_bound and form.is_valid():
        _told(request, actions.offer(request.user, form.offer(), at=at))  # type: ignore[arg-type]
        return redirect("desk:calls")
    return render(request, "desk/calls.html", _context(request, form, at))


def _remove(request: HttpRequest, at: datetime) -> None:
    """A time that somebody takes at the same moment stays."""
    key = request.POST.get("remove", "")
    mine = CallSlot.objects.filter(caller=request.user.pk, application=None)
    wanted = mine if key == "all" else mine.filter(pk=int(key)) if _is_key(key) else mine.none()
    if wanted.filter(starts_at__gt=at).delete()[0]:
        messages.success(request, _("Taken back."))
    else:
        messages.error(request, _("Nothing was taken back: that time is gone, or a candidate has just chosen it."))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _told(request: HttpRequest, number: int) -> None:
    if number:
        messages.success(request, ngettext("%d time offered.", "%d times offered.", number) % number)
    else:
        messages.warning(request, _("Nothing new: all of these overlap times that you offer already."))


def _context(request: HttpRequest, form: OfferForm, at: datetime) -> dict[str, Any]:
    slots = CallSlot.objects.to_come(at).filter(caller=request.user.pk)
    rows = list(slots.select_related("application__candidate", "application__job").defer("application__letter")[:MOST])
    identity.mask(request.user, [slot.application for slot in rows])
    return {
        **admin.site.each_context(request),
        "title": _("Times for calls"),
        "form": form,
        "slots": rows,
        "free": sum(slot.application_id is None for slot in rows),
        "zone": form.zone.key.replace("_", " "),
    }
