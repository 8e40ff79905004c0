"""Asking another manager for the last yes, and their answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import MovedMeanwhile, NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from candidates.staff.models import User
from candidates.stages import Stage
from trials.approvals.models import Approval
from trials.offering.models import Trial
from trials.verdicts.models import Verdict

MANAGERS = "Managers"  # the group whose members may approve a hire


@transaction.atomic
def request_approval(application: Application, *, approver: User, at: datetime, by: Actor) -> Approval:
    """Ask a manager to approve the hire; it moves nothing.

    Args:
        application: as the caller saw it.
        approver: see `approvers`; neither the leader of the trial nor who asks.
        at: now.
        by: who asks, a colleague.

    Raises:
        NotAllowed: no trial that was confirmed, not permitted, or asked before (`MovedMeanwhile`: moved).
    """
    locked = pipeline.lock(application)
    if (locked.stage, locked.stage_since) != (application.stage, application.stage_since):
        raise MovedMeanwhile(_("Somebody moved this application meanwhile."))
    trial, requester = _confirmed(locked), _requester(by)
    _check_approver(trial, approver, requester)
    _lapse(trial, at)
    if trial.approvals.filter(decision__in=["", Approval.Decision.APPROVE]).exists():
        raise NotAllowed(_("A manager has been asked already."))
    approval = trial.approvals.create(
        requested_by=requester,
        led_by=trial.leader,
        approver=approver,
        ask=_ask_for_approval(locked, approver, at=at, by=by),
        requested_at=at,
    )
    pipeline.record(locked, "trial.approval_requested", at=at, by=by, approval=approval.pk, approver=str(approver))
    return approval


def approvers(trial: Trial) -> QuerySet[User]:
    """Who may approve a hire after `trial`: active managers and administrators with an address, not its leader."""
    managers = User.objects.filter(groups__name=MANAGERS).values("pk")
    permitted = Q(is_superuser=True) | Q(pk__in=managers)
    return User.objects.filter(permitted, is_active=True, is_staff=True).exclude(email="").exclude(pk=trial.leader_id)


@transaction.atomic
def approve(approval: Approval, *, at: datetime, by: Actor) -> None:
    """Say yes. The move to hired is made by `ats.pipeline.approve` in the same transaction.

    Raises:
        NotAllowed: not theirs to approve, decided before, or moved meanwhile.
    """
    application = _close(approval, Approval.Decision.APPROVE, "", at=at, by=by)
    pipeline.record(application, "trial.approved", at=at, by=by, approval=approval.pk)


@transaction.atomic
def refuse(approval: Approval, reason: str, *, at: datetime, by: Actor) -> None:
    """Say no, with the reason for colleagues. It moves nothing: the recruiter goes on from there.

    Raises:
        NotAllowed: no reason, not theirs to decide, decided before, or moved meanwhile.
    """
    if not reason.strip():
        raise NotAllowed(_("Say why, so that your colleagues know how to go on."))
    application = _close(approval, Approval.Decision.REFUSE, reason.strip(), at=at, by=by)
    pipeline.record(application, "trial.approval_refused", at=at, by=by, approval=approval.pk)


def _confirmed(application: Application) -> Trial:
    """The trial that was confirmed by its leader."""
    if application.stage != Stage.TRIAL:
        raise NotAllowed(_("Only an application in its trial can be approved."))
    trial = application.trials.current().select_related("leader").first()
    if trial is None or trial.verdict is None or trial.verdict.kind != Verdict.Kind.CONFIRM:
        raise NotAllowed(_("The leader of the trial has not confirmed it."))
    return trial


def _requester(by: Actor) -> User:
    if by.user is None:
        raise NotAllowed(_("Only a colleague can ask for an approval."))
    return by.user


def _check_approver(trial: Trial, approver: User, requester: User) -> None:
    if approver == trial.leader:
        raise NotAllowed(_("Who led the trial cannot approve the hire."))
    if approver == requester:
        raise NotAllowed(_("You cannot approve what you ask for yourself. Choose another manager."))
    if approver not in approvers(trial):
        raise NotAllowed(_("%s may not approve hires.") % approver)


def _lapse(trial: Trial, at: datetime) -> None:
    """An approval whose request was cancelled on the desk does not stand in the way of another."""
    cancelled = trial.approvals.filter(decision="", ask__cancelled_at__isnull=False)
    cancelled.update(decision=Approval.Decision.LAPSED, decided_at=at)


def _ask_for_approval(application: Application, approver: User, *, at: datetime, by: Actor) -> Ask:
    time = application.plan.time_for(Stage.TRIAL)
    return asks.ask(
        application,
        page="desk:approval",
        template="trials/approval",
        title=_("Approve the hire of %s") % application.candidate.name,
        role=Ask.Role.MANAGER,
        name=str(approver),
        email=approver.email,
        user=approver,
        at=at,
        due_at=at + time.allowed,
        notice=time.notice,
        data={"signature": by.name},
    )


def _close(approval: Approval, decision: Approval.Decision, reason: str, *, at: datetime, by: Actor) -> Application:
    """Decide once, under the application's lock."""
    application = pipeline.lock(approval.trial.application)
    locked = Approval.objects.select_for_update(no_key=True, of=("self",)).select_related("ask").get(pk=approval.pk)
    trial = _confirmed(application)
    if locked.trial_id != trial.pk:
        raise MovedMeanwhile(_("This trial is over; another one has begun."))
    if by.user is None or by.user.pk != locked.approver_id or by.user not in approvers(trial):
        raise NotAllowed(_("Only the manager who was asked can decide on this."))
    try:
        asks.close(locked.ask, at=at)
    except asks.NotOpen:
        raise NotAllowed(_("This was decided before, or is no longer wanted.")) from None
    approval.decision, approval.decided_at, approval.reason = decision, at, reason
    approval.save(update_fields=["decision", "decided_at", "reason"])
    return application
