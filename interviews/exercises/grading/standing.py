"""Who grades a written work as things stand, and whether somebody more is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from candidates.models import Rating
from interviews.exercises.models import Grading, Submission

APART = 2  # points between two scores from which a third grader is asked


def is_missing_one(submission: Submission) -> bool:
    """Whether work that was handed in has fewer graders than it needs."""
    if submission.posted_at is None:
        return False
    return len(first_ones(submission)) < submission.raters or needs_third(submission)


def needs_third(submission: Submission) -> bool:
    """Whether the first graders are all in and differ, and nobody has been asked for that yet."""
    first = first_ones(submission)
    if len(first) < 2 or not all(grading.scorecard.is_locked for grading in first):
        return False
    if standing(submission).filter(is_third=True).exists():
        return False
    ratings = Rating.objects.filter(scorecard__in=[grading.scorecard_id for grading in first])
    lines: defaultdict[int, dict[int, int | None]] = defaultdict(dict)
    for competency, card, score in ratings.exclude(competency=None).values_list("competency", "scorecard", "score"):
        lines[competency][card] = score
    return any(differs(line.get(grading.scorecard_id) for grading in first) for line in lines.values())


def differs(scores: Iterable[int | None]) -> bool:
    """Whether graders differ so much on one line that a third should look.

    By two points or more; or one found nothing to rate (None) where another rated: all read the same words.
    """
    given = list(scores)
    told = [score for score in given if score is not None]
    return 0 < len(told) < len(given) or (bool(told) and max(told) - min(told) >= APART)


def first_ones(submission: Submission) -> list[Grading]:
    """Those of them who were asked at first."""
    return list(standing(submission).filter(is_third=False).select_related("scorecard"))


def standing(submission: Submission) -> QuerySet[Grading]:
    """Those who grade it or have: neither recused, nor cancelled when the application left the stage."""
    return submission.gradings.filter(recused_at=None, scorecard__ask__cancelled_at=None)
