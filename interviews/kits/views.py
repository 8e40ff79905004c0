"""The kit on paper for an interviewer, by the link of their mail."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidates.post import asks
from candidates.post.models import Ask
from interviews.kits import sheet
from interviews.scheduling.models import Panelist


@require_safe
@asks.page
def kit_print(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The words that the interviewer's scorecard is rated against. Nothing about the candidate is on paper."""
    panelist = Panelist.objects.filter(scorecard__ask=asked).select_related("scorecard__wording").first()
    if panelist is None or panelist.scorecard.wording is None:
        raise Http404
    context = {"ask": asked, "sheet": sheet.of(panelist.scorecard.wording.content)}
    return render(request, "interviews/kit_print.html", context)
