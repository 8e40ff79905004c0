"""The last yes before a hire: the case on one phone screen, for the manager who was asked and nobody else."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ats import pipeline
from ats.desk import evidence, preview, trial
from ats.desk.forms import RefusalForm
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.stages import Stage
from trials import actions as trials
from trials.models import Approval

APPROVE, CONFIRM, REFUSE = "approve", "confirm", "refuse"


@never_cache
@staff_member_required(login_url="admin:login")
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the case of the ask `pk`; approve (after a second look at what goes out) or send back with a reason."""
    asked = find(request, pk)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    if not action or not is_live(asked):
        return _case(request, asked, RefusalForm())
    form = RefusalForm(request.POST) if action == REFUSE else RefusalForm()
    try:
        return _act(request, asked, action, form)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return _case(request, find(request, pk), form)


def find(request: HttpRequest, pk: int) -> Approval:
    """The approval that the signed-in person was asked for.

    Raises:
        Http404: there is none, or it was asked of somebody else.
    """
    mine = Approval.objects.filter(ask=pk, approver=request.user.pk)
    related = ("ask", "requested_by", "trial__leader", "trial__application__candidate")
    return get_object_or_404(mine.select_related(*related, "trial__application__job", "trial__application__plan"))


def is_live(asked: Approval) -> bool:
    """Whether it can still be decided: decides what the page shows; the verb looks again under a lock."""
    return not asked.decision and asked.ask.is_open and asked.trial.application.stage == Stage.TRIAL


def _act(request: HttpRequest, asked: Approval, action: str, form: RefusalForm) -> HttpResponse:
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    if action == APPROVE:
        return _look(request, asked, at, by)
    if action == CONFIRM:
        pipeline.approve(asked, at=at, by=by)
    elif not form.is_valid():
        return _case(request, asked, form)
    else:
        trials.refuse(asked, form.cleaned_data["reason"], at=at, by=by)
    return redirect("desk:approval", pk=asked.ask_id)


def _look(request: HttpRequest, asked: Approval, at: datetime, by: Actor) -> HttpResponse:
    """What the yes will do, before it is said."""
    application = asked.trial.application
    shown = preview.of(application, partial(pipeline.approve, asked, at=at, by=by), at=at)
    context = {"approval": asked, "application": application, "preview": shown, "title": _("Approve the hire")}
    return render(request, "desk/approval_confirm.html", context)


def _case(request: HttpRequest, asked: Approval, form: RefusalForm) -> HttpResponse:
    application = asked.trial.application
    context: dict[str, Any] = {
        "approval": asked,
        "application": application,
        "is_live": is_live(asked),
        "evidence": evidence.gather(application, at=now(), reader=request.user),
        "trial": trial.of(application),
        "form": form,
        "title": _("Approve the hire of %s") % application.candidate.name,
    }
    return render(request, "desk/approval.html", context)
