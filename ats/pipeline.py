"""The whole process on one page: which button opens which stage, by which form and which verb.

The desk builds its buttons from `MOVES` (what is possible) and `STEPS` (how it is done).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ats import gate
from ats.forms import BackForm, RejectForm, WithdrawForm
from ats.gate import ReferencesFirst
from ats.rejections import actions as rejections
from candidates import pipeline
from candidates.jobs import actions as jobs
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import MOVES
from candidates.post import holding, mail
from candidates.screening import actions as screening
from candidates.screening.forms import ScreeningForm
from candidates.stages import OPEN, Stage
from candidates.steps import StepForm
from interviews import actions as interviews
from interviews.forms import InviteForm
from references import actions as references
from references.naming.forms import RefereesForm
from trials import actions as trials
from trials.approvals.forms import ApprovalForm
from trials.models import Approval, Trial
from trials.offering.forms import TrialForm

Verb = Callable[..., object]


@dataclass(frozen=True)
class Step:
    """A button: its words, the form that asks what the verb needs, the verb.

    The verb takes the application, `at`, `by` and what the form's `arguments()` give.
    """

    label: str | Promise
    form: type[StepForm]
    verb: Verb


reject = rejections.reject  # at once; the button and bulk take `rejections.decide`, which can wait for an undo


@transaction.atomic
def withdraw(application: Application, *, at: datetime, by: Actor, reason: str = "") -> None:
    """End the way because the candidate wants so; they get a mail that says that it is done."""
    event = pipeline.move(application, Stage.WITHDRAWN, at=at, by=by, reason=reason)
    mail.queue(application, "candidates/withdrawn", key=f"move:{event.pk}", at=at)


@transaction.atomic
def approve(approval: Approval, *, at: datetime, by: Actor) -> None:
    """A manager who neither led the trial nor asked for the approval says yes.

    The last yes of a request hires; where the request names another manager, that one is asked instead. A job whose
    openings are filled by the hire is closed, and its recruiters learn how many wait for an answer: nobody is
    rejected by that.

    Raises:
        NotAllowed: not theirs to approve, decided before, or moved meanwhile.
    """
    application = approval.trial.application
    if trials.approve(approval, at=at, by=by):
        return
    event = pipeline.move(application, Stage.HIRED, at=at, by=by, approval=approval.pk)
    wait = holding.undo_time()
    mail.queue(application, "candidates/hired", key=f"move:{event.pk}", at=at, solemn=True, wait=wait)
    trials.plan_pulses(approval.trial, at=at)
    if jobs.close_when_filled(application.job, at=at, by=by):
        _tell_of_closing(application, at=at, by=by)


def _tell_of_closing(application: Application, *, at: datetime, by: Actor) -> None:
    """Mail the recruiters that the job is filled, and how many have had no answer."""
    job = application.job
    waiting = job.applications.open().count()
    pipeline.record(application, "job.filled", at=at, by=by, waiting=waiting)
    path = f"{reverse('admin:candidates_application_changelist')}?job={job.pk}"
    told = {"waiting": waiting, "openings": job.openings, "url": settings.SITE_URL + path}
    for recruiter in job.recruiters.filter(is_active=True).exclude(email=""):
        key = f"filled:{application.pk}:{recruiter.pk}"
        data = told | {"name": str(recruiter)}
        mail.queue_to_colleague(application, "trials/filled", recruiter, key=key, at=at, data=data)


class BeginTrialForm(ReferencesFirst, TrialForm):
    """What a trial needs, and why it begins where references are missing."""


@transaction.atomic
def begin_trial(
    application: Application,
    *,
    is_agreed: bool = True,
    starts_until: date | None = None,
    references_reason: str = "",
    at: datetime,
    by: Actor,
    **told: Any,
) -> Trial:
    """Offer a trial, or begin one that was agreed, once its references are enough or somebody says why without them.

    Args:
        is_agreed: whether the candidate has said yes already; else they are asked by link.
        starts_until: of an offer, the latest first day that they may choose.
        references_reason: why it begins although references are missing.
        told: as of `trials.begin`.

    Raises:
        NotAllowed: see `gate.pass_references`, `trials.offer` and `trials.begin`.
    """
    gate.pass_references(application, reason=references_reason, at=at, by=by)
    if is_agreed:
        return trials.begin(application, at=at, by=by, **told)
    return trials.offer(application, starts_until=starts_until, at=at, by=by, **told)


@transaction.atomic
def step_back(application: Application, *, to: Stage, reason: str, at: datetime, by: Actor) -> None:
    """Return to the stage before; what the left stage was waiting for is cancelled, nobody gets a mail."""
    pipeline.move(application, to, at=at, by=by, reason=reason)


STEPS: dict[Stage, Step] = {
    Stage.SCREENING: Step(_("Begin screening"), ScreeningForm, screening.begin),
    Stage.INTERVIEWS: Step(_("Invite to interview"), InviteForm, interviews.invite),
    Stage.REFERENCES: Step(_("Ask for referees"), RefereesForm, references.request_referees),
    Stage.TRIAL: Step(_("Offer a trial"), BeginTrialForm, begin_trial),
    Stage.HIRED: Step(_("Ask for approval to hire"), ApprovalForm, trials.request_approval),
    Stage.REJECTED: Step(_("Reject"), RejectForm, rejections.decide),
    Stage.WITHDRAWN: Step(_("Candidate withdrew"), WithdrawForm, withdraw),
}
BACK = Step(_("Step back"), BackForm, step_back)


def step(application: Application, to: Stage) -> Step:
    """How `application` gets to the stage `to`; stages lie in the order of the process: an earlier is a way back."""
    order = list(Stage)
    if to in OPEN and order.index(to) < order.index(Stage(application.stage)):
        return BACK
    return STEPS[to]


def steps(application: Application) -> dict[Stage, Step]:
    """The buttons of `application`, in the order of the process."""
    allowed = MOVES[Stage(application.stage)]
    return {to: step(application, to) for to in Stage if to in allowed}


def take(application: Application, to: Stage, *, at: datetime, by: Actor, arguments: dict[str, Any]) -> None:
    """Call the verb behind the button; raises what the verb raises."""
    chosen = step(application, to)
    extra = {"to": to} if chosen is BACK else {}
    chosen.verb(application, at=at, by=by, **arguments, **extra)
