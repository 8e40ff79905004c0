"""What a recruiter does with the interviews of an application: arrange, change, call off, replace, say what happened.

Each is a form, a page that shows what will happen with every mail word for word, and the verb.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import identity, preview, roles
from ats.desk.forms import Seen
from ats.desk.views.application import find, url_of
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks
from interviews import actions
from interviews.forms import ChangeForm, InviteForm, MissedForm, ReasonForm, StandInForm
from interviews.models import Interview, Panelist
from interviews.scheduling import standing_in

PREVIEW, CONFIRM = "preview", "confirm"


@dataclass(frozen=True)
class Act:
    """One thing to do: its words, its form, and the verb with what the form says."""

    label: str | Promise
    about: str
    application: Application
    form: forms.Form
    verb: Callable[[datetime, Actor], object]
    seen: str


@require_http_methods(["GET", "HEAD", "POST"])
@identity.by_name
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Another interview within the stage: the next round, or once more."""
    at, application = now(), _workable(request, pk)
    form = InviteForm(_typed(request), application=application, at=at)

    def verb(at: datetime, by: Actor) -> object:
        return actions.arrange(copy(application), at=at, by=by, **form.arguments())

    return _page(request, Act(gettext_lazy("Arrange an interview"), "", application, form, verb, _seen(application)))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, length or place."""
    interview = _interview(request, pk)
    form = ChangeForm(_typed(request), interview=interview, at=now())

    def verb(at: datetime, by: Actor) -> object:
        return actions.change(interview, at=at, by=by, **form.cleaned_data)

    return _page(request, _about(gettext_lazy("Change the interview"), interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off."""
    interview = _interview(request, pk)
    form = ReasonForm(_typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return actions.cancel(interview, at=at, by=by, **form.cleaned_data)

    return _page(request, _about(gettext_lazy("Call the interview off"), interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def missed(request: HttpRequest, pk: int) -> HttpResponse:
    """It did not take place."""
    interview = _interview(request, pk)
    form = MissedForm(_typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return standing_in.miss(interview, at=at, by=by, **form.cleaned_data)

    return _page(request, _about(gettext_lazy("It did not take place"), interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stands in for one interviewer."""
    panelist = _panelist(request, pk)
    form = StandInForm(_typed(request), interview=panelist.interview)

    def verb(at: datetime, by: Actor) -> object:
        return standing_in.replace(panelist, form.cleaned_data["invited"], at=at, by=by)

    label = _("Find somebody for %s") % panelist.name
    return _page(request, _about(label, panelist.interview, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Do without one interviewer."""
    panelist = _panelist(request, pk)
    form = ReasonForm(_typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return standing_in.hand_back(panelist, at=at, by=by, **form.cleaned_data)

    return _page(request, _about(_("Do without %s") % panelist.name, panelist.interview, form, verb))


def _page(request: HttpRequest, act: Act) -> HttpResponse:
    if request.POST.get("action") in (PREVIEW, CONFIRM):
        if request.POST.get("seen") != act.seen:
            told = _("A colleague changed something here meanwhile. Look at it as it is now, then decide again.")
            act.form.add_error(None, told)
        elif act.form.is_valid():
            return _act(request, act)
    return _show(request, "desk/interview_form.html", act)


def _act(request: HttpRequest, act: Act) -> HttpResponse:
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    try:
        if request.POST["action"] == CONFIRM:
            act.verb(at, by)
            messages.success(request, _("Done. Whoever takes part is told."))
            return redirect(url_of(act.application))
        shown = preview.of(copy(act.application), lambda: act.verb(at, by), at=at)
    except NotAllowed as refused:
        act.form.add_error(None, str(refused))
    except asks.NotOpen:
        act.form.add_error(None, _("They have locked their scorecard meanwhile, or are free of it already."))
    else:
        typed = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
        return _show(request, "desk/interview_confirm.html", act, preview=shown, typed=typed)
    return _show(request, "desk/interview_form.html", act)


OWN = {"csrfmiddlewaretoken", "action"}


def _show(request: HttpRequest, template: str, act: Act, **more: Any) -> HttpResponse:
    context = {
        "application": act.application,
        "act": act,
        "form": act.form,
        "title": act.label,
        "url": url_of(act.application),
    }
    return render(request, template, admin.site.each_context(request) | context | more)


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _workable(request: HttpRequest, pk: int) -> Application:
    """
    Raises:
        Http404: none that the signed-in person may see, or may see by its name yet.
        PermissionDenied: not theirs to work on, or its way has ended.
    """
    application = find(request, pk)
    if application.is_hidden:
        raise Http404
    if not roles.may_work_on(request.user, application):
        raise PermissionDenied
    return application


def _interview(request: HttpRequest, pk: int) -> Interview:
    interview = get_object_or_404(Interview.objects.select_related("round"), pk=pk)
    interview.application = _workable(request, interview.application_id)
    return interview


def _panelist(request: HttpRequest, pk: int) -> Panelist:
    panelist = get_object_or_404(Panelist.objects.select_related("interview"), pk=pk)
    panelist.interview = _interview(request, panelist.interview_id)
    return panelist


def _about(label: Any, interview: Interview, form: forms.Form, verb: Callable[[datetime, Actor], object]) -> Act:
    number, when = interview.sequence, interview.starts_at
    seen = f"{_seen(interview.application)}@{number}@{when.isoformat() if when else ''}"
    about = interview.round.name if interview.round else ""
    return Act(label, about, interview.application, form, verb, seen)


def _seen(application: Application) -> str:
    """Where it stood, and how many interviews there were, when the page was made."""
    return f"{Seen.now(application)}@{application.interviews.count()}"
