"""What the graders of an application's written work found, side by side.

It does not ask the firewall: the caller says which scorecards may be shown, and work of which none may be shown is
told by its state alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from candidates.models import Application, Scorecard
from interviews.exercises.grading.standing import differs
from interviews.exercises.grading.work import minutes_late
from interviews.exercises.models import Grading, Submission


@dataclass(frozen=True)
class Mark:
    """What one grader says on one line of the rubric; no score: not seen. `is_revised` when they locked another one."""

    score: int | None
    evidence: str
    is_revised: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the rubric in the words it was graded against; `marks` are in the order of `Graded.graders`."""

    competency: int
    name: str
    meaning: str
    anchors: tuple[str, ...]
    marks: tuple[Mark | None, ...]  # None: left out
    differed: bool = False  # as they were locked, between those who were asked at first

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

    `differed` says that the first two were so far apart that a third was to look.
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
        return any(line.differed for line in self.lines)

    @property
    def sides(self) -> list[tuple[Line, list[tuple[Grading, Mark | None]]]]:
        """The lines, each with who said what."""
        return [(line, list(zip(self.graders, line.marks, strict=True))) for line in self.lines]


def of(application: Application, *, cards: Iterable[int]) -> list[Graded]:
    """The handed-in works of `application`, each with its gradings among `cards`; the same number of queries for any.

    Args:
        cards: the keys of the locked scorecards that may be shown, as of `firewall.cards`.
    """
    shown = set(cards)
    works = application.submissions.exclude(posted_at=None).select_related("wording").prefetch_related("replies")
    gradings = Grading.objects.select_related("scorecard__ask").prefetch_related(
        "scorecard__ratings", "scorecard__revisions"
    )
    return [_graded(work, shown) for work in works.prefetch_related(Prefetch("gradings", gradings))]


def _graded(work: Submission, shown: set[int]) -> Graded:
    gradings = list(work.gradings.all())
    graders = tuple(one for one in gradings if one.scorecard_id in shown and one.scorecard.is_locked)
    waiting = sum(one.scorecard.ask.is_open for one in gradings)
    if not graders:
        return Graded(work, (), waiting)
    lines = [_line(words, graders) for words in work.wording.content["competencies"]]
    return Graded(work, graders, waiting, tuple(sorted(lines, key=lambda line: (not line.differed, -line.spread))))


def _line(words: dict[str, Any], graders: Iterable[Grading]) -> Line:
    key, gradings = words["key"], list(graders)
    locked = [_locked(one.scorecard, key) for one in gradings]
    marks = [_revised(one.scorecard, key, mark) for one, mark in zip(gradings, locked, strict=True)]
    first = [mark.score if mark else None for one, mark in zip(gradings, locked, strict=True) if not one.is_third]
    differed = len(first) > 1 and differs(first)
    return Line(key, words["name"], words["meaning"], tuple(words["anchors"]), tuple(marks), differed)


def _locked(card: Scorecard, competency: int) -> Mark | None:
    """What was locked."""
    found = next((one for one in card.ratings.all() if one.competency_id == competency), None)
    return Mark(found.score, found.evidence) if found else None


def _revised(card: Scorecard, competency: int, locked: Mark | None) -> Mark | None:
    """What counts today: the latest revision that was made blind, where it names the line."""
    blind = [one for one in card.revisions.all() if one.is_blind]
    rows = {row.get("competency"): row for row in blind[-1].scores} if blind else {}
    row = rows.get(competency)
    if row is None or (locked and (row.get("score"), row.get("evidence")) == (locked.score, locked.evidence)):
        return locked
    return Mark(row.get("score"), row.get("evidence", ""), is_revised=True)
