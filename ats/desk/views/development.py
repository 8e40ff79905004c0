"""What follows a hire, on the desk: the development plan, drafted, edited and shared; calling off the looks back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ats.desk import development, evidence, roles
from ats.desk.views import acts
from ats.desk.views.application import find, url_of
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.stages import Stage
from trials import actions
from trials.afterwards import developing
from trials.afterwards.forms import CallOffForm, ShareForm, items_form, lines
from trials.models import DevelopmentPlan, Trial

DRAFT, SAVE, SHARE = "draft", "save", "share"
FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as a form, with what was seen beside each entry; before there is one, the button that drafts it."""
    application = _developed(request, pk)
    gathered = evidence.gather(application, at=now(), reader=request.user, is_open=application.is_told)
    if request.POST.get("action") == DRAFT:
        return _draft(request, application, gathered)
    plan = DevelopmentPlan.objects.filter(application=application).first()
    if plan is None:
        return _show(request, application, gathered)
    plan.application = application
    return _edit(request, plan, gathered)


@require_http_methods(FORMS)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """A word that goes with the plan; then the mail, word for word; then it is shared."""
    application = _developed(request, pk)
    plan = get_object_or_404(DevelopmentPlan, application=application)
    plan.application = application
    form = ShareForm(acts.typed(request), initial={"note": plan.note})
    titles = "; ".join(plan.items.values_list("title", flat=True))
    act = acts.Act(
        label=_("Share the development plan"),
        about=titles,
        application=application,
        form=form,
        verb=lambda at, by: actions.share_development(plan, at=at, by=by, **form.cleaned_data),
        seen=developing.fingerprint(plan),
        done=_("The development plan is on its way to %s.") % application.candidate.name,
    )
    return acts.page(request, act)


@require_http_methods(FORMS)
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask nobody to look back: they left, or declined the letter."""
    application = _hired(request, pk)
    if not roles.recruits(request.user, application.job):
        raise PermissionDenied
    form = CallOffForm(acts.typed(request))
    act = acts.Act(
        label=_("Ask nobody to look back"),
        about=_("what was answered stays"),
        application=application,
        form=form,
        verb=lambda at, by: actions.call_off_pulses(application, at=at, by=by, **form.cleaned_data),
        done=_("Nobody is asked to look back any more."),
    )
    return acts.page(request, act)


def _hired(request: HttpRequest, pk: int) -> Any:
    """Somebody who was hired, known by name to whoever asks."""
    application = find(request, pk)
    if application.is_hidden or application.stage != Stage.HIRED:
        raise Http404
    return application


def _developed(request: HttpRequest, pk: int) -> Any:
    """Somebody who was hired, whose plan the signed-in person may write."""
    application = _hired(request, pk)
    trial = Trial.objects.current().filter(application=application).first()
    if not development.may_develop(request.user, application, trial):
        raise PermissionDenied
    return application


def _draft(request: HttpRequest, application: Any, gathered: evidence.Evidence) -> HttpResponse:
    by = Actor.person(request.user)  # type: ignore[arg-type]
    try:
        added = actions.draft_development(application, development.draft(application, gathered), at=now(), by=by)
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return redirect(url_of(application))
    if added:
        told = ngettext("One thing was drafted. Put it into your own words.", "%d things were drafted.", added)
        messages.success(request, told % added if added > 1 else told)
    else:
        messages.info(request, _("The evidence suggests nothing that is not there. Write what you would like to see."))
    return redirect("desk:development", pk=application.pk)


def _edit(request: HttpRequest, plan: DevelopmentPlan, gathered: evidence.Evidence) -> HttpResponse:
    items = list(plan.items.all())
    is_sent = request.POST.get("action") in (SAVE, SHARE)
    form = items_form(plan, items, request.POST if is_sent else None)
    refusal = ""
    if is_sent and form.is_valid():
        by, seen = Actor.person(request.user), request.POST.get("seen", "")  # type: ignore[arg-type]
        try:
            actions.change_development(plan, lines(form), seen=seen, at=now(), by=by)
        except NotAllowed as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Saved."))
            name = "development_share" if request.POST["action"] == SHARE else "development"
            return redirect(f"desk:{name}", pk=plan.application_id)
    competencies = {one.pk: one.competency_id for one in items}
    shown = partial(_seen_beside, competencies=competencies, told=development.seen(gathered))
    more = {"plan": plan, "form": form, "refusal": refusal, "entries": [(one, shown(one)) for one in form.forms]}
    return _show(request, plan.application, gathered, **more, seen=developing.fingerprint(plan), shares=_shares(plan))


def _seen_beside(form: Any, competencies: dict[int, int | None], told: dict[int, Any]) -> list[development.Seen]:
    key = str(form["key"].value() or "")
    competency = competencies.get(int(key)) if key.isdecimal() and len(key) < 20 else None
    return told.get(competency, []) if competency else []


def _shares(plan: DevelopmentPlan) -> list[Any]:
    """When it was shared, and what was said to it; the last first."""
    return list(plan.shares.select_related("ask").order_by("-pk"))


def _show(request: HttpRequest, application: Any, gathered: evidence.Evidence, **more: Any) -> HttpResponse:
    context = {
        "application": application,
        "is_open": gathered.is_open,
        "title": _("Development plan"),
        "url": url_of(application),
    }
    return render(request, "desk/development.html", admin.site.each_context(request) | context | more)
