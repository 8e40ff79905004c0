"""The typical courses of an application through the pipeline, and what each leaves behind: events, asks, mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from candidates.judging.models import Scorecard
from candidates.post.models import Ask
from candidates.stages import OPEN, Stage


@dataclass(frozen=True)
class Way:
    """One course: how many of a thousand applications take it, and in the job with the large pipeline; its stages."""

    share: int
    share_of_large: int
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Step:
    """An event of a way; `came_from` is None when it is no move."""

    way: int
    position: int
    name: str
    came_from: str | None


@dataclass(frozen=True)
class Request:
    """Something that a way asked somebody for at its event `position`, and what became of it."""

    way: int
    position: int
    stage: str
    page: str
    template: str
    role: str
    kind: str
    outcome: str


def _through(*stages: Stage) -> tuple[Stage, ...]:
    return (Stage.APPLIED, *stages)


S = Stage
WAYS = (
    Way(120, 550, _through()),
    Way(60, 250, _through(S.SCREENING)),
    Way(40, 120, _through(S.SCREENING, S.INTERVIEWS)),
    Way(20, 50, _through(S.SCREENING, S.INTERVIEWS, S.REFERENCES)),
    Way(10, 30, _through(S.SCREENING, S.INTERVIEWS, S.REFERENCES, S.TRIAL)),
    Way(30, 0, _through(S.SCREENING, S.INTERVIEWS, S.REFERENCES, S.TRIAL, S.HIRED)),
    Way(250, 0, _through(S.REJECTED)),
    Way(220, 0, _through(S.SCREENING, S.REJECTED)),
    Way(150, 0, _through(S.SCREENING, S.INTERVIEWS, S.REJECTED)),
    Way(100, 0, _through(S.SCREENING, S.WITHDRAWN)),
)

# What opening a stage asks for: page, template, role, kind of scorecard ("" when it is none).
ASKED = {
    Stage.SCREENING: (
        (
            "screening:letter",
            "screening/letter",
            Ask.Role.RECRUITER,
            Scorecard.Kind.LETTER,
        ),
        (
            "screening:phone",
            "screening/phone",
            Ask.Role.RECRUITER,
            Scorecard.Kind.PHONE,
        ),
    ),
    Stage.INTERVIEWS: (
        (
            "interviews:scorecard",
            "interviews/scorecard",
            Ask.Role.INTERVIEWER,
            Scorecard.Kind.INTERVIEW,
        ),
        (
            "interviews:scorecard",
            "interviews/scorecard",
            Ask.Role.INTERVIEWER,
            Scorecard.Kind.INTERVIEW,
        ),
    ),
    Stage.REFERENCES: (
        (
            "references:name_referees",
            "references/name_referees",
            Ask.Role.CANDIDATE,
            "",
        ),
    ),
    Stage.TRIAL: (("trials:check_in", "trials/check_in", Ask.Role.BUDDY, Scorecard.Kind.CHECK_IN),),
}


def steps() -> Iterator[Step]:
    """The events of every way, in order."""
    for number, way in enumerate(WAYS):
        yield from (Step(number, position, *event) for position, event in enumerate(_events(way)))


def requests() -> Iterator[Request]:
    """What every way asked for."""
    for number, way in enumerate(WAYS):
        for place, stage in enumerate(way.stages):
            position = _position(way, stage)
            for page, template, role, kind in ASKED.get(stage, ()):
                yield Request(
                    number,
                    position,
                    stage,
                    page,
                    template,
                    role,
                    kind,
                    _outcome(way, place),
                )


def final(way: Way) -> tuple[Stage, int]:
    """The present stage of a way, and the position of the move that led to it."""
    return way.stages[-1], _position(way, way.stages[-1])


def is_open(way: Way) -> bool:
    """Whether it has not come to its end."""
    return way.stages[-1] in OPEN


def _events(way: Way) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for place, stage in enumerate(way.stages):
        found.append((f"stage.{stage}", way.stages[place - 1] if place else ""))
        if place < len(way.stages) - 1:
            found += _between(stage, way.stages[place + 1])
    return found


def _between(stage: Stage, following: Stage) -> list[tuple[str, str | None]]:
    """What happened in a stage that was left: both judged, or one before it came to nothing."""
    if stage not in (Stage.SCREENING, Stage.INTERVIEWS):
        return []
    if following in OPEN:
        return [
            ("scorecard.locked", None),
            ("scorecard.locked", None),
            (f"{stage}.complete", None),
        ]
    return [("scorecard.locked", None)]


def _position(way: Way, stage: Stage) -> int:
    return [name for name, _came_from in _events(way)].index(f"stage.{stage}")


def _outcome(way: Way, place: int) -> str:
    if place == len(way.stages) - 1:
        return "open"
    return "answered" if way.stages[place + 1] in (*OPEN, Stage.HIRED) else "cancelled"
