"""All models of the app, for Django; each is written in the room of its noun."""

from candidates.careers.models import Draft
from candidates.company.models import Company, PrivacyNotice
from candidates.jobs.models import Competency, HiringPlan, Job, JobQuestion, PlanCompetency, PlanStage
from candidates.judging.models import Decision, Rating, Revision, Scorecard, Wording
from candidates.people.models import (
    Answer,
    Apart,
    Application,
    Candidate,
    DataRequest,
    Document,
    DocumentText,
    Event,
    Merge,
    Note,
)
from candidates.post.inbound.models import DeliveryReport, Reply
from candidates.post.models import Ask, MailText, Message
from candidates.post.reminding.models import Reminder
from candidates.post.to_dos.models import ToDo
from candidates.screening.models import CallSlot, LetterPrint
from candidates.sourcing.models import Invitation, PoolMember, Referrer
from candidates.staff.models import User
from candidates.stages import CLOSED, OPEN, Stage

__all__ = [
    "CLOSED",
    "OPEN",
    "Answer",
    "Apart",
    "Application",
    "Ask",
    "CallSlot",
    "Candidate",
    "Company",
    "Competency",
    "DataRequest",
    "Decision",
    "DeliveryReport",
    "Document",
    "DocumentText",
    "Draft",
    "Event",
    "HiringPlan",
    "Invitation",
    "Job",
    "JobQuestion",
    "LetterPrint",
    "MailText",
    "Merge",
    "Message",
    "Note",
    "PlanCompetency",
    "PlanStage",
    "PoolMember",
    "PrivacyNotice",
    "Rating",
    "Referrer",
    "Reminder",
    "Reply",
    "Revision",
    "Scorecard",
    "Stage",
    "ToDo",
    "User",
    "Wording",
]
