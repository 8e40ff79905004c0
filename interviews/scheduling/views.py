"""Below an interviewer's page: handing the interview back, saying that it did not take place, the calendar file."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.judging.views import rater
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from interviews.forms import ReasonForm
from interviews.models import Interview, Panelist
from interviews.scheduling import calendar, standing_in
from interviews.scheduling.calendar import PUBLISH, Reader


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def hand_back(request: HttpRequest, asked: Ask) -> HttpResponse:
    """Not me, or I cannot make it; after its time also: it did not take place."""
    at, panelist = now(), standing_in.panelist_of(asked)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_bound and form.is_valid():
        try:
            return _done(request, asked, _act(request, panelist, form.cleaned_data["reason"], at))
        except NotAllowed as refused:
            problem = str(refused)
    return render(request, "interviews/hand_back.html", _context(asked, panelist, form, problem, at))


@require_safe
@asks.page
def calendar_file(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The agreed interview as a file for one's own calendar; for its interviewers and its candidate."""
    about = Interview.objects.select_related("application__candidate", "application__job")
    interview = (about.filter(ask=asked) | about.filter(panelists__scorecard__ask=asked)).first()
    if interview is None or interview.starts_at is None or interview.cancelled_at:
        raise Http404
    entry = calendar.invitation(interview, Reader.asked(asked), at=now(), method=PUBLISH)
    headers = {"Content-Disposition": 'attachment; filename="interview.ics"'}
    return HttpResponse(entry, content_type="text/calendar; charset=utf-8", headers=headers)


def _act(request: HttpRequest, panelist: Panelist, reason: str, at: datetime) -> str:
    """Do what the button says; returns what to tell."""
    by = _who(panelist)
    who = request.POST.get("action", "")
    if who in Interview.Missed.values:
        standing_in.miss(panelist.interview, who=who, at=at, by=by)
        return _("Nobody asks you for a scorecard of this interview any more, and the recruiters know.")
    standing_in.hand_back(panelist, reason=reason, at=at, by=by)
    return _("The recruiters know, and look for somebody to stand in. You need do nothing else.")


def _who(panelist: Panelist) -> Actor:
    return rater(panelist.scorecard)


def _context(asked: Ask, panelist: Panelist, form: ReasonForm, problem: str, at: datetime) -> dict[str, object]:
    interview = panelist.interview
    return {
        "ask": asked,
        "application": asked.application,
        "interview": interview,
        "form": form,
        "problem": problem,
        "has_begun": interview.starts_at is not None and interview.starts_at <= at,
    }


def _done(request: HttpRequest, asked: Ask, text: str) -> HttpResponse:
    return render(request, "asks/done.html", {"ask": asked, "title": _("Thank you for telling us."), "text": text})
