"""Where words about a person stand, and what stands there once they are erased.

A row that is nothing but words goes; one that a report counts stays without them: scores, stages and times tell
nobody who it was. A test plants a word in every column of every table and fails on one that is named neither here nor
in its own list of what may stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from ats.automation.models import Firing
from ats.importing.models import ImportRow
from ats.rejections.models import PlannedRejection
from candidates.judging.models import Decision, Rating, Revision, Scorecard
from candidates.people.actors import ActorKind
from candidates.people.models import Answer, Application, DataRequest, Event, Note
from candidates.post.inbound.models import DeliveryReport, Reply
from candidates.post.models import Ask, Message
from candidates.post.to_dos.models import ToDo
from candidates.screening.models import LetterPrint
from interviews.models import Interview, KitAnswer, Panelist, StepCoding, Submission
from interviews.models import Reply as WrittenReply
from references.models import Flag, Referee, Reference
from trials.models import (
    Agent,
    Approval,
    DevelopmentItem,
    DevelopmentPlan,
    DevelopmentShare,
    EarlyWarning,
    OfferLetter,
    OwnView,
    Pause,
    Pulse,
    Trial,
    Verdict,
    VerdictDraft,
)

NOBODY = "Erased person"  # in the place of the name; kept in English, as what the timeline tells
A_REFEREE = "A referee"
ERASED = "erased"  # where the database wants some word
NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,4})?|\d{4}-\d\d-\d\d(T[\d:.+Z-]+)?")  # scores, shares, days and times
STAGES = frozenset({"applied", "screening", "interviews", "references", "trial", "hired", "rejected", "withdrawn"})


def without_words(data: Any) -> Any:
    """What JSON holds without what people wrote: its form, numbers, days, times and stages stay."""
    if isinstance(data, str):
        return data if data in STAGES or NUMBER.fullmatch(data) else ""
    if isinstance(data, list):
        return [without_words(one) for one in data]
    if isinstance(data, dict):
        return {key: without_words(value) for key, value in data.items()}
    return data


def some_word(text: str) -> str:
    """What stands for words where none is told from some."""
    return text and ERASED


EVERY = Q()


@dataclass(frozen=True)
class Place:
    """Rows about applications, by the way to them; they go, or some of their columns become something else."""

    model: type[Model]
    way: str
    becomes: dict[str, Any] | None = None  # a value, or a function of the old one; without, the row goes
    only: Q = EVERY

    @property
    def values(self) -> dict[str, Any]:
        """The columns that become the same in every row."""
        return {name: value for name, value in (self.becomes or {}).items() if not callable(value)}

    @property
    def functions(self) -> dict[str, Callable[[Any], Any]]:
        """The columns that become something that hangs on what stood there."""
        return {name: value for name, value in (self.becomes or {}).items() if callable(value)}


OF_CANDIDATE = Q(role=Ask.Role.CANDIDATE)
BY_CANDIDATE = Q(ask__role=Ask.Role.CANDIDATE)
ENDED = Q(status__in=[Message.Status.SENT, Message.Status.CANCELLED])  # what still waits tells nothing of them
UNSAID: dict[str, Any] = {
    "subject": ERASED, "text": "", "html": "", "data": {}, "calendar": "", "own_words": None, "error": "",
    "to": "", "message_id": "", "link": "", "returned": "",
}  # fmt: skip
NO_REFEREE = {
    "name": A_REFEREE, "company": "", "phone": "", "network": "", "browser": "", "worked_from": None,
    "worked_until": None,
}  # fmt: skip
NO_REFERENCE = {
    "role": "", "decline_note": "", "network": "", "browser": "", "worked_from": None, "worked_until": None,
}  # fmt: skip

# In this order: what points to other rows goes before them.
PLACES = (
    Place(DeliveryReport, "message__application"),
    Place(Reply, "answers__application"),
    Place(Reply, "application"),
    Place(LetterPrint, "application"),
    Place(Answer, "application"),
    Place(Note, "application"),
    Place(OfferLetter, "application"),
    Place(DevelopmentShare, "plan__application"),
    Place(DevelopmentItem, "plan__application"),
    Place(DevelopmentPlan, "application"),
    Place(VerdictDraft, "ask__application"),
    Place(Application, "pk", {"letter": "", "link": {}, "referrer": None}),
    Place(Ask, "application", {"name": NOBODY, "email": ""}, OF_CANDIDATE),
    Place(Ask, "application", {"name": A_REFEREE, "email": ""}, Q(role=Ask.Role.REFEREE)),
    Place(Ask, "application", {"title": ERASED}),
    Place(Message, "application", UNSAID, ENDED),
    Place(ToDo, "ask__application", {"words": "", "outcome": ""}),
    Place(Event, "application", {"data": without_words}),
    Place(Event, "application", {"by_name": NOBODY}, Q(by_kind=ActorKind.CANDIDATE)),
    Place(Scorecard, "application", {"summary": ""}),
    Place(Scorecard, "application", {"rater_name": NOBODY}, BY_CANDIDATE),
    Place(Scorecard, "application", {"rater_name": A_REFEREE}, Q(ask__role=Ask.Role.REFEREE)),
    Place(Rating, "scorecard__application", {"evidence": ""}),
    Place(Revision, "scorecard__application", {"reason": ERASED, "summary": "", "scores": without_words}),
    Place(Revision, "scorecard__application", {"by_name": NOBODY}, Q(scorecard__ask__role=Ask.Role.CANDIDATE)),
    Place(Decision, "application", {"reason": ERASED, "data": without_words}),
    Place(Firing, "application", {"reason": "", "data": without_words}),
    Place(PlannedRejection, "application", {"reason": "", "by_data": without_words}),
    Place(ImportRow, "application", {"name": NOBODY, "reason": ""}),
    Place(Interview, "application", {"place": ERASED, "video_link": ""}),
    Place(Panelist, "interview__application", {"released_because": ""}),
    Place(KitAnswer, "scorecard__application", {"notes": ""}),
    Place(StepCoding, "scorecard__application", {"quote": ""}),
    Place(Submission, "application", {"graders": []}),
    Place(WrittenReply, "submission__application", {"text": "", "late_text": ""}),
    Place(Referee, "application", NO_REFEREE),
    Place(Reference, "referee__application", NO_REFERENCE),
    Place(Flag, "reference__referee__application", {"data": without_words, "note": ""}),
    Place(Trial, "application", {"decline_reason": "", "end_reason": some_word, "terms": without_words}),
    Place(Pause, "trial__application", {"reason": ERASED}),
    Place(EarlyWarning, "trial__application", {"data": without_words, "note": ""}),
    Place(OwnView, "card__scorecard__application", {"words": ""}),
    Place(Approval, "trial__application", {"reason": some_word}),
    Place(Verdict, "trial__application", {"evidence": ERASED, "grounds": without_words}),
    Place(Pulse, "application", {"words": ""}),
    Place(Agent, "application", {"name": "", "email": ""}),
    Place(DataRequest, "application", {}),  # nothing is written there; the log of the desk calls it by their name
)
