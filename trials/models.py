"""All models of the app, for Django; each is written in the room of its noun."""

from trials.afterwards.models import DevelopmentItem, DevelopmentPlan, DevelopmentShare, Pulse
from trials.approvals.models import Approval
from trials.check_ins.models import CheckIn, CheckInCard, EarlyWarning, OwnView
from trials.figures.models import (
    Agent,
    Figure,
    FigureFetch,
    FigureImport,
    FigureMapping,
    RefusedRow,
)
from trials.letters.models import LetterTemplate, OfferLetter
from trials.offering.models import Pause, Trial
from trials.planning.models import FigureTarget, PlannedCheckIn, TrialPlan, TrialWeek
from trials.verdicts.models import Verdict, VerdictDraft

__all__ = [
    "Agent",
    "Approval",
    "CheckIn",
    "CheckInCard",
    "DevelopmentItem",
    "DevelopmentPlan",
    "DevelopmentShare",
    "EarlyWarning",
    "Figure",
    "FigureFetch",
    "FigureImport",
    "FigureMapping",
    "FigureTarget",
    "LetterTemplate",
    "OfferLetter",
    "OwnView",
    "Pause",
    "PlannedCheckIn",
    "Pulse",
    "RefusedRow",
    "Trial",
    "TrialPlan",
    "TrialWeek",
    "Verdict",
    "VerdictDraft",
]
