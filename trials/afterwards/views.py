"""Pages after a hire, behind mailed links: looking back, and the development plan of the new colleague."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.post import asks
from candidates.post.models import Ask
from trials.afterwards import developing, pulses
from trials.afterwards.forms import PulseForm, ReplyForm
from trials.afterwards.models import DevelopmentShare, Pulse
from trials.answers import who
from trials.letters import texts
from trials.models import Trial


@asks.page
@require_http_methods(["GET", "HEAD", "POST"])
def pulse(request: HttpRequest, asked: Ask) -> HttpResponse:
    """One minute: would they do it again, and what they like to say."""
    found = get_object_or_404(Pulse.objects.select_related("application", "ask"), ask=asked)
    name = asked.application.candidate.name
    form = PulseForm(request.POST if request.method == "POST" else None, pulse=found, name=name)
    if form.is_valid():
        pulses.answer(found, form.said(), at=now(), by=who(asked))
        return render(request, "asks/done.html", {"text": _("Your answer is kept. You can close this page.")})
    context = _context(asked) | {"form": form, "is_lead": found.role == Ask.Role.MANAGER, "title": asked.spoken_title}
    return render(request, "trials/pulse.html", context)


@asks.page
@require_http_methods(["GET", "HEAD", "POST"])
def development(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The plan as it was shared; below it room for a word back."""
    shared = _shared(asked)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        developing.read(shared, reply=form.cleaned_data["reply"], at=now(), by=who(asked))
        return redirect("trials:development_afterwards", pk=asked.pk)
    return render(request, "trials/development.html", _plan(asked, shared) | {"form": form})


@asks.page_afterwards
@require_safe
def development_afterwards(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The plan again, with what they said to it."""
    return render(request, "trials/development.html", _plan(asked, _shared(asked)))


def _shared(asked: Ask) -> DevelopmentShare:
    return get_object_or_404(DevelopmentShare.objects.select_related("plan__application", "ask"), ask=asked)


def _plan(asked: Ask, shared: DevelopmentShare) -> dict[str, Any]:
    items = [one | _readable(one) for one in shared.content["items"]]
    told = {"shared": shared, "note": shared.content["note"], "items": items, "title": _("Your development plan")}
    return _context(asked) | told


def _readable(item: dict[str, Any]) -> dict[str, Any]:
    by_when = date.fromisoformat(item["by_when"]) if item["by_when"] else None
    return {"by_when": by_when, "how": list(texts.parts(item["how"]))}


def _context(asked: Ask) -> dict[str, Any]:
    application = asked.application
    trial = Trial.objects.current().filter(application=application).select_related("leader").first()
    return {"ask": asked, "application": application, "job": application.job, "trial": trial}
