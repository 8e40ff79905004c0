"""What is done to an application in three steps: a form, what will happen with every mail word for word, the verb."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import preview, rewording, roles
from ats.desk.views.application import find, url_of
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks

PREVIEW, CONFIRM = "preview", "confirm"
OWN = {"csrfmiddlewaretoken", "action"}
DONE = gettext_lazy("Done.")


@dataclass(frozen=True)
class Act:
    """One thing to do: its words, its form, and the verb with what the form says.

    `seen` is how things stood when the page was made; where it is given, a page from before is refused.
    """

    label: str | Promise
    about: str
    application: Application
    form: forms.Form
    verb: Callable[[datetime, Actor], object]
    seen: str = ""
    done: str | Promise = DONE


def page(request: HttpRequest, act: Act) -> HttpResponse:
    """Answer for `act`: the form, its preview, or back to the application when it is done.

    Where there is nothing to fill in (a form without fields, bound), the preview comes at once.
    """
    if request.method == "GET" and act.form.is_bound:
        return _act(request, act)
    if request.POST.get("action") in (PREVIEW, CONFIRM):
        if act.seen and request.POST.get("seen") != act.seen:
            told = _("A colleague changed something here meanwhile. Look at it as it is now, then decide again.")
            act.form.add_error(None, told)
        elif act.form.is_valid():
            return _act(request, act)
    return _show(request, "desk/act_form.html", act)


def typed(request: HttpRequest) -> Any:
    """What was sent, for a form; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def workable(request: HttpRequest, pk: int) -> Application:
    """The application that `request` may work on.

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


def _act(request: HttpRequest, act: Act) -> HttpResponse:
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    try:
        if request.POST.get("action") == CONFIRM and not rewording.problems(request.POST.dict()):
            _carry_out(request, act, at, by)
            messages.success(request, str(act.done))
            return redirect(url_of(act.application))
        shown = preview.of(copy(act.application), partial(act.verb, at, by), at=at, by=by, typed=request.POST.dict())
    except NotAllowed as refused:
        act.form.add_error(None, str(refused))
    except asks.NotOpen:
        act.form.add_error(None, _("They have answered meanwhile, or are not asked any more."))
    else:
        given = request.POST.lists() or [("seen", [act.seen])]
        sent = [(name, value) for name, values in given if not _is_own(name) for value in values]
        return _show(request, "desk/act_confirm.html", act, preview=shown, typed=sent)
    return _show(request, "desk/act_form.html", act)


@transaction.atomic
def _carry_out(request: HttpRequest, act: Act, at: datetime, by: Actor) -> None:
    """Do it, with the words that were written for its mails."""
    act.verb(at, by)
    rewording.apply(act.application, request.POST.dict(), at=at, by=by)


def _is_own(name: str) -> bool:
    return name in OWN or rewording.is_own(name)


def _show(request: HttpRequest, template: str, act: Act, **more: Any) -> HttpResponse:
    context = {"application": act.application, "act": act, "form": act.form, "title": act.label}
    url = url_of(act.application)
    return render(request, template, admin.site.each_context(request) | context | {"url": url} | more)
