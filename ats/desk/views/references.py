"""What a recruiter does for references that do not come: name somebody for the candidate, send the link again, ask
again, correct an address, do without, ask for somebody else.

Each is a form, a page that shows what will happen with every mail word for word, and the verb.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import identity
from ats.desk.forms import Seen
from ats.desk.views.acts import Act, page, typed, workable
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.stages import Stage
from references import actions
from references.models import Reference
from references.naming.forms import AddressForm, NoteForm, RefereeForm, WhyForm

Verb = Callable[[datetime, Actor], object]


@require_http_methods(["GET", "HEAD", "POST"])
@identity.by_name
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody whom the candidate named in another way."""
    application = _at_references(workable(request, pk))
    today = now().astimezone(ZoneInfo(application.candidate.zone)).date()
    form = RefereeForm(typed(request), application=application, today=today)

    def verb(at: datetime, by: Actor) -> object:
        return actions.name_for_candidate(application, form.named()[0], at=at, by=by)

    seen = f"{Seen.now(application)}@{application.referees.count()}"
    return page(request, Act(gettext_lazy("Name a referee"), "", application, form, verb, seen))


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link once more, or ask somebody again who is asked no more."""
    reference = _reference(request, pk)
    is_asked = reference.scorecard.ask.is_open

    def verb(at: datetime, by: Actor) -> object:
        return (actions.send_again if is_asked else actions.ask_again)(reference, at=at, by=by)

    label = _("Send the link to %s again") if is_asked else _("Ask %s again")
    return page(request, _about(label, reference, forms.Form(typed(request)), verb))


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to another address."""
    reference = _reference(request, pk)
    form = AddressForm(typed(request), initial={"email": reference.referee.email})

    def verb(at: datetime, by: Actor) -> object:
        return actions.correct_address(reference, form.cleaned_data["email"], at=at, by=by)

    return page(request, _about(_("Correct the address of %s"), reference, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Do without this reference."""
    reference = _reference(request, pk)
    form = WhyForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return actions.withdraw(reference, at=at, by=by, **form.cleaned_data)

    return page(request, _about(_("Do without %s"), reference, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the candidate for somebody else instead."""
    reference = _reference(request, pk)
    form = NoteForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return actions.replace(reference, at=at, by=by, **form.cleaned_data)

    return page(request, _about(_("Ask for somebody else instead of %s"), reference, form, verb))


def _reference(request: HttpRequest, pk: int) -> Reference:
    related = Reference.objects.select_related("referee", "scorecard__ask")
    reference = get_object_or_404(related, pk=pk)
    reference.referee.application = _at_references(workable(request, reference.referee.application_id))
    if reference.scorecard.is_locked or reference.referee.forgotten_at:
        raise Http404
    return reference


def _at_references(application: Application) -> Application:
    if application.stage != Stage.REFERENCES:
        raise Http404
    return application


def _about(label: str, reference: Reference, form: forms.Form, verb: Verb) -> Act:
    referee, asked = reference.referee, reference.scorecard.ask
    state: list[Any] = [asked.pk, asked.generation, asked.is_open]
    seen = f"{Seen.now(referee.application)}@{'@'.join(map(str, state))}"
    return Act(label % referee.name, f"{referee}, {referee.company}", referee.application, form, verb, seen)
