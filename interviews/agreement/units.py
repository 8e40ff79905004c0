"""What raters are compared on: units, read from locked scorecards as a stream.

A unit is one thing that at least two people judged independently: one application on one competency on one occasion.
What counts as the same occasion depends on the kind of judgement:

- an interview: all conversations of the application, held together or one by one, since its traits are what is rated;
- written work: one work, whose graders read the same text;
- a check-in: the colleagues who were asked on the same day;
- a coded step: one conversation (or work), since a step is something that was said there, or not.

Only such units tell agreement: judgements of different people or occasions differ because the people do
(Krippendorff, Content Analysis, 4th ed. 2018, ch. 12: reliability data are multiple descriptions of the same units).
For the same reason these are left out:

- what candidates say of themselves, and referees, who judge another time and place by criteria of their own;
- the third grader, who is only asked where two differed: they would be compared on the hard cases alone;
- a rater's second judgement of the same unit, and every revision: the first lock alone was given blind;
- applications about which somebody still owes a judgement. So nothing here, not even an average that moves, tells a
  rater what others think of somebody whom they have yet to judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from candidates.models import Ask, Rating, Scorecard
from interviews.cards.models import StepCoding
from interviews.kits.models import DeescalationStep

Kind = Scorecard.Kind
COMPARED = (Kind.LETTER, Kind.PHONE, Kind.INTERVIEW, Kind.EXERCISE, Kind.CHECK_IN)
CHUNK = 2000
Raters = dict[str, int]  # who: the place of their score on the scale, from 0


@dataclass(frozen=True)
class Line:
    """One row of the report: what is judged. `sort` is "competency", "exercise" or "step".

    `group` is the occasion's kind or the exercise's name; `name` is empty for an exercise as a whole.
    """

    sort: str
    group: str
    name: str
    position: int = 0

    @property
    def values(self) -> int:
        """How many answers there are: five scores, or yes and no."""
        return 2 if self.sort == "step" else 5


@dataclass
class Units:
    """All lines with their units, each with who gave which score."""

    lines: dict[Line, dict[Any, Raters]] = field(default_factory=lambda: defaultdict(dict))
    names: dict[str, str] = field(default_factory=dict)

    def add(self, line: Line, unit: Any, rater: str, value: int) -> None:
        """Keep a score; a rater's first one on a unit stays."""
        self.lines[line].setdefault(unit, {}).setdefault(rater, value)

    def pairable(self, line: Line) -> list[Raters]:
        """The units of `line` that at least two people rated."""
        return [raters for raters in self.lines[line].values() if len(raters) > 1]


def read() -> Units:
    """All units of all jobs, in a few queries whose rows are streamed."""
    units = Units()
    for row in _ratings():
        _add_rating(units, *row)
    steps = dict(DeescalationStep.objects.values_list("number", "name"))
    for row in _codings():
        _add_coding(units, steps, *row)
    return units


def owed() -> QuerySet[Ask, Any]:
    """The applications about which a judgement is still out, whether or not its time has come."""
    return Ask.objects.open().filter(scorecard__isnull=False).values("application")


def who(email: str, name: str) -> str:
    """By what a rater is known: the address they were asked at, whatever its letters' size."""
    return email.casefold() or name


def _closed(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """What may be compared, the earliest lock first."""
    whole = rows.exclude(scorecard__application__in=owed()).exclude(scorecard__grading__is_third=True)
    judged = whole.filter(scorecard__locked_at__isnull=False, scorecard__application__duplicate_of=None)
    return judged.order_by("scorecard__locked_at", "scorecard_id", "pk")


def _ratings() -> Iterator[Any]:
    rows = Rating.objects.filter(scorecard__kind__in=COMPARED, competency__isnull=False, score__isnull=False)
    colleagues = _closed(rows).exclude(scorecard__ask__role=Ask.Role.CANDIDATE)
    return colleagues.values_list(
        "scorecard__kind", "scorecard__application", "scorecard__ask__email", "scorecard__rater_name",
        "scorecard__ask__due_at", "scorecard__grading__submission",
        "scorecard__grading__submission__exercise__name", "competency__name", "competency__position", "score",
    ).iterator(chunk_size=CHUNK)  # fmt: skip


def _add_rating(
    units: Units, kind: str, application: int, email: str, name: str, due: Any, work: int | None, exercise: str,
    trait: str, position: int, score: int,
) -> None:  # fmt: skip
    rater = who(email, name)
    units.names[rater] = name
    occasion = {Kind.EXERCISE: work or application, Kind.CHECK_IN: (application, due)}.get(Kind(kind), application)
    units.add(Line("competency", kind, trait, position), occasion, rater, score - 1)
    if work:
        units.add(Line("exercise", exercise, trait, position + 1), work, rater, score - 1)
        units.add(Line("exercise", exercise, ""), (work, trait), rater, score - 1)


def _codings() -> Iterator[Any]:
    answered = StepCoding.objects.filter(answer__in=[StepCoding.Answer.YES, StepCoding.Answer.NO])
    return (
        _closed(answered)
        .values_list(
            "scorecard__application", "scorecard__panelist__interview", "scorecard__grading__submission",
            "scorecard__ask__email", "scorecard__rater_name", "step", "answer",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip


def _add_coding(
    units: Units, steps: dict[int, str], application: int, interview: int | None, work: int | None, email: str,
    name: str, step: int, answer: str,
) -> None:  # fmt: skip
    rater = who(email, name)
    units.names[rater] = name
    line = Line("step", "", f"{step} {steps.get(step, '')}".strip(), step)
    units.add(line, (application, interview, work), rater, int(answer == StepCoding.Answer.YES))


def counted(units: Iterable[Raters], values: int) -> list[list[int]]:
    """For each unit how many raters gave each value: the form in which agreement is computed."""
    rows = []
    for raters in units:
        row = [0] * values
        for value in raters.values():
            row[value] += 1
        rows.append(row)
    return rows
