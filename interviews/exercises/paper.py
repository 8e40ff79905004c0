"""A written exercise as its candidate sees it: the case in the words it was sent with, the customers' mails, the boxes.

Graders' words (what a complete answer has, the urgency of a mail, the guide) are not read here.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from candidates.models import Application
from interviews.exercises.models import Reply, Submission
from interviews.kits.models import Exercise

ONLY = 1  # the number of the one box of an exercise without customers' mails


class Box(NamedTuple):
    """Where an answer is written: to which mail, to its first text or to what the customer wrote back."""

    mail: int
    turn: int = 1

    @property
    def name(self) -> str:
        """How forms and pages call it."""
        return f"{self.mail}_{self.turn}"


@dataclass(frozen=True)
class Turn:
    """What the customer wrote, and the answer so far."""

    box: Box
    text: str
    reply: Reply | None

    is_sent: bool  # by itself: it stays as it is

    @property
    def written(self) -> str:
        """The answer so far."""
        return self.reply.text if self.reply else ""


@dataclass(frozen=True)
class Conversation:
    """One customer: their mail, and what was written to and fro."""

    number: int
    sender: str
    subject: str
    turns: list[Turn]

    @property
    def is_answered(self) -> bool:
        """Whether nothing of this customer waits for an answer."""
        return all(turn.is_sent for turn in self.turns)


class Paper:
    """The page that a candidate writes on."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.exercise: dict[str, Any] = submission.wording.content["exercise"]
        self.case: dict[str, Any] = self.exercise["case"]
        self.replies = {Box(reply.mail, reply.turn): reply for reply in submission.replies.all()}
        self.conversations = [self._conversation(mail) for mail in self._mails()]

    @property
    def is_inbox(self) -> bool:
        """Whether there are several customers, or one who writes back: then each answer is sent by itself."""
        mails = self._mails()
        is_inbox: bool = self.exercise["exercise_kind"] == Exercise.Kind.INBOX
        return is_inbox or len(mails) > 1 or any(mail["writes_back"] for mail in mails)

    @property
    def turns(self) -> Iterator[Turn]:
        """Everything that a customer wrote so far, in order."""
        for conversation in self.conversations:
            yield from conversation.turns

    @property
    def has_late(self) -> bool:
        """Whether something came after the time."""
        return any(reply.late_text for reply in self.replies.values())

    @property
    def open(self) -> dict[Box, Turn]:
        """Where can still be written."""
        return {turn.box: turn for turn in self.turns if not turn.is_sent}

    @property
    def known(self) -> dict[Box, Turn]:
        """All that the candidate can see."""
        return {turn.box: turn for turn in self.turns}

    def _mails(self) -> list[dict[str, Any]]:
        alone = {"number": ONLY, "sender": "", "subject": "", "text": "", "writes_back": ""}
        return self.case["mails"] or [alone]

    def _conversation(self, mail: dict[str, Any]) -> Conversation:
        first = self._turn(Box(mail["number"], 1), mail["text"])
        turns = [first]
        if first.is_sent and mail["writes_back"]:
            turns.append(self._turn(Box(mail["number"], 2), mail["writes_back"]))
        return Conversation(mail["number"], mail["sender"], mail["subject"], turns)

    def _turn(self, box: Box, text: str) -> Turn:
        reply = self.replies.get(box)
        is_left = reply is not None and reply.sent_at is not None
        return Turn(box, text, reply, is_left and (self.is_inbox or self.submission.posted_at is None))


def mark(text: str) -> str:
    """A short sign of a text, by which a page says which text it knows; the page's script makes the same one."""
    told = text.encode("utf-8", "surrogatepass")
    return f"{len(told)}-{zlib.crc32(told):x}"


def own_email(application: Application) -> str | None:
    """The last answer that the candidate handed in, for the interviewer's live edit; None when there is none.

    Only for the page of an interview whose kit has a live edit: whoever reads it knows the work, and grades it no more.
    """
    handed_in = Reply.objects.filter(
        submission__application=application, submission__posted_at__isnull=False, submission__ask__cancelled_at=None
    ).exclude(text="")
    last = handed_in.order_by("submission__posted_at", "sent_at", "saved_at", "pk").last()
    return last.text if last else None
