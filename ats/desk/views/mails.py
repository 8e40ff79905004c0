"""Looking at one mail, and deciding about one that waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.validators import ProhibitNullCharactersValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ats.desk import mail_state, mail_view, preview, roles
from ats.desk.rewording import WordsForm
from ats.engine import restoring, settling
from candidates.careers.forms import no_surrogates
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import holding, outbox, rendering
from candidates.post.models import Message

LOOK_LIVES = 24 * 60 * 60  # seconds
Verb = Callable[..., None]


class ReasonForm(forms.Form):
    """Why a mail is held back or cancelled, for colleagues."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, for colleagues"),
        max_length=300,
        required=False,
        validators=[no_surrogates, ProhibitNullCharactersValidator()],
    )
    is_untold = forms.BooleanField(
        label=gettext_lazy("I know: they are then not told what was decided."), required=False
    )


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """The HTML part of a mail that a preview shows, as the page that made it signed it."""
    try:
        html = signing.loads(request.POST.get("look", ""), salt=preview.LOOK, max_age=LOOK_LIVES)
    except signing.BadSignature:
        raise Http404 from None
    return mail_view.page(html)


@require_safe
def html(request: HttpRequest, pk: Any) -> HttpResponse:
    """The HTML part of a mail: as it left, or as it would leave now."""
    message = find(request, pk)
    kept = message.html if message.subject else rendering.render(message).html
    if not kept:
        raise Http404
    return mail_view.page(kept)


@require_POST
def decide(request: HttpRequest, pk: Any) -> HttpResponse:
    """Do what a button of the mail's page says, and go back to it."""
    message = find(request, pk)
    if not may_decide(request, message):
        raise PermissionDenied
    what, at, by = request.POST.get("action", ""), now(), Actor.person(request.user)  # type: ignore[arg-type]
    if what == "reword":
        return _reword(request, message, at, by)
    reason = ReasonForm(request.POST)
    if what not in VERBS:
        raise Http404
    try:
        if not reason.is_valid():
            raise NotAllowed(" ".join(str(told) for errors in reason.errors.values() for told in errors))
        VERBS[what](message, reason.cleaned_data, at, by)
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return show(request, message, reason=reason)
    messages.success(request, _("Done."))
    return redirect(url_of(message))


def find(request: HttpRequest, pk: Any) -> Message:
    """The mail, if it is among those that the signed-in colleague may see.

    Raises:
        Http404: it is not, or there is none.
    """
    if not request.user.has_perm("candidates.view_message"):
        raise PermissionDenied
    visible = mail_state.visible(request.user, now())
    related = visible.select_related("application__candidate", "application__job__hiring_manager", "ask")
    return get_object_or_404(related, pk=pk)


def may_decide(request: HttpRequest, message: Message) -> bool:
    """Whether the signed-in colleague may change a mail that waits: who recruits for the job, or an administrator."""
    if not request.user.has_perm("candidates.change_message"):
        return False
    return message.application is None or roles.recruits(request.user, message.application.job)


def show(
    request: HttpRequest, message: Message, *, words: WordsForm | None = None, reason: ReasonForm | None = None
) -> HttpResponse:
    """The page of a mail: how it stands, its words, what belongs to it, and what can be done."""
    at = now()
    waits = message.status in holding.WAITING
    context = {
        "title": message.subject or _("Mail"),
        "message": message,
        "state": mail_state.of(message, at),
        "waits": waits,
        "may_decide": may_decide(request, message),
        "tells": holding.tells(message),
        "words": words or (WordsForm(initial=_initial(message)) if waits else None),
        "reason": reason or ReasonForm(),
        "back": reverse("admin:candidates_message_changelist"),
        **_words(message, waits),
        **_belongings(message),
    }
    return render(request, "admin/candidates/message/change_form.html", admin.site.each_context(request) | context)


def url_of(message: Message) -> str:
    """The page of the mail."""
    return reverse("admin:candidates_message_change", args=[message.pk])


def _reword(request: HttpRequest, message: Message, at: datetime, by: Actor) -> HttpResponse:
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            holding.reword(message, **form.cleaned_data, at=at, by=by)
        except NotAllowed as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Kept. This mail leaves in these words; this is how it looks."))
            return redirect(url_of(message))
    return show(request, message, words=form)


def _initial(message: Message) -> dict[str, str]:
    words = holding.words_of(message)
    return {"subject": words.subject, "text": words.text}


def _words(message: Message, waits: bool) -> dict[str, Any]:
    """As they left or would leave now; of what never left and does not wait any more nothing is made up."""
    if waits:
        mail = rendering.render(message)
        subject, text, has_html = mail.subject, mail.text, True
    else:
        subject, text, has_html = message.subject, message.text, bool(message.html)
    return {"subject": subject, "text": text.replace(rendering.LINK, _("[their personal link]")), "has_html": has_html}


def _belongings(message: Message) -> dict[str, Any]:
    return {
        "reminders": list(message.reminders.all()[:20]),
        "replies": list(message.replies.all()[:20]),
        "reports": list(message.reports.all()[:20]),
    }


def _release(message: Message, given: dict[str, Any], at: datetime, by: Actor) -> None:
    _require_running()
    holding.release(message, at=at, by=by)


def _send_now(message: Message, given: dict[str, Any], at: datetime, by: Actor) -> None:
    _require_running()
    holding.send_now(message, at=at, by=by)


def _hold(message: Message, given: dict[str, Any], at: datetime, by: Actor) -> None:
    holding.hold(message, reason=given["reason"], at=at, by=by)


def _cancel(message: Message, given: dict[str, Any], at: datetime, by: Actor) -> None:
    holding.cancel(message, reason=given["reason"], is_untold=given["is_untold"], at=at, by=by)


def _plainly(verb: Verb, message: Message, given: dict[str, Any], at: datetime, by: Actor) -> None:
    verb(message, at=at, by=by)


def _require_running() -> None:
    """While an older copy of the database is looked at nothing leaves, one by one neither."""
    if restoring.is_held():
        raise NotAllowed(_("The whole outbox is held. An administrator lets it go on, on the page “Engine”."))


VERBS: dict[str, Verb] = {
    "hold": _hold,
    "release": _release,
    "send_now": _send_now,
    "cancel": _cancel,
    "send_again": partial(_plainly, outbox.send_again),
    "was_sent": partial(_plainly, outbox.was_sent),
    "give_up": partial(_plainly, settling.let_go),
}
