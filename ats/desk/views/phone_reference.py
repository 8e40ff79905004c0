"""The page of a recruiter who asks a referee on the phone: the script, the questions, what is said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk.views.acts import workable
from ats.desk.views.application import url_of
from candidates import pipeline
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.staff.models import User
from references.answering import calls, script, steps
from references.answering.forms import ReferenceForm
from references.models import Reference
from references.questionnaires import wording

TEMPLATE = "desk/phone_reference.html"
BEGIN, AUTOSAVE, SAVE, RECORD, LEAVE = "begin", "autosave", "save", "record", "leave"


class ConsentForm(forms.Form):
    """What was agreed before the first question."""

    agreed = forms.BooleanField(
        label=gettext_lazy("They may speak, and agree that I write it down"),
        error_messages={"required": gettext_lazy("Ask them first, and tick this when they agree.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the call, keep notes, record it, or leave it to the referee's link."""
    at, reference = now(), _find(request, pk)
    by = Actor.person(cast(User, request.user))
    if refused := _obstacle(reference, at, by):
        return _refuse(request, reference, refused)
    try:
        return asks.private(_answer(request, reference, at, by))
    except (NotAllowed, asks.NotOpen) as stopped:
        told = str(stopped) or _obstacle(_find(request, pk), at, by)
        return _refuse(request, reference, told)


def _answer(request: HttpRequest, reference: Reference, at: datetime, by: Actor) -> HttpResponse:
    action = request.POST.get("action", SAVE) if request.method == "POST" else ""
    if action == LEAVE:
        calls.leave(reference, at=at, by=by)
        messages.success(request, _("Left. Their link takes an answer again."))
        return redirect(url_of(reference.scorecard.application))
    if reference.mode != Reference.Mode.PHONE:
        return _begin(request, reference, action, at, by)
    if not action:
        return _show(request, reference, _form(reference, at))
    return _keep(request, reference, action, at, by)


def _begin(request: HttpRequest, reference: Reference, action: str, at: datetime, by: Actor) -> HttpResponse:
    consent = ConsentForm(request.POST if action == BEGIN else None)
    if consent.is_bound and consent.is_valid():
        calls.begin(reference, at=at, by=by)
        return redirect(request.path)
    return _show(request, reference, None, consent=consent)


def _keep(request: HttpRequest, reference: Reference, action: str, at: datetime, by: Actor) -> HttpResponse:
    """Two windows of one caller come one by one: the application's row is locked before the draft is read."""
    with transaction.atomic():
        pipeline.lock(reference.scorecard.application)
        fresh = _read(reference.pk)
        fresh.scorecard.application = reference.scorecard.application
        form = _form(fresh, at, request.POST, is_strict=action == RECORD)
        if form.is_valid() and action == RECORD:
            calls.record(fresh, form.facts(), form.answers(), at=at, by=by)
            messages.success(request, _("Recorded. They get a mail with the way to what you wrote down."))
            return redirect(url_of(reference.scorecard.application))
        calls.keep(fresh, form.facts(), form.answers(), at=at, by=by)
    if action == AUTOSAVE:
        return render(request, "references/autosaved.html", {"form": form, "saved_at": at, "is_call": True})
    return _show(request, fresh, form, saved_at=at)


def _form(reference: Reference, at: datetime, data: Any = None, *, is_strict: bool = False) -> ReferenceForm:
    criteria = wording.criteria(reference.scorecard)
    return ReferenceForm(data, reference=reference, criteria=criteria, today=_today(reference, at), is_strict=is_strict)


def _today(reference: Reference, at: datetime) -> date:
    return at.astimezone(ZoneInfo(reference.scorecard.ask.zone)).date()


def _show(request: HttpRequest, reference: Reference, form: ReferenceForm | None, **more: Any) -> HttpResponse:
    card = reference.scorecard
    with translation.override(card.ask.language):  # what is read aloud
        walk = [step for step in steps.of(wording.criteria(card)) if not step.is_look]
    minutes = script.minutes(card)
    context = {
        "reference": reference,
        "application": card.application,
        "ask": card.ask,
        "url": url_of(card.application),
        "title": _("Ask %s on the phone") % reference.referee.name,
        "script": script.of(reference, str(request.user)),
        "minutes": minutes,
        "part_minutes": f"{minutes / len(walk):.2f}",
        "form": form,
        "parts": [(step, _fields(form, step)) for step in walk] if form else [],
        "has_draft": card.saved_at is not None and form is None,
        "saved_at": card.saved_at,
    }
    return render(request, TEMPLATE, context | more)


def _fields(form: ReferenceForm, step: steps.Step) -> Any:
    """What stands in one part: a rating, or plain fields."""
    if step.criterion:
        return next(one for one in form.ratings if one["competency"]["key"] == step.key)
    return [form[name] for name in step.fields]


def _obstacle(reference: Reference, at: datetime, by: Actor) -> str:
    """Why there is no call to be held, in words; empty when there is."""
    if reference.scorecard.is_locked:
        return _("They have answered already.")
    if reference.declined_at:
        return _("They would rather not give a reference, so we do not call them about it.")
    if not reference.scorecard.ask.is_open:
        return _("They are not asked any more. Ask them again first; then you can call.")
    return calls.refusal(reference, at=at, by=by)


def _refuse(request: HttpRequest, reference: Reference, told: str) -> HttpResponse:
    application = reference.scorecard.application
    context = {"title": _("No call now"), "application": application, "url": url_of(application), "refused": told}
    return asks.private(render(request, TEMPLATE, context, status=409))


def _find(request: HttpRequest, pk: int) -> Reference:
    """The reference, of an application that the signed-in person works on; strangers learn nothing."""
    reference = _read(pk)
    reference.scorecard.application = workable(request, reference.scorecard.application_id)
    return reference


def _read(pk: int) -> Reference:
    related = ("referee", "recorded_by", "scorecard__ask", "scorecard__wording", "scorecard__application__plan")
    found = Reference.objects.select_related(*related).prefetch_related("scorecard__ratings")
    return get_object_or_404(found, pk=pk)
