"""A referee answers step by step, declines, and reads it again, behind a mailed link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.post import asks
from candidates.post.models import Ask
from references.answering import actions, given, script, steps, wishes
from references.answering.actions import Trace
from references.answering.forms import DeclineForm, ReferenceForm, missing
from references.answering.steps import Step
from references.flags import fingerprints
from references.models import Reference
from references.pages import context, done
from references.questionnaires import wording

BEGIN, NEXT, BACK, LOOK, SEND, AUTOSAVE = "begin", "next", "back", "look", "send", "autosave"
STRICT = {NEXT, LOOK}


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def answer(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The first page, or the step that the address names; a POST keeps what was typed there and leads on.

    A POST locks the application's row first: two windows of one referee come one by one.
    """
    if request.method != "POST":
        return _answer(request, asked, now())
    with transaction.atomic():
        pipeline.lock(asked.application)
        return _answer(request, asked, now())


def _answer(request: HttpRequest, asked: Ask, at: datetime) -> HttpResponse:
    reference = of_ask(asked)
    if reference.mode == Reference.Mode.PHONE:
        return render(request, "references/on_the_phone.html", context(asked, reference=reference), status=410)
    walk = steps.of(wording.criteria(reference.scorecard))
    step = steps.chosen(walk, request.GET.get("step"))
    if request.method != "POST":
        return _show(request, asked, reference, walk, step, _form(reference, step, today(asked, at)))
    if step is None:
        actions.begin(reference, at=at)
        return redirect(address(asked, first_gap(reference, walk, today(asked, at))))
    if step.is_look and request.POST.get("action") == SEND:
        return _send(request, asked, reference, walk, at)
    return _take_step(request, asked, reference, walk, step, at)


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def decline(request: HttpRequest, asked: Ask) -> HttpResponse:
    """A referee would rather not, and may say why."""
    reference = of_ask(asked)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        why = form.cleaned_data["reason"] or Reference.Why.RATHER_NOT
        by = Actor.outsider(reference.referee.name)
        actions.decline(reference, at=now(), by=by, reason=why, note=form.cleaned_data["note"])
        return done(request, _("That is all right"), _("We will not write to you about this again. Thank you."))
    return render(request, "references/decline.html", context(asked, form=form, reference=reference))


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page_afterwards
def afterwards(request: HttpRequest, asked: Ask) -> HttpResponse:
    """What they said, to read; a copy by mail, and the wish that it be deleted."""
    at, reference = now(), of_ask(asked)
    told = given.of(reference)
    if "file" in request.GET and told.lines:
        return given.as_file(told)
    page = {"reference": reference, "given": told, "told": "", "refused": ""}
    if request.method == "POST":
        page |= wishes.take(reference, request.POST.get("action", ""), at=at)
        reference.referee.refresh_from_db()
    page["wants_deletion"] = wishes.wants_deletion(reference.referee)
    return render(request, "references/given.html", context(asked, **page))


def of_ask(asked: Ask) -> Reference:
    """The reference that `asked` waits for, with what its pages show."""
    related = ("referee", "recorded_by", "scorecard__wording")
    found = Reference.objects.select_related(*related).prefetch_related("scorecard__ratings").get(scorecard__ask=asked)
    found.scorecard.ask, found.scorecard.application = asked, asked.application
    return found


def today(asked: Ask, at: datetime) -> date:
    """The day where the person asked is."""
    return at.astimezone(ZoneInfo(asked.zone)).date()


def address(asked: Ask, step: Step) -> str:
    """Where a step of theirs is."""
    return f"{reverse('references:answer', args=[asked.pk])}?step={step.number}"


def first_gap(reference: Reference, walk: Sequence[Step], day: date) -> Step:
    """The first step that lacks something; the last one when nothing does."""
    lacks = missing(reference, wording.criteria(reference.scorecard), day).errors
    return next((step for step in walk if any(name in lacks for name in step.fields)), walk[-1])


def _form(
    reference: Reference, step: Step | None, day: date, data: Any = None, *, is_strict: bool = False
) -> ReferenceForm | None:
    if step is None:
        return None
    criteria = wording.criteria(reference.scorecard)
    if step.is_look:
        return missing(reference, criteria, day)
    return ReferenceForm(data, reference=reference, criteria=criteria, today=day, only=step.fields, is_strict=is_strict)


def _take_step(
    request: HttpRequest, asked: Ask, reference: Reference, walk: Sequence[Step], step: Step, at: datetime
) -> HttpResponse:
    """Keep what was typed, then go where the button leads; with an error the page stays, and so does what was typed."""
    action = request.POST.get("action", "")
    form = _keep(request, asked, reference, step, at, is_strict=action in STRICT)
    if action == AUTOSAVE:
        return render(request, "references/autosaved.html", {"form": form, "saved_at": at})
    to = {NEXT: step.number + 1, BACK: step.number - 1, LOOK: len(walk)}.get(action, step.number)
    if (form is None or not form.errors) and to != step.number:
        onward = steps.chosen(walk, str(to))
        return redirect(address(asked, onward) if onward else asked.get_absolute_url())
    return _show(request, asked, reference, walk, step, form)


def _keep(
    request: HttpRequest, asked: Ask, reference: Reference, step: Step, at: datetime, *, is_strict: bool
) -> ReferenceForm | None:
    if step.is_look:
        return _form(reference, step, today(asked, at))
    form = _form(reference, step, today(asked, at), request.POST, is_strict=is_strict)
    if form is not None:
        form.is_valid()
        actions.keep_draft(reference, form.facts(), form.answers(), at=at)
    return form


def _send(request: HttpRequest, asked: Ask, reference: Reference, walk: Sequence[Step], at: datetime) -> HttpResponse:
    """Send what is kept, if nothing is missing."""
    form = missing(reference, wording.criteria(reference.scorecard), today(asked, at))
    if form.errors:
        return _show(request, asked, reference, walk, walk[-1], form, is_refused=True)
    application = asked.application
    trace = Trace(fingerprints.network(request, application), fingerprints.browser(request, application))
    by = Actor.outsider(reference.referee.name)
    actions.answer(reference, form.facts(), form.answers(), at=at, by=by, trace=trace)
    return render(request, "references/thanks.html", context(asked, title=_("Thank you")))


def _show(
    request: HttpRequest,
    asked: Ask,
    reference: Reference,
    walk: Sequence[Step],
    step: Step | None,
    form: ReferenceForm | None,
    *,
    is_refused: bool = False,
) -> HttpResponse:
    page = context(asked, reference=reference, steps=walk, step=step, form=form)
    if step is None:
        return render(request, "references/answer.html", page | {"minutes": script.minutes(reference.scorecard)})
    if not step.is_look:
        page["is_complete"] = first_gap(reference, walk, today(asked, now())).is_look
        return render(request, "references/step.html", page)
    told = given.summary(reference, walk, form)
    return render(request, "references/look.html", page | {"told": told, "is_refused": is_refused})
