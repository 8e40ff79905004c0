"""What a recruiter does with a trial: offer it again, move, pause, extend, end it, hand it over.

Each is a form, a page that shows what will happen with every mail word for word, and the verb.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import identity, roles
from ats.desk.forms import Seen
from ats.desk.views import acts
from ats.desk.views.application import find, url_of
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.stages import Stage
from trials import actions
from trials.models import Trial
from trials.offering import day_forms, standing
from trials.offering.actions import current
from trials.offering.forms import TrialForm
from trials.offering.standing import Act, Standing

TOLD = gettext_lazy("Done. Whoever takes part is told.")


@dataclass(frozen=True)
class Way:
    """How an act is done: its form, and its verb."""

    form: type[day_forms.ChangeForm]
    verb: Callable[..., object]


WAYS = {
    Act.TAKE_BACK: Way(day_forms.ChangeForm, actions.take_back),
    Act.MOVE: Way(day_forms.MoveForm, actions.move_start),
    Act.PAUSE: Way(day_forms.PauseForm, actions.pause),
    Act.RESUME: Way(day_forms.ResumeForm, actions.resume),
    Act.EXTEND: Way(day_forms.ExtendForm, actions.extend),
    Act.LEADER: Way(day_forms.LeaderForm, actions.change_leader),
    Act.BUDDY: Way(day_forms.BuddyForm, actions.change_buddy),
    Act.END: Way(day_forms.ToldForm, actions.end_early),
}


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One of `WAYS` with the trial `pk`."""
    chosen = _act(what)
    trial, at = _trial(request, pk, chosen), now()
    try:
        stands = standing.require(trial, chosen, at=at)
    except NotAllowed as refused:
        messages.warning(request, str(refused))
        return redirect(url_of(trial.application))
    way = WAYS[chosen]
    form = way.form(acts.typed(request), stands=stands, at=at)

    def verb(at: datetime, by: Actor) -> object:
        return way.verb(trial, at=at, by=by, **form.cleaned_data)

    return acts.page(request, _about(chosen.label, trial.application, stands, form, verb))


@require_http_methods(["GET", "HEAD", "POST"])
@identity.by_name
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Another trial for the application `pk`, in the place of one that came to nothing."""
    application, at = acts.workable(request, pk), now()
    trial = current(application)
    stands = standing.of(trial, at=at) if trial else None
    if application.stage != Stage.TRIAL or (stands and Act.OFFER_AGAIN not in stands.acts):
        messages.warning(request, _("Only a trial that was not agreed, or that was ended, is offered again."))
        return redirect(url_of(application))
    form = TrialForm(acts.typed(request), application=application, at=at, initial=_as_before(trial))

    def verb(at: datetime, by: Actor) -> object:
        return actions.offer_again(copy(application), at=at, by=by, **form.arguments())

    return acts.page(request, _about(Act.OFFER_AGAIN.label, application, stands, form, verb))


def may(user: Any, trial: Trial, act: Act) -> bool:
    """Whether `user` may do this with a trial that stands so: recruiters all, its lead may extend it."""
    application = trial.application
    leads = act == Act.EXTEND and trial.leader == user and application.is_open
    return leads or roles.may_work_on(user, application)


def _act(what: str) -> Act:
    """
    Raises:
        Http404: nothing that is done here.
    """
    if what not in list(WAYS):
        raise Http404
    return Act(what)


def _trial(request: HttpRequest, pk: int, act: Act) -> Trial:
    """The trial `pk`, for somebody who may do this with it.

    Raises:
        Http404: none that the signed-in person may see, or may see by its name yet.
        PermissionDenied: not theirs to change.
    """
    related = ("leader", "offer_ask", "verdict_ask")
    trial = get_object_or_404(Trial.objects.current().select_related(*related), pk=pk)
    application = find(request, trial.application_id)
    if application.is_hidden:
        raise Http404
    trial.application = application
    if not may(request.user, trial, act):
        raise PermissionDenied
    return trial


def _as_before(trial: Trial | None) -> dict[str, Any]:
    if trial is None:
        return {}
    return {"leader": trial.leader_id, "buddy_name": trial.buddy_name, "buddy_email": trial.buddy_email}


def _about(
    label: Any,
    application: Application,
    stands: Standing | None,
    form: forms.Form,
    verb: Callable[[datetime, Actor], object],
) -> acts.Act:
    seen = str(Seen.now(application))
    if stands is None:
        return acts.Act(label, "", application, form, verb, seen, TOLD)
    trial = stands.trial
    days = [date_format(day, "j M Y") for day in (trial.starts_on, trial.ends_on)]
    about = _("trial from %(first)s to %(last)s") % {"first": days[0], "last": days[1]}
    seen += f"@{trial.pk}@{stands.state}@{trial.starts_on}@{trial.ends_on}@{trial.leader_id}@{trial.buddy_email}"
    return acts.Act(label, about, application, form, verb, seen, TOLD)
