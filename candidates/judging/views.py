"""The page of a scorecard, the same for every stage: shows the draft, keeps it, locks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import actions
from candidates.judging.forms import ScorecardForm
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.post import asks

Lock = Callable[[Scorecard, Any, datetime], object]  # the answers are what the form makes
Save = Callable[..., None]  # card, answers, and the clock as `at`
LOCK, AUTOSAVE, REST = "lock", "autosave", "rest"


def scorecard_page(
    request: HttpRequest,
    card: Scorecard,
    *,
    lock: Lock,
    template: str,
    context: dict[str, Any] | None = None,
    prompts: Mapping[int, object] | None = None,
    form: type[ScorecardForm] = ScorecardForm,
    save: Save = actions.keep_draft,
) -> HttpResponse:
    """Answer a request for the page of `card`, in the language and time zone of the person asked.

    Args:
        request: a POST with `action` lock, autosave or rest (what has no score was not seen); any other POST keeps
            the draft, the rest shows the page.
        card: the scorecard that the gate's ask is about.
        lock: the stage's verb for locking: card, answers, clock.
        template: extends `judging/scorecard.html`.
        context: what the page shows besides (letter, kit, ...).
        prompts: what the page shows beside a competency, by the competency's key.
        form: what the rater fills in, where this kind asks for more than every scorecard.
        save: keeps a draft inside the transaction of the page, where it keeps more than every scorecard.

    Raises:
        asks.NotOpen: locked or cancelled meanwhile; the gate says so.
    """
    card.application = card.ask.application  # as the gate loaded it, with candidate, job and plan
    with (
        translation.override(card.ask.language),
        timezone.override(ZoneInfo(card.ask.zone)),
    ):
        if request.method != "POST":
            return _show(
                request,
                form(card=card, prompts=prompts),
                card,
                template,
                context,
            )
        filled = _answer(request, card, lock, save, form, prompts)
        if card.is_locked:
            return _thank(request, card)
        if request.POST.get("action") == AUTOSAVE:
            return render(request, "judging/autosaved.html", _state(filled, card))
        return _show(request, filled, card, template, context)


def rater(card: Scorecard) -> Actor:
    """Who locks `card`, for the event: the person asked, whether by their link or signed in."""
    return Actor.person(card.rater) if card.rater else Actor.outsider(card.rater_name)


@transaction.atomic
def _answer(
    request: HttpRequest,
    card: Scorecard,
    lock: Lock,
    save: Save,
    kind: type[ScorecardForm],
    prompts: Mapping[int, object] | None,
) -> ScorecardForm:
    """Lock or keep what was typed. The application's row is locked first: two tabs of one rater come one by one."""
    pipeline.lock(card.application)
    card.refresh_from_db(fields=["recommendation", "summary", "saved_at", "locked_at"])
    action = request.POST.get("action")
    prefetch_related_objects([card], *kind.rows)
    filled = kind(request.POST, card=card, locking=action == LOCK, marks_rest=action == REST, prompts=prompts)
    if filled.locking and filled.is_valid():
        lock(card, filled.answers(), now())
    else:
        save(card, filled.answers(), at=now())
    return filled


def _show(
    request: HttpRequest,
    form: ScorecardForm,
    card: Scorecard,
    template: str,
    context: dict[str, Any] | None,
) -> HttpResponse:
    application = card.application
    page = {"application": application, "job": application.job, "title": card.ask.spoken_title}
    return render(request, template, _state(form, card) | page | (context or {}))


def _state(form: ScorecardForm, card: Scorecard) -> dict[str, Any]:
    """What goes back; the form's `seen` names the draft that was just kept, so that the next save follows it."""
    if form.is_bound:
        form.data = form.redrawn() | {"seen": card.saved_at.isoformat() if card.saved_at else ""}
    return {"ask": card.ask, "card": card, "form": form, "saved_at": card.saved_at}


def _thank(request: HttpRequest, card: Scorecard) -> HttpResponse:
    text = _(
        "Your scorecard counts from now on and stays as it is. Nobody sees it before all who were asked have rated."
    )
    context = {"ask": card.ask, "title": _("Locked. Thank you."), "text": text}
    if not (reopens := asks.address_afterwards(card.ask)):
        return render(request, "asks/done.html", context)
    return render(request, "judging/thanks.html", context | {"reopens": reopens})
