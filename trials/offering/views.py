"""The candidate reads what we offer, and says yes or no, behind a mailed link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from trials.answers import who
from trials.offering import actions, conditions, telling
from trials.offering.forms import AcceptForm, DeclineForm
from trials.offering.models import Trial
from trials.planning import schedule


@asks.page
def offer(request: HttpRequest, asked: Ask) -> HttpResponse:
    """What the trial is; yes, with the first day."""
    trial, at = _trial(asked), now()
    form = AcceptForm(request.POST if request.method == "POST" else None, trial=trial, at=at)
    if form.is_bound and form.is_valid():
        try:
            actions.accept(trial, starts_on=form.cleaned_data["starts_on"], at=at, by=who(asked))
        except NotAllowed as refused:
            form.add_error("starts_on", str(refused))
        else:
            return _agreed(request, trial, form.cleaned_data["starts_on"])
    return render(request, "trials/offer.html", _page(asked, trial, at) | {"form": form})


@asks.page
def decline(request: HttpRequest, asked: Ask) -> HttpResponse:
    """No; with a reason, if they like."""
    trial = _trial(asked)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.decline(trial, reason=form.cleaned_data["reason"], at=now(), by=who(asked))
        told = _("We tell the people who asked you. They get in touch with you about what comes next.")
        return render(request, "asks/done.html", {"title": _("That is all right"), "text": told})
    context = {"ask": asked, "application": asked.application, "job": asked.application.job, "form": form}
    return render(request, "trials/offer_decline.html", context)


def _agreed(request: HttpRequest, trial: Trial, starts_on: Any) -> HttpResponse:
    told = _("Your first day is %(day)s. Everything else stands in the mail that is on its way to you. See you then!")
    day = schedule.in_words(starts_on, telling.spoken())
    return render(request, "asks/done.html", {"title": _("We look forward to it"), "text": told % {"day": day}})


def _trial(asked: Ask) -> Trial:
    trial = Trial.objects.select_related("leader", "offer_ask").get(offer_ask=asked)
    trial.application = asked.application
    return trial


def _page(asked: Ask, trial: Trial, at: datetime) -> dict[str, Any]:
    application = asked.application
    plan = application.plan
    days = (trial.ends_on - trial.starts_on).days
    first, last = actions.first_days(trial, at=at)
    return {
        "ask": asked,
        "application": application,
        "job": application.job,
        "trial": trial,
        "first": first,
        "last": last,
        "length": conditions.length(days),
        "hours": conditions.hours(trial),
        "pay": conditions.pay(trial),
        "note": conditions.note(trial),
        "weeks": conditions.weeks(plan),
        "check_ins": [
            (day - trial.starts_on).days for day in conditions.check_in_days(plan, trial.starts_on, trial.ends_on)
        ],
    }
