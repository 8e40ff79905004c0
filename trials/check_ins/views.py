"""The page of a check-in, behind a mailed link. Nobody else's words stand on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candidates.judging.actions import Answers
from candidates.judging.models import Rating, Scorecard
from candidates.judging.views import AUTOSAVE, scorecard_page
from candidates.post import asks
from candidates.post.models import Ask
from trials.answers import who
from trials.check_ins import actions
from trials.check_ins.forms import Looked, OwnForm, SeenForm
from trials.check_ins.models import CheckIn, CheckInCard


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def check_in(request: HttpRequest, asked: Ask) -> HttpResponse:
    """One of those asked tells how the trial goes, on the competencies of the check-in; drafts are kept."""
    is_kept_quietly = request.POST.get("action") == AUTOSAVE  # its answer is a line, which shows nothing of the past
    row = (_cards() if is_kept_quietly else _with_past(_cards())).get(scorecard__ask=asked)
    card, is_own = row.scorecard, asked.role == Ask.Role.CANDIDATE
    card.ask = asked
    trial = row.check_in.trial
    since = getattr(row, "since", None) or trial.starts_on
    context = {"check_in": row.check_in, "trial": trial, "since": since, "is_own": is_own}
    page: Callable[..., HttpResponse] = scorecard_page
    kind: dict[str, Any] = {"form": SeenForm, "lock": _lock}
    if is_own:
        kind = {"form": OwnForm, "lock": _lock_own, "save": actions.keep_own}
    prompts = {} if is_kept_quietly else _prompts(row, since)
    shown = page(request, card, template="trials/check_in.html", context=context, prompts=prompts, **kind)
    return _thank(request, card) if is_own and card.is_locked else shown


def _cards() -> QuerySet[Any]:
    return CheckInCard.objects.select_related("check_in__trial__leader", "scorecard__wording")


def _with_past(cards: QuerySet[Any]) -> QuerySet[Any]:
    """Each with since when to look back, and the card that the same person locked before."""
    earlier = {"check_in__trial": OuterRef("check_in__trial"), "check_in__number__lt": OuterRef("check_in__number")}
    own = {"role": OuterRef("role"), "scorecard__ask__email__iexact": OuterRef("scorecard__ask__email")}
    before = CheckInCard.objects.filter(**earlier, **own, scorecard__locked_at__isnull=False)
    days = CheckIn.objects.filter(
        trial=OuterRef("check_in__trial"), number__lt=OuterRef("check_in__number"), called_off_at=None
    )
    return cards.annotate(
        since=Subquery(days.order_by("-number").values("due_on")[:1]),
        before=Subquery(before.order_by("-check_in__number").values("scorecard")[:1]),
        before_number=Subquery(before.order_by("-check_in__number").values("check_in__number")[:1]),
    )


def _prompts(row: Any, since: Any) -> dict[int, Looked]:
    """Beside each competency: since when, and what this very person wrote at their last check-in."""
    written: dict[int | None, str] = {}
    if row.before:
        ratings = Rating.objects.filter(scorecard=row.before, competency__isnull=False).exclude(evidence="")
        written = dict(ratings.values_list("competency", "evidence"))
    rows = row.scorecard.wording.content["competencies"] if row.scorecard.wording else []
    keys = [one["key"] for one in rows]
    return {key: Looked(since, row.before_number or 0, written.get(key, "")) for key in keys}


def _lock(card: Scorecard, answers: Answers, at: datetime) -> None:
    actions.lock(card, answers, at=at, by=who(card.ask))


def _lock_own(card: Scorecard, answers: actions.OwnAnswers, at: datetime) -> None:
    actions.lock_own(card, answers, at=at, by=who(card.ask))


def _thank(request: HttpRequest, card: Scorecard) -> HttpResponse:
    with translation.override(card.ask.language):
        text = _(
            "Thank you for being open. It decides nothing: your lead and the recruiters read it when all who were "
            "asked have answered."
        )
        return render(request, "asks/done.html", {"ask": card.ask, "title": _("That is all for now."), "text": text})
