"""The pages of the reader and of the caller. Each shows what its judgement is about, and nothing else."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candidates.judging.actions import Answers
from candidates.judging.models import Scorecard
from candidates.judging.views import rater, scorecard_page
from candidates.post import asks
from candidates.post.models import Ask
from candidates.screening import actions, script
from candidates.screening.calls import actions as calls
from candidates.screening.forms import PhoneForm
from candidates.screening.reading import hints
from candidates.screening.reading.marks import LABELS

MOST_TIMES = 60


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def letter(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The letter beside the advert; no résumé, so that it does not colour the reading."""
    application = asked.application
    hides = application.plan.hides_identity
    gathered = SimpleLazyObject(partial(hints.gather, application, hides=hides))  # autosave shows none of it
    context = {"hints": gathered, "hides": hides, "labels": LABELS}
    return scorecard_page(request, asked.scorecard, lock=_lock, template="screening/letter.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def choose_time(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The free times in the candidate's own zone; after choosing, the one agreed and the others."""
    at, problem = now(), ""
    if request.method == "POST":
        try:
            _answer_time(request, asked, at)
            return redirect(asked.get_absolute_url())
        except calls.Taken as refusal:
            problem = str(refusal)
    return render(request, "screening/choose_time.html", _times(asked, at) | {"problem": problem})


def _answer_time(request: HttpRequest, asked: Ask, at: datetime) -> None:
    if request.POST.get("action") == "none":
        calls.ask_to_be_called(asked, at=at)
        return
    chosen = request.POST.get("slot", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 18):
        raise calls.Taken(_("Choose one of the times first."))
    calls.choose(asked, int(chosen), at=at)


def _times(asked: Ask, at: datetime) -> dict[str, Any]:
    call, slot = calls.call_of(asked.application), calls.slot_of(asked.application)
    if call is None:
        raise asks.NotOpen
    return {
        "ask": asked,
        "job": asked.application.job,
        "caller": call.rater_name,
        "minutes": script.minutes(),
        "slot": slot,
        "has_begun": slot is not None and slot.starts_at <= at,
        "free": list(calls.free_times(asked.application, at=at)[:MOST_TIMES]),
        "is_told": asked.opens_at > at and slot is None,
        "zone": asked.zone.replace("_", " "),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def phone(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The script of the call and the number to dial; neither letter nor résumé."""
    slot = calls.slot_of(asked.application)
    waiting = Ask.objects.begun(now()).filter(application=asked.application, page=calls.CHOOSE)
    context = {
        "minutes": script.minutes(),
        "slot": slot,
        "is_choosing": slot is None and waiting.exists(),
    }
    return scorecard_page(
        request,
        asked.scorecard,
        lock=_lock,
        template="screening/phone.html",
        context=context,
        form=PhoneForm,
    )


def _lock(card: Scorecard, answers: Answers, at: datetime) -> None:
    actions.submit(card, answers, at=at, by=rater(card))
