"""The limit's pages of a referee, a check-in and the last yes before a hire: one form, one case, nothing besides."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import engines
from django.utils.timezone import now

from candidates.models import Application, Rating, Scorecard
from references.models import Reference
from trials.models import Approval, Figure, OwnView, Verdict


def template(source: str) -> Any:
    """A page that is compiled once."""
    return engines["django"].from_string(f"<!DOCTYPE html><title>Limit</title>{source}")


FORM = template(
    """<form method="post">{% csrf_token %}<h1>{{ card.application.candidate.name }}</h1>
{% for one in traits %}<fieldset><legend>{{ one.name }}</legend><p>{{ one.meaning }}{% for line in one.anchors %}
<label><input type="radio" name="score_{{ one.key }}" value="{{ forloop.counter }}"
{% if one.score == forloop.counter %}checked{% endif %}>{{ line }}</label>{% endfor %}
<textarea name="evidence_{{ one.key }}">{{ one.evidence }}</textarea></fieldset>{% endfor %}
<textarea name="summary">{{ card.summary }}</textarea></form>"""
)


def referee(request: HttpRequest, pk: int) -> HttpResponse:
    """One criterion of a reference; a POST keeps its score and example."""
    if request.method == "POST":
        with transaction.atomic():
            one = _locked(pk)
            get_object_or_404(Reference, scorecard=one)
            _keep(one, request.POST)
        return redirect(request.path)
    one = get_object_or_404(_cards(), ask=pk)
    get_object_or_404(Reference.objects.select_related("referee"), scorecard=one)
    words = one.wording.content["criteria"][:1]
    return _form(request, one, words, {rating.criterion: rating for rating in one.ratings.all()})


def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A check-in on all its competencies; a POST keeps the words beside one."""
    if request.method == "POST":
        with transaction.atomic():
            _keep(_locked(pk), request.POST)
        return HttpResponse(f"<p>Saved {now():%H:%M}")
    one = get_object_or_404(_cards().select_related("check_in_card__check_in__trial"), ask=pk)
    words = one.wording.content["competencies"]
    return _form(request, one, words, {rating.competency_id: rating for rating in one.ratings.all()})


CASE = template(
    """<form method="post">{% csrf_token %}</form><h1>{{ one.candidate.name }}</h1><p>{{ one.job.title }}
{% for verdict in verdicts %}<p>{{ verdict.kind }} {{ verdict.by.first_name }} {{ verdict.evidence }}
{% for ground in verdict.grounds %}<p>{{ ground.name }}: {{ ground.evidence }}{% endfor %}{% endfor %}
{% for card in cards %}<h2>{{ card.rater_name }}, {{ card.kind }}</h2><p>{{ card.summary }}
{% for rating in card.ratings.all %}<p>{{ rating.competency.name }}{{ rating.criterion }}: {{ rating.score }},
{{ rating.evidence }}{% endfor %}{% endfor %}
{% for view in views %}<p>{{ view.support }} {{ view.drained }} {{ view.worn_out }} {{ view.stays }} {{ view.words }}
{% endfor %}<table>{% for figure in figures %}<tr><td>{{ figure.metric }}<td>{{ figure.starts_on|date:"Y-m-d" }}
<td>{{ figure.value }}<td>{{ figure.n }}{% endfor %}</table><p>{{ one.letter }}"""
)


def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """The case for a hire: verdicts, every card with its ratings, own views, figures, the letter."""
    asked = get_object_or_404(Approval.objects.select_related("trial"), ask=pk, approver=request.user.pk)
    one = Application.objects.select_related("candidate", "job").get(pk=asked.trial.application_id)
    context = {
        "one": one,
        "verdicts": Verdict.objects.filter(trial=asked.trial).select_related("by"),
        "cards": one.scorecards.exclude(locked_at=None).prefetch_related("ratings__competency"),
        "views": OwnView.objects.filter(card__check_in__trial=asked.trial),
        "figures": Figure.objects.filter(agent__application=one).order_by("metric", "starts_on"),
    }
    return HttpResponse(CASE.render(context, request))


def _cards() -> Any:
    return Scorecard.objects.select_related("application__candidate", "wording", "ask")


def _locked(pk: int) -> Scorecard:
    return Scorecard.objects.select_for_update().get(ask=pk, locked_at=None)


def _form(request: HttpRequest, one: Scorecard, words: Any, ratings: Any) -> HttpResponse:
    for trait in words:
        rating = ratings.get(trait["key"])
        trait["score"], trait["evidence"] = (rating.score, rating.evidence) if rating else (None, "")
    return HttpResponse(FORM.render({"card": one, "traits": words}, request))


def _keep(one: Scorecard, typed: Any) -> None:
    Scorecard.objects.filter(pk=one.pk).update(saved_at=now())
    for name, text in typed.items():
        kind, _underscore, key = name.partition("_")
        if kind != "evidence":
            continue
        of = {"competency_id": int(key)} if key.isdigit() else {"criterion": key}
        score = {"score": int(typed[f"score_{key}"])} if f"score_{key}" in typed else {}
        Rating.objects.update_or_create(scorecard=one, **of, defaults={"evidence": text} | score)
