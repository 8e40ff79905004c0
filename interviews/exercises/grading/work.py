"""What a grader sees of a candidate's work: the customers' mails with the answers, scrubbed, in an order of the
grader's own, and nothing that tells when it was written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from candidates.screening.masking import Identity
from candidates.screening.reading.marks import Piece
from interviews.exercises import paper
from interviews.exercises.grading.scrub import SHOWN, Scrubber
from interviews.exercises.models import Grading, Submission
from interviews.kits.models import CaseMail

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Turn:
    """What the customer wrote, and what was answered: in pieces, with marks where something is hidden."""

    said: str
    answer: list[Piece]
    late: list[Piece]  # what stood there in the end, where more was written after the time
    is_cut_short: bool

    @property
    def is_answered(self) -> bool:
        """Whether there is any word."""
        return any(piece.text.strip() for piece in self.answer)


@dataclass(frozen=True)
class Exchange:
    """One customer's mail and what came of it; `place` is which of all was answered first, second, ..."""

    number: int
    sender: str
    subject: str
    urgency: str | Promise
    turns: list[Turn] = field(default_factory=list)
    place: int | None = None


class Work:
    """The work of a grading, for its page: nothing is read or scrubbed before it is asked for."""

    def __init__(self, grading: Grading) -> None:
        self.grading, self.submission = grading, grading.submission
        self.content: dict[str, Any] = self.submission.wording.content["exercise"]
        self.case: dict[str, Any] = self.content["case"]

    @property
    def code_name(self) -> str:
        """How the writer is called."""
        return self.submission.code_name

    @property
    def minutes_late(self) -> int:
        """By how much it came after its time, rounded up; 0 when it was in time."""
        return minutes_late(self.submission)

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """Each mail with its answers, shuffled for this grader, and the same at each visit."""
        written, scrubber = paper.Paper(self.submission), Scrubber(_identity(self.submission), _given(self.content))
        places = _places(written)
        urgencies = {mail["number"]: CaseMail.Urgency(mail["urgency"]).label for mail in self.case["mails"]}
        told = [
            Exchange(
                number=one.number,
                sender=one.sender,
                subject=one.subject,
                urgency=urgencies.get(one.number, ""),
                turns=[_turn(turn, scrubber) for turn in one.turns],
                place=places.get(one.number),
            )
            for one in written.conversations
        ]
        random.Random(self.grading.shuffle).shuffle(told)
        return told

    @property
    def is_ordered(self) -> bool:
        """Whether there was a choice of whom to answer first."""
        return len(self.case["mails"]) > 1


def minutes_late(submission: Submission) -> int:
    """By how much work was handed in after its time, rounded up to minutes; 0 when it was in time."""
    if not (submission.is_late and submission.posted_at and submission.ends_at):
        return 0
    return -((submission.ends_at - submission.posted_at) // MINUTE)


def _identity(submission: Submission) -> Identity:
    person = submission.application.candidate
    return Identity(person.name, person.email, person.phone)


def _given(content: dict[str, Any]) -> Iterator[str]:
    """The texts that the candidate worked with."""
    case = content["case"]
    yield from (content["text"], case["situation"], case["facts"])
    for mail in case["mails"]:
        yield from (mail["sender"], mail["subject"], mail["text"], mail["writes_back"])


def _places(written: paper.Paper) -> dict[int, int]:
    """Which mail was answered first, second, ... by when its first answer was sent; no times."""
    first = [turn.reply for turn in written.turns if turn.box.turn == 1 and turn.reply]
    sent = sorted((reply.sent_at, reply.pk, reply.mail) for reply in first if reply.sent_at)
    return {mail: place for place, (_at, _pk, mail) in enumerate(sent, start=1)}


def _turn(turn: paper.Turn, scrubber: Scrubber) -> Turn:
    late = turn.reply.late_text if turn.reply else ""
    return Turn(
        said=turn.text,
        answer=scrubber.pieces(turn.written),
        late=scrubber.pieces(late),
        is_cut_short=max(len(turn.written), len(late)) > SHOWN,
    )
