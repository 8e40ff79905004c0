"""Pages behind mailed links: the candidate names referees, a referee answers or declines."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates.people.actors import Actor
from candidates.post import asks
from candidates.post.models import Ask
from references import actions
from references.forms import NameRefereesForm, ReferenceForm
from references.models import Reference


@asks.page
def name_referees(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The candidate names the referees."""
    application = asked.application
    form = NameRefereesForm(request.POST if request.method == "POST" else None, application=application)
    if form.is_bound and form.is_valid():
        by = Actor.candidate(application.candidate.name)
        actions.name_referees(asked, form.named(), at=now(), by=by)
        return _done(request, _("Thank you"), _("We have asked them by mail and told them that you named them."))
    return render(request, "references/name_referees.html", _context(asked, form=form))


@asks.page
def answer(request: HttpRequest, asked: Ask) -> HttpResponse:
    """A referee answers, or saves what they have so far."""
    reference, at = _reference(asked), now()
    sending = request.POST.get("action") == "send"
    form = ReferenceForm(
        request.POST if request.method == "POST" else None,
        reference=reference,
        today=at.astimezone(ZoneInfo(asked.zone)).date(),
        sending=sending,
    )
    if form.is_bound:
        valid = form.is_valid()
        if sending and valid:
            return _send(request, reference, form, at)
        if not sending:
            actions.save_draft(reference, form.facts(), form.answers(), at=at)
    return render(request, "references/answer.html", _context(asked, form=form, reference=reference))


@asks.page
def decline(request: HttpRequest, asked: Ask) -> HttpResponse:
    """A referee would rather not: asks once, then thanks."""
    reference = _reference(asked)
    if request.method == "POST":
        actions.decline(reference, at=now(), by=Actor.outsider(asked.name))
        return _done(request, _("That is all right"), _("We will not write to you about this again. Thank you."))
    return render(request, "references/decline.html", _context(asked))


def _send(request: HttpRequest, reference: Reference, form: ReferenceForm, at: datetime) -> HttpResponse:
    by = Actor.outsider(reference.referee.name)
    actions.answer(reference, form.facts(), form.answers(), at=at, by=by)
    return _done(request, _("Thank you"), _("Your reference has arrived. It helps to decide fairly."))


def _reference(asked: Ask) -> Reference:
    """The reference that `asked` waits for."""
    return Reference.objects.select_related("referee", "scorecard__ask", "scorecard__application").get(
        scorecard__ask=asked
    )


def _context(asked: Ask, **context: Any) -> dict[str, Any]:
    application = asked.application
    return {"ask": asked, "application": application, "job": application.job, "title": asked.spoken_title} | context


def _done(request: HttpRequest, title: str, text: str) -> HttpResponse:
    return render(request, "asks/done.html", {"title": title, "text": text})
