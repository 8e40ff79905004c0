"""The page of somebody who interviews: when they can, and what is booked. Opened by the link of a mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.pipeline import NotAllowed
from candidates.post import asks, language, links
from candidates.sourcing.views import behind
from interviews.availability.hours import zone_of
from interviews.availability.models import Interviewer, OfferedTime
from interviews.availability.own_times import actions
from interviews.availability.own_times.forms import HoursForm, InterviewerForm, OfferForm
from interviews.models import Panelist

INTERVIEWER = "interviewer"
MOST_BOOKED = 100


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of the mail arrives: the token becomes a cookie of the page's own path. Writes nothing."""
    pk = links.read_personal_token(INTERVIEWER, token)
    if pk is None:
        return asks.private(render(request, "asks/unknown.html", status=404))
    path = reverse("interviews:own_times", args=[pk])
    response = redirect(path)
    response.set_cookie(INTERVIEWER, token, path=path, httponly=True, secure=request.is_secure(), samesite="Lax")
    return asks.private(response)


def _find(pk: int | None) -> Interviewer | None:
    return Interviewer.objects.filter(pk=pk, is_active=True).first() if pk else None


@require_http_methods(["GET", "HEAD", "POST"])
@behind(INTERVIEWER, _find)
def page(request: HttpRequest, interviewer: Interviewer) -> HttpResponse:
    """Rules, weekly hours, times besides; and what is booked."""
    spoken = language.of_reader(request, interviewer.language)
    with translation.override(spoken), timezone.override(zone_of(interviewer.zone)):
        at, action = now(), request.POST.get("action", "") if request.method == "POST" else ""
        rules, hours, offer = _forms(request, interviewer, action, at)
        if action == "remove":
            _take_back(request, interviewer)
            return redirect(request.path)
        if action == "save" and _is_saved(request, rules, hours, at):
            return redirect(request.path)
        if action == "offer" and _is_offered(request, interviewer, offer, at):
            return redirect(f"{request.path}#offered")
        interviewer.refresh_from_db()  # a form writes what was typed into its instance, also when it is wrong
        return render(
            request,
            "interviews/times.html",
            _context(interviewer, at) | {"rules": rules, "hours": hours, "offer": offer},
        )


def _forms(
    request: HttpRequest, interviewer: Interviewer, action: str, at: datetime
) -> tuple[InterviewerForm, HoursForm, OfferForm]:
    said, offered = (request.POST if action == name else None for name in ("save", "offer"))
    zone = zone_of(interviewer.zone)
    rules = InterviewerForm(said, instance=interviewer)
    return rules, HoursForm(said, hours=list(interviewer.hours.all())), OfferForm(offered, zone=zone, at=at)


def _is_saved(request: HttpRequest, rules: InterviewerForm, hours: HoursForm, at: datetime) -> bool:
    if not (rules.is_valid() & hours.is_valid()):
        return False
    actions.say(rules.save(commit=False), hours.hours(), at=at)
    messages.success(request, _("Saved. Thank you!"))
    return True


def _is_offered(request: HttpRequest, interviewer: Interviewer, form: OfferForm, at: datetime) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.offer(interviewer, *form.span(), at=at)
    except NotAllowed as refused:
        form.add_error("begins", str(refused))
        return False
    messages.success(request, _("This time is offered."))
    return True


def _take_back(request: HttpRequest, interviewer: Interviewer) -> None:
    """An offered time is one row, and what is booked in it stays booked."""
    key = request.POST.get("offered", "")
    rows = OfferedTime.objects.filter(interviewer=interviewer)
    if key.isascii() and key.isdigit() and len(key) < 18 and rows.filter(pk=int(key)).delete()[0]:
        messages.success(request, _("Taken back. What is booked already stays booked."))


def _context(interviewer: Interviewer, at: datetime) -> dict[str, Any]:
    booked = Panelist.objects.standing().filter(email__iexact=interviewer.email, ends_at__gt=at)
    booked = booked.filter(interview__cancelled_at=None).select_related("interview__application__candidate")
    return {
        "interviewer": interviewer,
        "zone": interviewer.zone.replace("_", " "),
        "offered": interviewer.offered_times.filter(ends_at__gt=at),
        "booked": booked.select_related("interview__application__job").order_by("starts_at")[:MOST_BOOKED],
        "is_bookable": interviewer.hours.exists() or interviewer.offered_times.filter(ends_at__gt=at).exists(),
    }
