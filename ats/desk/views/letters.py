"""The offer letter: filled in, seen word for word and as PDF, then sent."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ats.desk import preview, roles
from ats.desk.views.application import find, url_of
from candidates.people import documents
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.stages import Stage
from trials.letters import actions, texts
from trials.letters.drawing import NotDrawn
from trials.letters.forms import LetterForm

PREVIEW, DRAFT, CONFIRM = "preview", "draft", "confirm"
OWN = {"csrfmiddlewaretoken", "action"}


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; the letter and its mail before it leaves; the PDF of it; the sending."""
    application, at = _hired(request, pk), now()
    action = request.POST.get("action", "")
    form = LetterForm(request.POST if request.method == "POST" else None, application=application, at=at)
    if action not in STEPS or not form.is_valid():
        return _show(request, "desk/letter_form.html", application, form)
    try:
        return STEPS[action](request, application, form, at)
    except NotAllowed as refused:
        form.add_error(None, str(refused))
    except (documents.NotStored, NotDrawn):
        form.add_error(None, _("The letter could not be made just now, so nothing was sent. Try again soon."))
    return _show(request, "desk/letter_form.html", application, form)


def _hired(request: HttpRequest, pk: int) -> Any:
    """Somebody who was hired, by a colleague who recruits for the job."""
    application = find(request, pk)
    if application.is_hidden or application.stage != Stage.HIRED:
        raise Http404
    if not roles.recruits(request.user, application.job):
        raise PermissionDenied
    return application


def _draft(request: HttpRequest, application: Any, form: LetterForm, at: datetime) -> HttpResponse:
    """The PDF as it would be; nothing is kept."""
    response = HttpResponse(actions.draw(form.written, at=at), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _look(request: HttpRequest, application: Any, form: LetterForm, at: datetime) -> HttpResponse:
    """The letter and the mail, word for word."""
    by = Actor.person(request.user)  # type: ignore[arg-type]
    template, tried = form.cleaned_data["template"], copy(application)
    seen = preview.of(tried, lambda: actions.send(tried, template, form.offer(), at=at, by=by), at=at)
    typed = [(name, value) for name, value in request.POST.items() if name not in OWN]
    more = {
        "preview": seen,
        "typed": typed,
        "letter": form.written,
        "parts": list(texts.parts(form.written.text)),
        "without_shape": form.without_shape,
    }
    return _show(request, "desk/letter_confirm.html", application, form, **more)


def _send(request: HttpRequest, application: Any, form: LetterForm, at: datetime) -> HttpResponse:
    by = Actor.person(request.user)  # type: ignore[arg-type]
    actions.send(application, form.cleaned_data["template"], form.offer(), at=at, by=by)
    messages.success(request, _("The offer letter is on its way to %s.") % application.candidate.name)
    return redirect(url_of(application))


def _show(request: HttpRequest, template: str, application: Any, form: LetterForm, **more: Any) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "title": _("Send the offer letter"),
        "url": url_of(application),
    }
    return render(request, template, admin.site.each_context(request) | context | more)


STEPS = {PREVIEW: _look, DRAFT: _draft, CONFIRM: _send}
