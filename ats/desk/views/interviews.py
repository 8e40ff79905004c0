"""What a recruiter does with the interviews of an application: arrange, change, call off, replace, say what happened.

Each is a form, a page that shows what will happen with every mail word for word, and the verb.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
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
from interviews import actions
from interviews.forms import ChangeForm, InviteForm, MissedForm, ReasonForm, StandInForm
from interviews.models import Interview, Panelist
from interviews.scheduling import standing_in

TOLD = gettext_lazy("Done. Whoever takes part is told.")


@require_http_methods(["GET", "HEAD", "POST"])
@identity.by_name
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Another interview within the stage: the next round, or once more."""
    at, application = now(), workable(request, pk)
    form = InviteForm(typed(request), application=application, at=at)

    def verb(at: datetime, by: Actor) -> object:
        return actions.arrange(copy(application), at=at, by=by, **form.arguments())

    return page(
        request, Act(gettext_lazy("Arrange an interview"), "", application, form, verb, _seen(application), TOLD)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, length or place."""
    interview = _interview(request, pk)
    form = ChangeForm(typed(request), interview=interview, at=now())

    def verb(at: datetime, by: Actor) -> object:
        return actions.change(interview, at=at, by=by, **form.cleaned_data)

    return page(request, _about(gettext_lazy("Change the interview"), interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off."""
    interview = _interview(request, pk)
    form = ReasonForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return actions.cancel(interview, at=at, by=by, **form.cleaned_data)

    return page(request, _about(gettext_lazy("Call the interview off"), interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def missed(request: HttpRequest, pk: int) -> HttpResponse:
    """It did not take place."""
    interview = _interview(request, pk)
    form = MissedForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return standing_in.miss(interview, at=at, by=by, **form.cleaned_data)

    return page(request, _about(gettext_lazy("It did not take place"), interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stands in for one interviewer."""
    panelist = _panelist(request, pk)
    form = StandInForm(typed(request), interview=panelist.interview)

    def verb(at: datetime, by: Actor) -> object:
        return standing_in.replace(panelist, form.cleaned_data["invited"], at=at, by=by)

    label = _("Find somebody for %s") % panelist.name
    return page(request, _about(label, panelist.interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Do without one interviewer."""
    panelist = _panelist(request, pk)
    form = ReasonForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return standing_in.hand_back(panelist, at=at, by=by, **form.cleaned_data)

    return page(request, _about(_("Do without %s") % panelist.name, panelist.interview, form, verb))


def _interview(request: HttpRequest, pk: int) -> Interview:
    interview = get_object_or_404(Interview.objects.select_related("round"), pk=pk)
    interview.application = workable(request, interview.application_id)
    return interview


def _panelist(request: HttpRequest, pk: int) -> Panelist:
    panelist = get_object_or_404(Panelist.objects.select_related("interview"), pk=pk)
    panelist.interview = _interview(request, panelist.interview_id)
    return panelist


def _about(label: Any, interview: Interview, form: forms.Form, verb: Callable[[datetime, Actor], object]) -> Act:
    number, when = interview.sequence, interview.starts_at
    seen = f"{_seen(interview.application)}@{number}@{when.isoformat() if when else ''}"
    about = interview.round.name if interview.round else ""
    return Act(label, about, interview.application, form, verb, seen, TOLD)


def _seen(application: Application) -> str:
    """Where it stood, and how many interviews there were, when the page was made."""
    return f"{Seen.now(application)}@{application.interviews.count()}"
