"""The grader's page: the case, the scrubbed answers, the rubric. Nothing on it, nor in its address, tells whose work
it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candidates.judging.actions import Answers
from candidates.judging.models import Scorecard
from candidates.judging.views import rater, scorecard_page
from candidates.post import asks, links
from candidates.post.models import Ask
from interviews.exercises.grading import actions
from interviews.exercises.grading.forms import GradingForm, RecognisedForm
from interviews.exercises.grading.work import Work
from interviews.exercises.models import Grading


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def grade(request: HttpRequest, asked: Ask) -> HttpResponse:
    """Show the work, keep the draft, lock the grading; then lead to the grader's next one."""
    response = scorecard_page(
        request,
        asked.scorecard,
        lock=_lock,
        template="interviews/grade.html",
        context={"work": Work(_grading(asked))},
        form=GradingForm,
    )
    if request.method == "POST" and asked.scorecard.is_locked:
        title = _("Locked. Thank you.")
        text = _(
            "Your grading counts from now on and stays as it is. Nobody sees it before all who were asked are done."
        )
        return _thank(request, asked, title=title, text=text, reopens=asks.address_afterwards(asked))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def recognised(request: HttpRequest, asked: Ask) -> HttpResponse:
    """Ask once, then hand the grading back: whoever knows whose work it is does not grade it."""
    grading = _grading(asked)
    form = RecognisedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = rater(asked.scorecard)
        actions.recuse(grading, reason=form.cleaned_data["reason"], at=now(), by=by)
        title, text = (
            _("Thank you for saying so."),
            _("You need not do anything more here: somebody else grades this work."),
        )
        return _thank(request, asked, title=title, text=text)
    context = {"ask": asked, "form": form, "work": Work(grading), "title": _("Do you know whose work this is?")}
    return render(request, "interviews/grade_recognised.html", context)


def _lock(card: Scorecard, answers: Answers, at: datetime) -> None:
    actions.grade(card, answers, at=at, by=rater(card))


def _grading(asked: Ask) -> Grading:
    related = ("submission__wording", "submission__application__candidate")
    return get_object_or_404(Grading.objects.select_related(*related), scorecard__ask=asked)


def _thank(request: HttpRequest, asked: Ask, **context: Any) -> HttpResponse:
    """The end of one grading, and the way to the next: only here, right after an answer by whoever holds the link."""
    next_one = actions.next_for(asked, at=now())
    more = (
        {"next_url": reverse("post:enter", args=[links.ask_token(next_one)]), "next_title": next_one.title}
        if next_one
        else {}
    )
    return render(request, "interviews/graded.html", {"ask": asked} | context | more)
