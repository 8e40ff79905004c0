"""The candidate's page of an offer letter, behind a mailed link: read it, accept or decline it, keep it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.people.views import give
from candidates.post import asks
from candidates.post.models import Ask
from trials.answers import who
from trials.letters import actions, texts
from trials.letters.forms import AcceptForm, DeclineForm
from trials.letters.models import OfferLetter

ACCEPT, DECLINE = "accept", "decline"


@asks.page
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The letter in words, with both answers below it."""
    found, action = _find(asked), request.POST.get("action", "")
    accepting = AcceptForm(request.POST if action == ACCEPT else None)
    if accepting.is_bound and accepting.is_valid():
        actions.accept(found, name=accepting.cleaned_data["name"], at=now(), by=who(asked))
        return redirect("trials:letter_afterwards", pk=asked.pk)
    declining = DeclineForm(request.POST if action == DECLINE else None)
    if declining.is_bound and declining.is_valid():
        actions.decline(found, reason=declining.cleaned_data["reason"], at=now(), by=who(asked))
        told = _("Thank you for telling us. We wish you all the best.")
        return render(request, "asks/done.html", {"title": _("We have noted it"), "text": told})
    context = _context(asked, found) | {"form": accepting, "declining": declining}
    return render(request, "trials/letter.html", context)


@asks.page
@require_safe
def letter_file(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The letter as a PDF, while it waits for an answer."""
    return cast(HttpResponse, give(request, _find(asked).document))


@asks.page_afterwards
@require_safe
def letter_afterwards(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The letter again, with what they answered."""
    return render(request, "trials/letter_afterwards.html", _context(asked, _find(asked)))


@asks.page_afterwards
@require_safe
def letter_file_afterwards(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The letter as a PDF, once it is answered."""
    return cast(HttpResponse, give(request, _find(asked).document))


def _find(asked: Ask) -> OfferLetter:
    return get_object_or_404(OfferLetter.objects.select_related("application", "document", "ask"), ask=asked)


def _context(asked: Ask, found: OfferLetter) -> dict[str, object]:
    return {
        "ask": asked,
        "application": asked.application,
        "job": asked.application.job,
        "letter": found,
        "parts": list(texts.parts(found.text)),
        "title": found.subject,
    }
