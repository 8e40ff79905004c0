"""The leader's page: what was said at the check-ins, the evidence per competency, and the verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from trials.answers import who
from trials.offering.models import Trial
from trials.planning import schedule
from trials.verdicts import actions, heard
from trials.verdicts.forms import VerdictForm
from trials.verdicts.models import VerdictDraft

SAVE, AUTOSAVE = "save", "autosave"


@asks.page
def verdict(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The leader decides; until then what they type is kept."""
    trial, at = asked.trial, now()
    trial.application = asked.application  # as the gate loaded it, with candidate, job and plan
    if request.method != "POST":
        form = VerdictForm(trial=trial, at=at, draft=_draft(asked))
        return render(request, "trials/verdict.html", _page(asked, trial, form, at))
    form, is_given = _answer(request, asked, trial, at)
    if is_given:
        return render(request, "asks/done.html", {"title": _("Thank you. Your verdict is in."), "text": _next(form)})
    if request.POST.get("action") == AUTOSAVE:
        return render(request, "judging/autosaved.html", {"form": form, "saved_at": form.saved_at})
    return render(request, "trials/verdict.html", _page(asked, trial, form, at))


@transaction.atomic
def _answer(request: HttpRequest, asked: Ask, trial: Trial, at: datetime) -> tuple[VerdictForm, bool]:
    """Give the verdict, or keep what was typed. The application's row is locked first: two tabs come one by one."""
    pipeline.lock(asked.application)
    asked.refresh_from_db(fields=["answered_at", "cancelled_at"])
    if not asked.is_open:
        raise asks.NotOpen
    giving = request.POST.get("action") not in (SAVE, AUTOSAVE)
    form = VerdictForm(request.POST, trial=trial, at=at, draft=_draft(asked), giving=giving)
    if form.is_valid() and giving:
        try:
            actions.decide(trial, **form.arguments(), at=at, by=who(asked))
            return form, True
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    form.redraw(actions.keep_draft(asked, form.typed(), at=at))
    return form, False


def _draft(asked: Ask) -> VerdictDraft | None:
    return VerdictDraft.objects.filter(ask=asked).first()


def _next(form: VerdictForm) -> str:
    return {
        "confirm": _("The recruiter now asks another manager to approve the hire."),
        "extend": _("The trial goes on; we have planned more check-ins and will ask you again before the new end."),
        "end": _("The recruiter now talks to the candidate and ends the application."),
    }[form.cleaned_data["kind"]]


def _page(asked: Ask, trial: Trial, form: VerdictForm, at: datetime) -> dict[str, Any]:
    told = heard.at_check_ins(trial, at=at, reader=asked.user or asked.email)
    today = schedule.local_day(at, asked.application.job.zone)
    return {
        "ask": asked,
        "application": asked.application,
        "job": asked.application.job,
        "title": asked.spoken_title,
        "trial": trial,
        "days_left": (trial.ends_on - today).days,
        "heard": told,
        "grounds": [one | {"said": told.by_competency.get(one["row"].competency_id, [])} for one in form.grounds],
        "earlier": [one for one in trial.verdicts.select_related("by") if told.is_open or one.by_id == asked.user_id],
        "form": form,
        "saved_at": form.saved_at,
    }
