"""Mails that came in: the list, one of them, where it belongs, and its bytes as they came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ats.desk import identity, replies, roles
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.people.views import give
from candidates.pipeline import NotAllowed
from candidates.post.inbound import actions, quoting
from candidates.post.inbound.models import Reply

State = Reply.State
ON_A_PAGE = 50
LONGEST_KEY = 18
TABS = (
    ("", gettext_lazy("To place"), replies.TO_PLACE),
    ("taken", gettext_lazy("On timelines"), (State.TAKEN,)),
    ("ignored", gettext_lazy("By machines, set aside"), (State.IGNORED,)),
)


class PlaceForm(forms.Form):
    """Where a mail belongs."""

    whose = forms.CharField(
        label=gettext_lazy("Number of the application, or the candidate's address"),
        help_text=gettext_lazy("The number stands in the address of the application's page."),
        max_length=254,
    )
    of_candidate = forms.BooleanField(
        label=gettext_lazy("The candidate wrote it: show it to all who see the application, and keep its files"),
        required=False,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_whose(self) -> Application:
        """The application, if the signed-in person recruits for it."""
        typed = self.cleaned_data["whose"].strip()
        number = typed if typed.isascii() and typed.isdigit() and len(typed) < LONGEST_KEY else ""
        by = {"pk": int(number)} if number else {"candidate__email__iexact": typed}
        visible = Application.objects.visible_to(self.user).filter(identity.named_to(self.user, "pk"), **by)
        found = list(visible.select_related("job", "candidate").order_by("-pk")[:2])
        if len(found) > 1:
            raise forms.ValidationError(_("They applied more than once. Write the number of one application."))
        if not found or not roles.recruits(self.user, found[0].job):
            raise forms.ValidationError(_("You recruit for no application with this number or address."))
        return found[0]


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The latest mails of one kind; what waits for a place first."""
    _require_recruiter(request)
    show = request.GET.get("show", "")
    chosen = next((tab for tab in TABS if tab[0] == show), TABS[0])
    rows = replies.visible_to(request.user, now()).filter(state__in=chosen[2]).defer("text").order_by("-pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < LONGEST_KEY:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: ON_A_PAGE + 1])
    context = {
        "title": _("Mails that came in"),
        "rows": [(one, replies.title(one)) for one in found[:ON_A_PAGE]],
        "next": found[ON_A_PAGE - 1].pk if len(found) > ON_A_PAGE else None,
        "tabs": [(key, label) for key, label, _states in TABS],
        "show": chosen[0],
    }
    return render(request, "desk/replies.html", admin.site.each_context(request) | context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail. A POST says where it belongs, that it was read, or that nobody need read it."""
    reply = _find(request, pk)
    form = PlaceForm(request.POST if request.POST.get("do") == "place" else None, user=request.user)
    if request.method == "POST" and (form.is_valid() or not form.is_bound):
        return _do(request, reply, form)
    parts = quoting.split(reply.text) if reply.is_readable else None
    context = {
        "title": replies.title(reply),
        "reply": reply,
        "parts": parts,
        "form": form,
        "may_place": reply.state in replies.TO_PLACE or (reply.state == State.TAKEN and reply.why),
    }
    return render(request, "desk/reply.html", admin.site.each_context(request) | context)


@never_cache
@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its bytes as they came, to save; they are kept for a month."""
    reply = _find(request, pk)
    if not (reply.is_readable and reply.raw):
        raise Http404
    return give(request, reply.raw)


def _do(request: HttpRequest, reply: Any, form: PlaceForm) -> HttpResponse:
    at, wanted = now(), request.POST.get("do", "")
    try:
        if form.is_bound:
            application, of_candidate = form.cleaned_data["whose"], form.cleaned_data["of_candidate"]
            by = Actor.person(request.user)  # type: ignore[arg-type]
            actions.place(reply, application, of_candidate=of_candidate, at=at, by=by)
            messages.success(request, _("It stands on the timeline of %s now.") % application)
        elif wanted == "aside":
            actions.set_aside(reply, at=at)
            messages.success(request, _("Set aside."))
        elif wanted == "seen":
            Reply.objects.filter(pk=reply.pk, seen_at=None).update(seen_at=at)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:replies" if wanted == "aside" else "desk:reply", *([] if wanted == "aside" else [reply.pk]))


def _find(request: HttpRequest, pk: int) -> Any:
    """The mail, if the signed-in person may see it and recruits.

    Raises:
        Http404: none, or none for them.
    """
    found = get_object_or_404(replies.visible_to(request.user, now()).select_related("raw"), pk=pk)
    if found.application is None:
        _require_recruiter(request)
    return found


def _require_recruiter(request: HttpRequest) -> None:
    if not roles.is_recruiter(request.user):
        raise PermissionDenied
