"""A referee answers, saves or declines, behind a mailed link."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from candidates.people.actors import Actor
from candidates.post import asks
from candidates.post.models import Ask
from references.answering import actions
from references.answering.forms import ReferenceForm
from references.models import Reference
from references.pages import context, done


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
    return render(request, "references/answer.html", context(asked, form=form, reference=reference))


@asks.page
def decline(request: HttpRequest, asked: Ask) -> HttpResponse:
    """A referee would rather not: asks once, then thanks."""
    reference = _reference(asked)
    if request.method == "POST":
        actions.decline(reference, at=now(), by=Actor.outsider(asked.name))
        return done(request, _("That is all right"), _("We will not write to you about this again. Thank you."))
    return render(request, "references/decline.html", context(asked))


def _send(request: HttpRequest, reference: Reference, form: ReferenceForm, at: datetime) -> HttpResponse:
    by = Actor.outsider(reference.referee.name)
    actions.answer(reference, form.facts(), form.answers(), at=at, by=by)
    return done(request, _("Thank you"), _("Your reference has arrived. It helps to decide fairly."))


def _reference(asked: Ask) -> Reference:
    """The reference that `asked` waits for."""
    return Reference.objects.select_related("referee", "scorecard__ask", "scorecard__application").get(
        scorecard__ask=asked
    )
