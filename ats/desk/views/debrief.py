"""The debrief of an application, its decision, and the decisions against the rule beside what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ats.desk import debrief, evidence, identity
from ats.desk.views.application import buttons, find, url_of
from candidates.judging import decisions
from candidates.judging.models import Decision
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed


class DecisionForm(forms.Form):
    """What is decided, and why."""

    choice = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=Decision.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, for those who look back at it"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Say why: those who look back at this decision read it.")},
    )


@identity.by_name
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """All evidence side by side, and the decision; while others owe a rating, for whom it waits and no more."""
    application, at = find(request, pk), now()
    if request.method != "POST":
        return _render(request, application, DecisionForm(), at)
    if not debrief.may_decide(request.user, application):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if form.is_valid() and _decide(request, application, form, at):
        messages.success(request, _("Your decision is recorded. Nothing was moved: the next step is below."))
        return redirect("desk:debrief", pk=pk)
    return _render(request, application, form, at)


def _decide(request: HttpRequest, application: Application, form: DecisionForm, at: datetime) -> bool:
    by = Actor.person(request.user)  # type: ignore[arg-type]
    try:
        decisions.decide(application, **form.cleaned_data, at=at, by=by)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _render(request: HttpRequest, application: Application, form: DecisionForm, at: datetime) -> HttpResponse:
    gathered = evidence.gather(application, at=at, reader=request.user)
    context: dict[str, Any] = {
        "application": application,
        "evidence": gathered,
        "form": form,
        "title": _("Debrief"),
        "url": url_of(application),
        "may_decide": debrief.may_decide(request.user, application),
    }
    if gathered.is_open:
        context |= _told(application, gathered, may_decide=context["may_decide"])
    return render(request, "desk/debrief.html", admin.site.each_context(request) | context)


def _told(application: Application, gathered: evidence.Evidence, *, may_decide: bool) -> dict[str, Any]:
    """What is shown when the firewall is open."""
    computed = gathered.composite
    made = list(application.decisions.order_by("-at", "-pk"))
    return {
        "composite": computed,
        "rule_says": decisions.rule_of(computed) if computed else None,
        "rule": debrief.rule_in_words(computed) if computed else [],
        "sections": debrief.sections(gathered),
        "written": debrief.written(application, gathered),
        "told": [card for card in gathered.cards if card.is_told],
        "decisions": made,
        "buttons": buttons(application) if may_decide and made else [],
    }


@require_safe
def overrides(request: HttpRequest) -> HttpResponse:
    """Decisions against the rule, each beside what became of it."""
    found = debrief.overridden(request.user, now())
    context = {
        "title": _("Decisions against the rule"),
        "tallies": debrief.tallies(found),
        "outcomes": debrief.outcomes(found),
        "most": debrief.MOST_OVERRIDES,
        "few": debrief.FEW,
    }
    return render(request, "desk/debrief_overrides.html", admin.site.each_context(request) | context)
