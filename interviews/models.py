"""All models of the app, for Django; each is written in the room of its noun."""

from interviews.agreement.models import AgreementReport
from interviews.availability.models import BusyTime, Interviewer, OfferedTime, WorkingHours
from interviews.cards.models import KitAnswer, StepCoding
from interviews.exercises.models import Grading, Reply, Submission
from interviews.kits.models import (
    Case,
    CaseMail,
    DeescalationStep,
    Exercise,
    Kit,
    KitPart,
    LadderRoute,
    Question,
    Round,
    RubricLine,
)
from interviews.scheduling.models import LONGEST, SHORTEST, Interview, Panelist

__all__ = [
    "LONGEST",
    "SHORTEST",
    "AgreementReport",
    "BusyTime",
    "Case",
    "CaseMail",
    "DeescalationStep",
    "Exercise",
    "Grading",
    "Interview",
    "Interviewer",
    "Kit",
    "KitAnswer",
    "KitPart",
    "LadderRoute",
    "OfferedTime",
    "Panelist",
    "Question",
    "Reply",
    "Round",
    "RubricLine",
    "StepCoding",
    "Submission",
    "WorkingHours",
]
