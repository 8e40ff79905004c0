"""How the engine is, in words, for administrators: its parts, what waits, and what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ats.automation import actions as automation
from ats.desk import engine
from ats.engine import restoring, settling
from ats.engine.models import HighWaterMark
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import holding, outbox


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The engine now; writes nothing."""
    _for_administrators(request)
    at = now()
    held_since = restoring.is_held()
    context = engine.state(at) | {
        "title": _("Engine"),
        "held_since": held_since,
        "told": restoring.look(at=at) if held_since else None,
        "choices": restoring.Choice,
        "troubles": engine.troubles(request.user, at),
    }
    return render(request, "desk/engine.html", admin.site.each_context(request) | context)


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """The part of the page that tells, and has nothing to press: it is asked for again every some seconds."""
    _for_administrators(request)
    return render(request, "desk/engine_state.html", engine.state(now()))


@require_POST
def settle(request: HttpRequest, what: str, pk: str) -> HttpResponse:
    """Decide on one mail, document or rule that waits for a person."""
    _for_administrators(request)
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    verb = SETTLE.get((what, request.POST.get("verb", "")))
    row = engine.row(request.user, what, pk, at)
    if verb is None or row is None:
        raise Http404
    try:
        verb(row, at, by)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return redirect("desk:engine")


@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """Let a held outbox go on."""
    _for_administrators(request)
    choice = request.POST.get("choice", "")
    if choice not in restoring.Choice.values:
        messages.error(request, _("Choose how to go on."))
        return redirect("desk:engine")
    by = Actor.person(request.user)  # type: ignore[arg-type]
    try:
        told = restoring.go_on(restoring.Choice(choice), at=now(), by=by)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:engine")
    _note(request, f"after_restore {choice}: {vars(told)}")
    messages.success(request, _("The engine goes on."))
    return redirect("desk:engine")


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Hold all mails, as in an emergency."""
    _for_administrators(request)
    restoring.hold(at=now(), is_restored=False)
    _note(request, "hold_outbox")
    messages.success(request, _("Nothing leaves any more until you let it go on."))
    return redirect("desk:engine")


SETTLE: dict[tuple[str, str], Callable[[Any, datetime, Any], None]] = {
    ("mail", "send_again"): lambda mail, at, by: outbox.send_again(mail, at=at, by=by),
    ("mail", "was_sent"): lambda mail, at, by: outbox.was_sent(mail, at=at, by=by),
    ("mail", "let_go"): lambda mail, at, by: settling.let_go(mail, at=at, by=by),
    ("mail", "release"): lambda mail, at, by: holding.release(mail, at=at, by=by),
    ("rule", "try_again"): lambda firing, at, by: automation.take(firing, at=at, by=by.user),
    ("rule", "let_go"): lambda firing, at, by: automation.dismiss(firing, at=at, by=by.user),
    ("document", "read_again"): lambda words, at, _by: settling.read_again(words, at=at),
}


def _for_administrators(request: HttpRequest) -> None:
    """It tells of all jobs at once; recruiters have the lists of their own mails and reminders."""
    if not request.user.is_superuser:
        raise PermissionDenied


def _note(request: HttpRequest, told: str) -> None:
    mark = HighWaterMark.objects.filter(pk=1)
    LogEntry.objects.log_actions(request.user.pk or 0, mark, CHANGE, change_message=told, single_object=True)
