"""My reminders, and what is done about one thing that somebody was asked: remind now, put off, hand on."""

from __future__ import annotations

from copy import copy

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ats.desk import identity, roles
from ats.desk.reminding import HandOnForm
from ats.desk.views import acts
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask
from candidates.post.reminding import actions
from candidates.screening import handing_on
from candidates.staff.forms import MyRemindersForm
from candidates.staff.models import User

APPROVAL = "desk:approval"


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Zone, days, quiet hours and digest of whoever is signed in."""
    # read anew: a form with errors must not change who is signed in
    colleague = get_object_or_404(User, username=request.user.get_username())
    form = MyRemindersForm(request.POST if request.method == "POST" else None, instance=colleague)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved. It counts from the next reminder on."))
        return redirect("desk:my_reminders")
    context = admin.site.each_context(request) | {"form": form, "title": _("My reminders")}
    return render(request, "desk/my_reminders.html", context)


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the person asked, now; for those who work on the application."""
    asked = _find(request, pk)
    if not roles.may_work_on(request.user, asked.application):
        raise PermissionDenied
    try:
        actions.remind_now(asked, at=now(), by=_by(request))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%s is reminded now.") % asked.name)
    return _back(request, asked)


@require_POST
def later(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind me of it on my next working day; for whoever was asked."""
    asked = get_object_or_404(Ask.objects.select_related("application__job", "user"), pk=pk, user=request.user.pk)
    at = now()
    until = actions.tomorrow(asked, at=at)
    try:
        if until is None:
            raise NotAllowed(_("It cannot be put off any further: others are told soon that nothing came."))
        actions.put_off(asked, until=until, at=at, by=_by(request))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        told = _("You are reminded again on %s. The deadline stays where it is.")
        messages.success(request, told % date_format(localtime(until), "D j M, H:i"))
    return _back(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to a colleague, in three steps; for whoever was asked, and for those who work on the application."""
    asked = get_object_or_404(handing_on.possible().select_related("application__job", "application__plan"), pk=pk)
    application, is_mine = asked.application, asked.user_id == request.user.pk
    if not is_mine and not roles.may_work_on(request.user, application):
        raise Http404
    hidden = identity.hidden(request.user, [application.pk])
    if hidden and not is_mine:
        raise Http404
    shown = copy(application)
    if hidden:
        shown.candidate = Candidate(pk=application.candidate_id, name=hidden[application.pk])  # for showing alone
    form = HandOnForm(acts.typed(request), asked=asked)
    act = acts.Act(
        label=_("Hand it on"),
        about=asked.title,
        application=shown,
        form=form,
        verb=lambda at, by: handing_on.hand_on(
            asked, to=form.cleaned_data["to"], word=form.cleaned_data["word"], at=at, by=by
        ),
        seen=f"{asked.pk}:{asked.user_id}",
    )
    return acts.page(request, act)


def _find(request: HttpRequest, pk: int) -> Ask:
    """An ask about an application that the signed-in person may see, as far as they may know of it.

    Raises:
        Http404: there is none for them.
    """
    known = Ask.objects.filter(identity.named_to(request.user), firewall.tells_no_grading(request.user, now()))
    visible = known.filter(application__in=Application.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("application__job", "user"), pk=pk)


def _by(request: HttpRequest) -> Actor:
    return Actor.person(request.user)  # type: ignore[arg-type]


def _back(request: HttpRequest, asked: Ask) -> HttpResponse:
    """To the page of ours on which it was pressed, or to the application's."""
    back = request.POST.get("back", "")
    if asked.page == APPROVAL and asked.user_id == request.user.pk:
        return redirect(asked.get_absolute_url())
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.isprintable()
    return redirect(back if is_ours else acts.url_of(asked.application))
