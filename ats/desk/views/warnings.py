"""An early warning of a trial is seen to: the lead or a recruiter says what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import roles
from ats.desk.views.acts import Act, page, typed
from ats.desk.views.application import find
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.stages import Stage
from trials.check_ins import actions
from trials.check_ins.forms import SeenToForm
from trials.check_ins.warnings import TELLS_JUDGEMENT
from trials.models import EarlyWarning, Trial


@require_http_methods(["GET", "HEAD", "POST"])
def see_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what was done about it. What tells of judgements is not there for whom the firewall is closed."""
    warning = get_object_or_404(EarlyWarning.objects.select_related("trial__leader"), pk=pk)
    application = find(request, warning.trial.application_id)
    if application.is_hidden or (warning.kind in TELLS_JUDGEMENT and not application.is_told):
        raise Http404
    if not may_see_to(request.user, application, warning.trial):
        raise PermissionDenied
    warning.trial.application = application
    form = form_of(warning, typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return actions.see_to(warning, note=form.cleaned_data["note"], at=at, by=by)

    about = warning.get_kind_display()
    return page(request, Act(gettext_lazy("Note what was done"), about, application, form, verb))


def may_see_to(user: Any, application: Application, trial: Trial) -> bool:
    """Whether `user` may say what was done: a recruiter of the job, or who leads the trial, while it is there."""
    leads = user == trial.leader and application.stage == Stage.TRIAL
    return leads or roles.may_work_on(user, application)


def form_of(warning: EarlyWarning, data: Any = None) -> SeenToForm:
    """The form of one warning; several stand on one page."""
    return SeenToForm(data, prefix=f"warning{warning.pk}")
