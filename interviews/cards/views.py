"""The interviewer's pages: who, when, the kit, the scorecard, the résumé, and the card once it is locked.

Nobody else's judgement is shown on any of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from candidates.judging import revisions
from candidates.judging.firewall import blind_readings
from candidates.judging.revising import RevisionForm, described
from candidates.judging.views import rater, scorecard_page
from candidates.models import Application, Ask, Document, Scorecard
from candidates.people.views import give
from candidates.pipeline import NotAllowed
from candidates.post import asks
from interviews import kit as plain_kit
from interviews.cards import actions, kit
from interviews.cards.forms import CardForm
from interviews.exercises.grading.acquaintance import grades_for
from interviews.exercises.paper import own_email
from interviews.models import Interview


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page
def scorecard(request: HttpRequest, asked: Ask) -> HttpResponse:
    """Show the kit, keep the draft, lock the scorecard."""
    cards = Scorecard.objects.select_related("wording", "rater", "panelist__interview__round")
    card = cards.get(ask=asked)
    card.ask = asked
    interview = card.panelist.interview
    return scorecard_page(
        request,
        card,
        lock=_lock,
        save=actions.keep_draft,
        form=CardForm,
        template="interviews/scorecard.html",
        context=_context(request, asked, card, interview),
        prompts=_prompts(card, interview),
    )


@require_safe
@xframe_options_sameorigin
@asks.page
def resume(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The candidate's newest résumé, where the plan shows it to interviewers; a PDF inline (`?inline=1`)."""
    found = _resumes(request, asked.application).first()
    if found is None:
        return render(request, "asks/unknown.html", status=404)
    return cast(HttpResponse, give(request, found, inline="inline" in request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@asks.page_afterwards
def locked(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The rater's own card as it was locked, what they changed since, and the form to change it with a reason."""
    card = Scorecard.objects.select_related("wording", "rater").get(ask=asked)
    card.ask, card.application = asked, asked.application
    form = RevisionForm(request.POST if request.method == "POST" else None, card=card)
    if form.is_bound and form.is_valid():
        try:
            revisions.revise(card, form.answers(), reason=form.reason, at=now(), by=rater(card))
            return redirect(request.path)  # a grading is locked under an address of its own
        except NotAllowed as refused:
            form.add_error(None, str(refused))
    return render(request, "interviews/locked.html", _locked(card, form))


def _locked(card: Scorecard, form: RevisionForm) -> dict[str, Any]:
    content = card.wording.content if card.wording else {}
    heard = {one.part: one for one in card.kit_answers.all()}
    coded = {one.step: one for one in card.step_codings.all()}
    return {
        "ask": card.ask,
        "application": card.application,
        "job": card.application.job,
        "title": card.ask.spoken_title,
        "card": card,
        "form": form,
        "ratings": card.ratings.exclude(competency=None).select_related("competency"),
        "heard": [(part, heard[part["number"]]) for part in kit.parts(content) if part["number"] in heard],
        "coded": [(step, coded[step["number"]]) for step in kit.steps(content) if step["number"] in coded],
        "revisions": [described(revision, form.competencies) for revision in revisions.of([card])[card.pk]],
    }


def _context(request: HttpRequest, asked: Ask, card: Scorecard, interview: Interview) -> dict[str, Any]:
    content = card.wording.content if card.wording else {}
    return {
        "interview": interview,
        "kit_name": content.get("kit", ""),
        "purpose": content.get("purpose", ""),
        "routes": {"routes": content.get("routes", [])},
        "minutes": sum(part["minutes"] for part in kit.parts(content)),
        "opening": plain_kit.OPENING_AND_CLOSE,
        "resume": SimpleLazyObject(lambda: _resumes(request, asked.application).first()),
        "own_email": SimpleLazyObject(lambda: _own_email(asked)) if kit.has_live_edit(content) else "",
    }


def _own_email(asked: Ask) -> str:
    """What the candidate wrote, to be improved together; nothing for somebody who is to grade it blind."""
    application = asked.application
    return "" if grades_for(application, asked.email) else own_email(application) or ""


def _prompts(card: Scorecard, interview: Interview) -> dict[int, plain_kit.Part]:
    """The questions of an interview without a kit."""
    content = card.wording.content if card.wording else {}
    plan = card.ask.application.plan
    return {} if kit.parts(content) else plain_kit.parts(plan, minutes=interview.minutes)


def _resumes(request: HttpRequest, application: Application) -> QuerySet[Document]:
    """Newest first; none where the plan keeps it from interviewers, or from one who is still to read blind."""
    found = Document.objects.filter(application=application, kind=Document.Kind.RESUME).order_by("-pk")
    user = request.user
    if not application.plan.shows_resume:
        return found.none()
    if user.is_authenticated and blind_readings(user).filter(application=application).exists():
        return found.none()
    return found


def _lock(card: Scorecard, answers: actions.CardAnswers, at: datetime) -> None:
    actions.submit(card, answers, at=at, by=rater(card))
