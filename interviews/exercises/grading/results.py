"""What the graders of an application's written work found, side by side.

It does not ask the firewall: the caller says which scorecards may be shown, and work of which none may be shown is
told by its state alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from candidates.models import Application, Rating, Scorecard
from interviews.exercises.grading.standing import differs
from interviews.exercises.grading.work import minutes_late
from interviews.exercises.models import Grading, Submission


@dataclass(frozen=True)
class Mark:
    """What one grader said on one line of the rubric; no score: not seen."""

    score: int | None
    evidence: str


@dataclass(frozen=True)
class Line:
    """One line of the rubric in the words it was graded against; `marks` are in the order of `Graded.graders`."""

    competency: int
    name: str
    meaning: str
    anchors: tuple[str, ...]
    marks: tuple[Mark | None, ...]  # None: left out

    @property
    def scores(self) -> list[int]:
        """The scores that were given."""
        return [mark.score for mark in self.marks if mark and mark.score is not None]

    @property
    def spread(self) -> int:
        """Between the lowest and the highest score."""
        return max(self.scores) - min(self.scores) if self.scores else 0


@dataclass(frozen=True)
class Graded:
    """One written work: its graders whose cards may be shown, the lines with the widest spread first.

    `differed` says that the first two were so far apart that a third was to look; `is_late` is a fact about the work.
    """

    submission: Submission
    graders: tuple[Grading, ...]
    waiting: int
    lines: tuple[Line, ...] = field(default=())

    @property
    def code_name(self) -> str:
        """How graders called its writer."""
        return self.submission.code_name

    @property
    def title(self) -> str:
        """The exercise and its case, as they were called when it was sent."""
        exercise = self.submission.wording.content["exercise"]
        return f"{exercise['title']}: {exercise['case']['name']}"

    @property
    def minutes_late(self) -> int:
        """By how much it was handed in after its time; 0 when in time."""
        return minutes_late(self.submission)

    @property
    def differed(self) -> bool:
        """Whether the graders who were asked at first differ on some line."""
        first = [place for place, grader in enumerate(self.graders) if not grader.is_third]
        return len(first) > 1 and any(differs(_scores(line, first)) for line in self.lines)


def of(application: Application, *, cards: Iterable[Scorecard]) -> list[Graded]:
    """The handed-in works of `application`, each with its gradings among `cards`; the same number of queries for any.

    Args:
        cards: the locked scorecards that may be shown, as of `firewall.cards`.
    """
    shown = {card.pk for card in cards}
    works = application.submissions.exclude(posted_at=None).select_related("wording")
    found = list(works.prefetch_related("gradings__scorecard__ratings", "gradings__scorecard__ask"))
    return [_graded(work, shown) for work in found]


def _graded(work: Submission, shown: set[int]) -> Graded:
    gradings = list(work.gradings.all())
    graders = tuple(one for one in gradings if one.scorecard_id in shown and one.scorecard.is_locked)
    waiting = sum(one.scorecard.ask.is_open for one in gradings)
    if not graders:
        return Graded(work, (), waiting)
    cards = [{rating.competency_id: rating for rating in one.scorecard.ratings.all()} for one in graders]
    lines = [_line(words, cards) for words in work.wording.content["competencies"]]
    return Graded(work, graders, waiting, tuple(sorted(lines, key=lambda line: -line.spread)))


def _line(words: dict[str, Any], cards: list[dict[int | None, Rating]]) -> Line:
    marks = [_mark(card.get(words["key"])) for card in cards]
    return Line(words["key"], words["name"], words["meaning"], tuple(words["anchors"]), tuple(marks))


def _mark(rating: Rating | None) -> Mark | None:
    return Mark(rating.score, rating.evidence) if rating else None


def _scores(line: Line, places: list[int]) -> list[int | None]:
    marks = [line.marks[place] for place in places]
    return [mark.score if mark else None for mark in marks]
