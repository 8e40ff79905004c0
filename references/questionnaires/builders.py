"""Builders for tests and the demo: a questionnaire, what a plan wants of references."""

from __future__ import annotations

import itertools
from typing import Any

from candidates.builders import make_competency
from candidates.models import HiringPlan
from references.models import Criterion, CriterionWords, Questionnaire, ReferencePlan

_numbers = itertools.count(1)


def make_questionnaire(
    criteria: tuple[str, ...] = ("reliability", "teamwork"), languages: tuple[str, ...] = ("en",), **fields: Any
) -> Questionnaire:
    """A questionnaire with `criteria`, each about Empathy, in each of `languages`."""
    name = fields.pop("name", f"Questionnaire {next(_numbers)}")
    questionnaire = Questionnaire.objects.create(name=name, **fields)
    for position, key in enumerate(criteria):
        row = Criterion.objects.create(questionnaire=questionnaire, key=key, position=position)
        row.competencies.set([make_competency()])
        CriterionWords.objects.bulk_create(_words(row, language) for language in languages)
    return questionnaire


def make_reference_plan(plan: HiringPlan, **fields: Any) -> ReferencePlan:
    """What an unlocked plan wants of references."""
    return ReferencePlan.objects.create(plan=plan, **fields)


def _words(row: Criterion, language: str) -> CriterionWords:
    name = f"{row.key.capitalize()} ({language})"
    return CriterionWords(
        criterion=row,
        language=language,
        name=name,
        meaning=f"What {name} means.",
        anchors=[f"{name}, level {level}" for level in range(1, 6)],
        example=f"One time that shows {name}",
    )
