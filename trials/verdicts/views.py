"""The leader's page: what was said at the check-ins, and the verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates.judging import firewall
from candidates.post import asks
from candidates.post.models import Ask
from trials.answers import who
from trials.check_ins.models import CheckInCard
from trials.offering.models import Trial
from trials.verdicts import actions
from trials.verdicts.forms import VerdictForm


@asks.page
def verdict(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The leader decides."""
    trial, at = asked.trial, now()
    form = VerdictForm(request.POST if request.method == "POST" else None, trial=trial)
    if form.is_bound and form.is_valid():
        actions.decide(trial, **form.cleaned_data, at=at, by=who(asked))
        return render(request, "asks/done.html", {"title": _("Thank you. Your verdict is in."), "text": _next(form)})
    return render(request, "trials/verdict.html", _page(asked, trial, at) | {"form": form})


def _next(form: VerdictForm) -> str:
    return {
        "confirm": _("The recruiter now asks another manager to approve the hire."),
        "extend": _("The trial goes on; we have planned more check-ins and will ask you again before the new end."),
        "end": _("The recruiter now talks to the candidate and ends the application."),
    }[form.cleaned_data["kind"]]


def _page(asked: Ask, trial: Trial, at: datetime) -> dict[str, Any]:
    application = asked.application
    return {
        "ask": asked,
        "application": application,
        "job": application.job,
        "title": asked.spoken_title,
        "trial": trial,
        "is_open": firewall.is_open(application, at=at, reader=_reader(asked)),
        "said": _said(trial, at, reader=_reader(asked)),
    }


def _reader(asked: Ask) -> Any:
    """Who reads, for the firewall: the account that was asked, else the address."""
    return asked.user or asked.email


def _said(trial: Trial, at: datetime, *, reader: Any) -> QuerySet[CheckInCard]:
    """What was said at the check-ins, as far as the firewall lets `reader` see it."""
    shown = firewall.cards(trial.application, at=at, reader=reader).values("pk")
    said = CheckInCard.objects.filter(check_in__trial=trial, scorecard__in=shown)
    return said.select_related("check_in", "scorecard").order_by("check_in__number", "pk")
