"""What a recruiter does with a given reference: say whether a flag matters, delete what its referee wants deleted."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ats.desk import roles
from ats.desk.views.acts import Act, page, typed
from ats.desk.views.application import find
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application
from references.answering import forgetting
from references.flags import actions, words
from references.flags.models import Flag
from references.models import Reference


class FlagForm(forms.Form):
    """Whether it matters, and why."""

    is_harmless = forms.TypedChoiceField(
        label=gettext_lazy("Is it harmless?"),
        choices=[("yes", gettext_lazy("Harmless")), ("no", gettext_lazy("Not harmless"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It decides nothing by itself: whoever decides reads what you say here."),
    )
    note = forms.CharField(
        label=gettext_lazy("What you found"),
        help_text=gettext_lazy("For example: rang the company's switchboard, she does work there."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def clean(self) -> dict[str, object]:
        """What is not harmless needs its reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_harmless") is False and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say in a sentence what you found: a colleague decides by it."))
        return cleaned


class ForgetForm(forms.Form):
    """The second step of what cannot be undone."""

    is_sure = forms.BooleanField(
        label=gettext_lazy("Delete it for good"),
        help_text=gettext_lazy(
            "Their name, addresses, company and every word they said go: from the reference, the mails, the timeline "
            "and your notes on this application. The scores stay, and that somebody gave them. Copies of mails in "
            "mailboxes and files that you exported are not ours to delete. It cannot be undone."
        ),
        error_messages={"required": gettext_lazy("Tick this if you mean it.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a flag matters."""
    flag = get_object_or_404(Flag.objects.select_related("reference__referee__application"), pk=pk)
    application = _recruited(request, flag.reference.referee.application_id)
    if firewall.owed_by(request.user, at=now()).filter(application=application).exists():
        raise Http404
    form = FlagForm(typed(request), initial=_said(flag))

    def verb(at: datetime, by: Actor) -> object:
        return actions.judge(flag, **form.cleaned_data, at=at, by=by)

    seen = flag.judged_at.isoformat() if flag.judged_at else "new"
    about = f"{flag.reference.referee.name}: {words.noticed(flag)}"
    return page(request, Act(gettext_lazy("Say whether it matters"), about, application, form, verb, seen))


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete what a referee said, also after the application has ended."""
    reference = get_object_or_404(Reference.objects.select_related("referee__application"), pk=pk)
    referee = reference.referee
    application = _recruited(request, referee.application_id)
    form = ForgetForm(typed(request))

    def verb(at: datetime, by: Actor) -> object:
        return forgetting.forget(referee, at=at, by=by)

    done = _("Done. What they said, their name and their addresses are deleted.")
    label = _("Delete what a referee said")
    return page(request, Act(label, referee.name, application, form, verb, seen="", done=done))


def _recruited(request: HttpRequest, pk: int) -> Application:
    """The application, open or ended, that `request` recruits for.

    Raises:
        Http404: none that the signed-in person may see, or may see by its name yet.
        PermissionDenied: not theirs to work on.
    """
    application: Application = find(request, pk)
    if application.is_hidden:  # type: ignore[attr-defined]
        raise Http404
    if not roles.recruits(request.user, application.job):
        raise PermissionDenied
    return application


def _said(flag: Flag) -> dict[str, str]:
    if flag.is_harmless is None:
        return {}
    return {"is_harmless": "yes" if flag.is_harmless else "no", "note": flag.note}
