"""A questionnaire as one text in one language: what a reference is judged by and keeps."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from candidates.judging.models import Scorecard
from references.questionnaire import CRITERIA
from references.questionnaires.models import Criterion, CriterionWords, Questionnaire


def of(questionnaire: Questionnaire | None, language: str) -> dict[str, Any]:
    """The words that a referee who speaks `language` is asked with.

    A criterion without words in that language is asked in the company's first language, else in any that it has; one
    without any words is left out. Without a questionnaire, or with one that was emptied, the three dimensions are
    asked that we ship.

    Returns:
        {"competencies": [], "minutes": int, "criteria": [{"key", "name", "meaning", "anchors": [5], "example",
        "competencies": [keys]}, ...]}
    """
    told = _of_rows(questionnaire, language) if questionnaire else []
    minutes = questionnaire.minutes if questionnaire else 6
    return {"competencies": [], "minutes": minutes, "criteria": told or shipped(language)}


def criteria(card: Scorecard) -> list[dict[str, Any]]:
    """What `card` is judged by. One from before wordings were kept is judged by what we shipped then."""
    kept = card.wording.content.get("criteria") if card.wording else None
    return kept or shipped(card.ask.language)


def shipped(language: str) -> list[dict[str, Any]]:
    """The three dimensions that we ship, in the words of `language`."""
    with translation.override(language):
        return [
            {
                "key": one.key,
                "name": str(one.name),
                "meaning": str(one.meaning),
                "anchors": [str(anchor) for anchor in one.anchors],
                "example": str(one.example),
                "competencies": [],
            }
            for one in CRITERIA
        ]


def _of_rows(questionnaire: Questionnaire, language: str) -> list[dict[str, Any]]:
    rows = questionnaire.criteria.prefetch_related("words", "competencies")
    return [_told(row, words) for row in rows if (words := _chosen(row, language))]


def _chosen(row: Criterion, language: str) -> CriterionWords | None:
    by_language = {words.language: words for words in row.words.all()}
    first = by_language.get(language) or by_language.get(settings.LANGUAGE_CODE)
    return first or next(iter(by_language.values()), None)


def _told(row: Criterion, words: CriterionWords) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": words.name,
        "meaning": words.meaning,
        "anchors": list(words.anchors),
        "example": words.example,
        "competencies": [one.pk for one in row.competencies.all()],
    }
