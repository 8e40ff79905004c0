"""All models of the app, for Django; each is written in the room of its noun."""

from candidates.jobs.models import Competency, HiringPlan, Job, PlanCompetency, PlanStage
from candidates.judging.models import Rating, Scorecard
from candidates.people.models import Application, Candidate, Document, Event, Note
from candidates.post.models import Ask, Message
from candidates.staff.models import User
from candidates.stages import CLOSED, OPEN, Stage

__all__ = [
    "CLOSED",
    "OPEN",
    "Application",
    "Ask",
    "Candidate",
    "Competency",
    "Document",
    "Event",
    "HiringPlan",
    "Job",
    "Message",
    "Note",
    "PlanCompetency",
    "PlanStage",
    "Rating",
    "Scorecard",
    "Stage",
    "User",
]
