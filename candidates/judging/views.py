"""The page of a scorecard, the same for every stage: shows the draft, keeps it, locks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.judging import actions
from candidates.judging.actions import Answers
from candidates.judging.forms import ScorecardForm
from candidates.judging.models import Scorecard

Lock = Callable[[Scorecard, Answers, datetime], object]


def scorecard_page(
    request: HttpRequest, card: Scorecard, *, lock: Lock, template: str, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer a request for the page of `card`.

    Args:
        request: POST with `action` save, autosave or lock; anything else shows the page.
        card: the scorecard that the gate's ask is about.
        lock: the stage's verb for locking: card, answers, clock.
        template: extends `judging/scorecard.html`.
        context: what the page shows besides (letter, kit, ...).
    """
    action = request.POST.get("action") if request.method == "POST" else None
    form = ScorecardForm(request.POST if action else None, card=card, locking=action == "lock")
    if action == "lock" and form.is_valid():
        lock(card, form.answers(), now())
        return render(request, "asks/done.html", {"ask": card.ask, "title": _("Locked. Thank you."), "text": _THANKS})
    if action in {"save", "autosave"}:
        form.is_valid()
        actions.save_draft(card, form.answers(), at=now())
    if action == "autosave":
        return render(request, "judging/saved.html", {"saved_at": card.saved_at})
    return render(request, template, _context(card, form) | (context or {}))


_THANKS = gettext_lazy(
    "Your scorecard counts from now on. Nobody could see it before everybody had rated, and nobody can change it."
)


def _context(card: Scorecard, form: ScorecardForm) -> dict[str, Any]:
    application = card.application
    return {
        "ask": card.ask,
        "card": card,
        "application": application,
        "job": application.job,
        "form": form,
        "saved_at": card.saved_at,
        "title": card.ask.title,
    }
