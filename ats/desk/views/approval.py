"""The last yes before a hire: the case on one phone screen, for the manager who was asked and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ats import pipeline
from ats.desk import evidence, preview
from ats.desk.evidence import STATED, Card, Evidence, Rated
from ats.desk.forms import RefusalForm
from candidates.jobs.models import Job
from candidates.people.actors import Actor
from candidates.people.models import Document
from candidates.pipeline import NotAllowed
from candidates.post import holding
from candidates.stages import Stage
from trials import actions as trials
from trials.approvals import chain
from trials.approvals.forms import DelegateForm
from trials.models import Approval

APPROVE, CONFIRM, SEND_BACK, REFUSE, DELEGATE = "approve", "confirm", "send_back", "refuse", "delegate"
SHOWN = 3  # files


@dataclass(frozen=True)
class Forms:
    """What can be answered instead of yes: each has its own form, so that nothing typed in one is lost in another."""

    send_back: RefusalForm
    refuse: RefusalForm
    delegate: DelegateForm

    @classmethod
    def of(cls, asked: Approval, action: str = "", typed: Any = None) -> Forms:
        """All three, that of `action` with what was typed."""
        told = {name: typed if name == action else None for name in (SEND_BACK, REFUSE, DELEGATE)}
        return cls(
            RefusalForm(told[SEND_BACK], auto_id="id_send_back_%s"),
            RefusalForm(told[REFUSE], auto_id="id_refuse_%s"),
            DelegateForm(told[DELEGATE], approval=asked),
        )


@never_cache
@staff_member_required(login_url="admin:login")
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the case of the ask `pk`; approve (after a second look at what goes out), send back, refuse or hand on."""
    asked = find(request, pk)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    forms_ = Forms.of(asked, action, request.POST)
    if not action or not is_live(asked):
        return _case(request, asked, forms_)
    try:
        return _act(request, asked, action, forms_)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return _case(request, find(request, pk), forms_)


def find(request: HttpRequest, pk: int) -> Approval:
    """The approval that the signed-in person was asked for.

    Raises:
        Http404: there is none, or it was asked of somebody else.
    """
    mine = Approval.objects.filter(ask=pk, approver=request.user.pk)
    related = ("ask", "requested_by", "then", "approver", "delegated_to__approver", "delegated_from__approver")
    of_trial = ("trial__leader", "trial__application__candidate", "trial__application__job", "trial__application__plan")
    found = get_object_or_404(mine.select_related(*related, *of_trial))
    found.ask.application, found.ask.user = found.trial.application, found.approver
    return found


def is_live(asked: Approval) -> bool:
    """Whether it can still be decided: decides what the page shows; the verb looks again under a lock."""
    return not asked.decision and asked.ask.is_open and asked.trial.application.stage == Stage.TRIAL


def _act(request: HttpRequest, asked: Approval, action: str, told: Forms) -> HttpResponse:
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    if action == APPROVE:
        return _look(request, asked, at, by)
    if action == CONFIRM:
        pipeline.approve(asked, at=at, by=by)
    elif (chosen := _answer(asked, action, told, at, by)) is None:
        return _case(request, asked, told)
    else:
        chosen()
    return redirect("desk:approval", pk=asked.ask_id)


def _answer(asked: Approval, action: str, told: Forms, at: datetime, by: Actor) -> Callable[[], object] | None:
    """The verb for an answer that is no yes; None when something is missing, or for a stray key."""
    form: forms.Form | None = getattr(told, action) if action in (SEND_BACK, REFUSE, DELEGATE) else None
    if form is None or not form.is_valid():
        return None
    data = form.cleaned_data
    if action == DELEGATE:
        return partial(trials.delegate, asked, to=data["to"], reason=data["word"], at=at, by=by)
    verb = trials.refuse if action == REFUSE else trials.send_back
    return partial(verb, asked, data["reason"], at=at, by=by)


def _look(request: HttpRequest, asked: Approval, at: datetime, by: Actor) -> HttpResponse:
    """What the yes will do, before it is said."""
    application = asked.trial.application
    shown = preview.of(application, partial(pipeline.approve, asked, at=at, by=by), at=at)
    theirs = {application.candidate.email} | {ask.email for ask in shown.asked}
    job = Job.objects.get(pk=application.job_id)  # the trial run changed the one at hand
    letters = [one for one in shown.letters if one.address in theirs]
    context = {
        "approval": asked,
        "application": application,
        "job": job,
        "preview": replace(shown, letters=letters),
        "soon": [one for one in letters if _is_soon(one, at)],
        "later": [one for one in letters if not _is_soon(one, at)],
        "minutes": settings.SOLEMN_MINUTES,
        "closes": shown.to == Stage.HIRED and application.job.status == Job.Status.CLOSED != job.status,
        "told": [one.address for one in shown.letters if one.address not in theirs],
        "hired": job.applications.filter(stage=Stage.HIRED, duplicate_of=None).count(),
        "waiting": job.applications.open().exclude(pk=application.pk).count(),
        "title": _("Approve the hire"),
    }
    return render(request, "desk/approval_confirm.html", context)


def _is_soon(letter: preview.Letter, at: datetime) -> bool:
    """Whether it leaves because of the yes, and not on a day that is told with it."""
    return letter.leaves_at is None or letter.leaves_at <= at + holding.undo_time()


def _case(request: HttpRequest, asked: Approval, told: Forms) -> HttpResponse:
    application = asked.trial.application
    gathered = evidence.gather(application, at=now(), reader=request.user)
    verdicts = list(asked.trial.verdicts.select_related("by"))
    context: dict[str, Any] = {
        "approval": asked,
        "application": application,
        "is_live": is_live(asked),
        "evidence": gathered,
        "trial": asked.trial,
        "verdict": verdicts[-1] if verdicts else None,
        "earlier": verdicts[:-1],
        "chain": chain.rounds(asked.trial.approvals.select_related("approver"))[-1],
        "check_ins": _check_ins(gathered),
        "folds": _folds(gathered),
        **_extremes(gathered),
        "resumes": list(application.documents.filter(kind=Document.Kind.RESUME).order_by("-pk")[:SHOWN]),
        "forms": told,
        "title": _("Hire %s?") % application.candidate.name,
    }
    return render(request, "desk/approval.html", context)


def _check_ins(gathered: Evidence) -> dict[str, int]:
    """How many of the answers that were asked for at check-ins are in."""
    asked = [card for card in gathered.cards if card.check_in and card.state not in ("later", "cancelled")]
    return {"asked": len(asked), "answered": sum(card.state == "locked" for card in asked)}


def _folds(gathered: Evidence) -> list[tuple[str, list[Card]]]:
    """The judgements that may be told, by what they were about, in the order of the process."""
    folds: dict[str, list[Card]] = {}
    for card in gathered.cards:
        if card.is_told:
            folds.setdefault(card.kind, []).append(card)
    return list(folds.items())


def _extremes(gathered: Evidence) -> dict[str, list[Rated]]:
    """The strongest and the weakest ratings with words, each of a person and a competency once; none by themselves."""
    told: dict[str, dict[tuple[str, str], Rated]] = {"strongest": {}, "weakest": {}}
    ratings = [one for card in gathered.cards if not card.is_own_view for one in card.ratings]
    ranked = sorted((one for one in ratings if one.score and one.evidence), key=lambda one: one.score or 0)
    for one in ranked:
        told["weakest"].setdefault((str(one.name), one.rater), one)
    weakest = list(told["weakest"].values())[:STATED]
    for one in reversed(ranked):
        if one not in weakest:
            told["strongest"].setdefault((str(one.name), one.rater), one)
    return {"strongest": list(told["strongest"].values())[:STATED], "weakest": weakest}
