"""The interviewer's page: who, when, the kit, and a scorecard that nobody else's judgement is shown on."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from candidates.judging.actions import Answers
from candidates.judging.models import Scorecard
from candidates.judging.views import rater, scorecard_page
from candidates.post import asks
from candidates.post.models import Ask
from interviews import actions, kit


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def scorecard(request: HttpRequest, asked: Ask) -> HttpResponse:
    """Show the kit, keep the draft, lock the scorecard."""
    interview = asked.scorecard.panelist.interview
    return scorecard_page(
        request,
        asked.scorecard,
        lock=_lock,
        template="interviews/scorecard.html",
        context={"interview": interview, "opening": kit.OPENING_AND_CLOSE},
        prompts=kit.parts(asked.application.plan, minutes=interview.minutes),
    )


def _lock(card: Scorecard, answers: Answers, at: datetime) -> None:
    actions.submit_scorecard(card, answers, at=at, by=rater(card))
