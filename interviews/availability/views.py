"""The candidate's page of times: choose one, change it, say that they cannot come or that none fits."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.models import Ask
from candidates.pipeline import NotAllowed
from candidates.post import asks
from interviews.availability import actions, choosing
from interviews.availability.forms import TimeForm, WordsForm, ZoneForm, day_of
from interviews.scheduling import calendar
from interviews.scheduling.calendar import PUBLISH, Reader


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def choose_time(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The free times by day in the candidate's own zone; after choosing, what was agreed."""
    at, problem, words = now(), "", WordsForm()
    if request.method == "POST":
        words = WordsForm(request.POST)
        try:
            problem = _answer(request, asked, words, at)
        except NotAllowed as refused:
            problem = str(refused)
        if not problem:
            return redirect(asked.get_absolute_url())
    context = _context(request, asked, at) | {"problem": problem, "words": words}
    return render(request, "interviews/choose_time.html", context)


@require_safe
@asks.page
def entry(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The agreed interview as a file for a calendar."""
    interview = choosing.interview_of(asked)
    if interview is None or interview.starts_at is None:
        raise Http404
    text = calendar.invitation(interview, Reader.asked(asked), at=now(), method=PUBLISH)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return response


def _answer(request: HttpRequest, asked: Ask, words: WordsForm, at: datetime) -> str:
    """Do what the button says; returns what is wrong, if something is."""
    action = request.POST.get("action", "")
    if action == "zone":
        return _change_zone(asked, ZoneForm(request.POST))
    if action in ("none", "cancel"):
        if not words.is_valid():
            return _first_error(words)
        tell = actions.cannot_come if action == "cancel" else actions.ask_for_other_times
        tell(asked, words.cleaned_data["words"], at=at)
        return ""
    chosen = TimeForm(request.POST)
    if not chosen.is_valid():
        return _first_error(chosen)
    actions.choose(asked, chosen.cleaned_data["starts_at"], at=at)
    return ""


def _change_zone(asked: Ask, form: ZoneForm) -> str:
    if not form.is_valid():
        return _("There is no such time zone. Choose one of the list.")
    actions.show_in(asked, form.cleaned_data["zone"])
    return ""


def _first_error(form: Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _context(request: HttpRequest, asked: Ask, at: datetime) -> dict[str, Any]:
    interview = choosing.interview_of(asked)
    if interview is None:
        raise asks.NotOpen
    interview.application = asked.application
    refusal = choosing.refusal(interview, at=at)
    times = [] if refusal else choosing.times_for(interview, at=at)
    return {
        "ask": asked,
        "job": asked.application.job,
        "interview": interview,
        "interviewers": [name for name, _email in choosing.panel_of(interview)],
        "has_begun": interview.starts_at is not None and interview.starts_at <= at,
        "week": choosing.by_day(times, ZoneInfo(asked.zone), since=day_of(request.GET.get("from", ""))),
        "refusal": refusal,
        "limits": choosing.limits(interview),
        "is_told": asked.opens_at > at and interview.starts_at is None,
        "was_given_back": interview.starts_at is None and interview.changes > 0,
        "zone": asked.zone.replace("_", " "),
        "zone_form": ZoneForm(initial={"zone": asked.zone}) if "zones" in request.GET else None,  # a long list
        "action": request.POST.get("action", ""),  # which part of the page is open when something is wrong
    }
