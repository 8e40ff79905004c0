"""The page of a check-in, behind a mailed link."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.judging.models import Scorecard
from candidates.judging.views import scorecard_page
from candidates.post import asks
from candidates.post.models import Ask
from trials.answers import who
from trials.check_ins.models import CheckInCard


@asks.page
def check_in(request: HttpRequest, asked: Ask) -> HttpResponse:
    """One of the three tells how the trial goes, on the competencies of the plan."""
    card = CheckInCard.objects.select_related("check_in__trial__leader").get(scorecard=asked.scorecard)
    context = {"check_in": card.check_in, "trial": card.check_in.trial, "is_own": asked.role == Ask.Role.CANDIDATE}
    return scorecard_page(request, asked.scorecard, lock=_lock, template="trials/check_in.html", context=context)


def _lock(card: Scorecard, answers: Answers, at: datetime) -> None:
    judging.lock(card, answers, at=at, by=who(card.ask))
