"""A questionnaire for referees in the desk: what uses it, and how a referee reads it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from ats.desk.kits import RUNNING, Use, Uses
from candidates.jobs.models import HiringPlan, Job
from references.models import Questionnaire
from references.questionnaires import wording

SCORES = [(str(score), str(score)) for score in range(1, 6)]


def is_used(questionnaire: Questionnaire) -> bool:
    """Whether a plan names it, so that it is retired instead of deleted."""
    return questionnaire.plans.exists()


def uses(questionnaire: Questionnaire, user: Any) -> Uses:
    """The templates of plans and running jobs that ask it, for `user` to see."""
    named = HiringPlan.objects.filter(reference_plan__questionnaire=questionnaire)
    jobs = Job.objects.filter(status__in=RUNNING, opened_at__isnull=False, plan__in=named)
    mine = jobs.filter(pk__in=Job.objects.visible_to(user).values("pk")).order_by("title")
    return Uses(
        kits=[],
        plans=[Use(str(one), _change("hiringplan", one.pk)) for one in named.filter(copied_from=None)],
        jobs=[Use(one.title, _change("job", one.pk)) for one in mine],
        others=jobs.count() - len(mine),
    )


def preview(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """The criteria as a referee reads them, in `?language=`; nothing that is pressed here is kept."""
    languages = dict(settings.LANGUAGES)
    language = request.GET.get("language", "")
    language = language if language in languages else settings.LANGUAGE_CODE
    words = wording.of(questionnaire, language)
    context = {
        "questionnaire": questionnaire,
        "words": words,
        "rows": _rows(words["criteria"]),
        "languages": list(languages.items()),
        "language": language,
    }
    with translation.override(language):
        return render(request, "desk/questionnaire_preview.html", context)


def _rows(criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
    form = forms.Form()
    for one in criteria:
        form.fields[f"score_{one['key']}"] = forms.ChoiceField(choices=SCORES, widget=forms.RadioSelect)
        box = forms.Textarea(attrs={"rows": 2})
        form.fields[f"evidence_{one['key']}"] = forms.CharField(label=one["example"], widget=box, required=False)
    return [
        {"criterion": one, "field": form[f"score_{one['key']}"], "evidence": form[f"evidence_{one['key']}"]}
        for one in criteria
    ]


def _change(model: str, pk: int) -> str:
    return reverse(f"admin:candidates_{model}_change", args=[pk])
