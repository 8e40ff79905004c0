"""The pages of the reader and of the caller. Each shows what its judgement is about, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from candidates.judging.actions import Answers
from candidates.judging.models import Scorecard
from candidates.judging.views import rater, scorecard_page
from candidates.post import asks
from candidates.post.models import Ask
from candidates.screening import actions, script


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def letter(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The letter beside the advert; no résumé, so that it does not colour the reading."""
    return scorecard_page(request, asked.scorecard, lock=_lock, template="screening/letter.html")


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def phone(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The script of the call and the number to dial; neither letter nor résumé."""
    context = {"parts": script.parts(), "minutes": script.minutes()}
    return scorecard_page(
        request,
        asked.scorecard,
        lock=_lock,
        template="screening/phone.html",
        context=context,
    )


def _lock(card: Scorecard, answers: Answers, at: datetime) -> None:
    actions.submit(card, answers, at=at, by=rater(card))
