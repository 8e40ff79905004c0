"""Asking one or two managers in turn for the last yes, and their answers."""

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
from candidates.staff.models import User
from candidates.stages import Stage
from trials.approvals import requests
from trials.approvals.chain import last_round
from trials.approvals.models import Approval
from trials.offering.models import Trial
from trials.offering.people import former_leaders
from trials.planning import terms
from trials.verdicts.models import Verdict

MANAGERS = "Managers"  # the group whose members may approve a hire
REQUESTED = "trial.approval_requested"
Decision = Approval.Decision


@transaction.atomic
def request_approval(
    application: Application, *, approver: User, then: User | None = None, at: datetime, by: Actor
) -> Approval:
    """Ask a manager to approve the hire; it moves nothing. After an answer that is no yes, a new round begins.

    Args:
        application: as the caller saw it.
        approver: see `approvers`; neither the leader of the trial nor who asks.
        then: who is asked after that yes, where the plan wants two; somebody else.
        at: now.
        by: who asks, a colleague.

    Raises:
        NotAllowed: no trial that was confirmed, not permitted, or asked before (`MovedMeanwhile`: moved).
    """
    locked = pipeline.lock(application)
    if (locked.stage, locked.stage_since) != (application.stage, application.stage_since):
        raise MovedMeanwhile(_("Somebody moved this application meanwhile."))
    trial, requester = _confirmed(locked), _requester(by)
    _check_chain(trial, approver, then, requester)
    _lapse(trial, at)
    before = last_round(trial)
    if before.open or before.is_whole:
        raise NotAllowed(_("A manager has been asked already."))
    approval = trial.approvals.create(
        requested_by=requester,
        led_by=trial.leader,
        approver=approver,
        then=then,
        round=before.number + 1,
        ask=requests.ask_for_approval(locked, approver, step=1, of=2 if then else 1, at=at, by=by),
        requested_at=at,
    )
    pipeline.record(locked, REQUESTED, at=at, by=by, approval=approval.pk, approver=str(approver))
    return approval


def approvers(trial: Trial) -> QuerySet[User]:
    """Who may approve a hire after `trial`: active managers and administrators with an address, nobody who led it."""
    managers = User.objects.filter(groups__name=MANAGERS).values("pk")
    permitted = Q(is_superuser=True) | Q(pk__in=managers)
    others = User.objects.exclude(pk=trial.leader_id).exclude(pk__in=trial.verdicts.values("by"))
    others = others.exclude(pk__in=former_leaders(trial))
    return others.filter(permitted, is_active=True, is_staff=True).exclude(email="")


def successors(approval: Approval) -> QuerySet[User]:
    """To whom `approval` may be handed on: `approvers` but who asked, is asked next, or said yes in this round."""
    others = approvers(approval.trial).exclude(pk__in=[approval.approver_id, approval.requested_by_id])
    said = approval.trial.approvals.filter(round=approval.round, decision=Decision.APPROVE).values("approver")
    return others.exclude(pk__in=said).exclude(pk=approval.then_id or 0)


@transaction.atomic
def approve(approval: Approval, *, at: datetime, by: Actor) -> Approval | None:
    """Say yes; where the request names another manager, ask them now.

    The last yes returns None: the move to hired is made by `ats.pipeline.approve` in the same transaction.

    Raises:
        NotAllowed: not theirs to approve, decided before, or moved meanwhile; or who is next lost the right to.
    """
    application = _close(approval, Decision.APPROVE, "", at=at, by=by)
    pipeline.record(application, "trial.approved", at=at, by=by, approval=approval.pk)
    return _ask_next(approval, approval.then, application, at=at) if approval.then else None


@transaction.atomic
def refuse(approval: Approval, reason: str, *, at: datetime, by: Actor) -> None:
    """Say no, with the reason for colleagues. It moves nothing: the recruiter goes on from there.

    Raises:
        NotAllowed: no reason, not theirs to decide, decided before, or moved meanwhile.
    """
    _answer(approval, Decision.REFUSE, reason, at=at, by=by)


@transaction.atomic
def send_back(approval: Approval, reason: str, *, at: datetime, by: Actor) -> None:
    """Neither yes nor no: something is missing. Who asked and who led are told; asking again begins a new round.

    Raises:
        NotAllowed: as `refuse`.
    """
    _answer(approval, Decision.SEND_BACK, reason, at=at, by=by)


@transaction.atomic
def delegate(approval: Approval, *, to: User, reason: str = "", at: datetime, by: Actor) -> Approval:
    """Hand the question on to another permitted manager, who is asked anew and takes the same place.

    Args:
        to: see `successors`.
        reason: a word to them and to colleagues.

    Raises:
        NotAllowed: not theirs to hand on, decided before, moved meanwhile, or not to this person.
    """
    if not successors(approval).filter(pk=to.pk).exists():
        raise NotAllowed(_("%s cannot decide on this. Choose another manager.") % to)
    length = last_round(approval.trial).length
    application = _close(approval, Decision.DELEGATED, reason.strip(), at=at, by=by)
    handed = _ask(approval, application, to, step=approval.step, of=length, at=at, by=by)
    pipeline.record(application, "trial.approval_delegated", at=at, by=by, approval=handed.pk, approver=str(to))
    return handed


def _answer(approval: Approval, decision: Decision, reason: str, *, at: datetime, by: Actor) -> None:
    if not reason.strip():
        raise NotAllowed(_("Say why, so that your colleagues know how to go on."))
    application = _close(approval, decision, reason.strip(), at=at, by=by)
    pipeline.record(application, "trial.approval_refused", at=at, by=by, approval=approval.pk)
    requests.tell_of_answer(approval, application, at=at)


def _ask_next(approval: Approval, then: User, application: Application, *, at: datetime) -> Approval:
    """The second manager, as the request named them, if they still may."""
    if not approvers(approval.trial).filter(pk=then.pk).exists():
        told = _("%s, who is to be asked next, may not approve hires any more. Send it back with a word about that.")
        raise NotAllowed(told % then)
    asker = Actor.person(approval.requested_by)
    asked = _ask(approval, application, then, step=2, of=2, at=at, by=asker)
    pipeline.record(application, REQUESTED, at=at, by=asker, approval=asked.pk, approver=str(then))
    return asked


def _ask(
    before: Approval, application: Application, approver: User, *, step: int, of: int, at: datetime, by: Actor
) -> Approval:
    """Ask one more manager of the same round: the next one, or whom the one `before` named instead."""
    is_instead = step == before.step
    return before.trial.approvals.create(
        requested_by=before.requested_by,
        led_by=before.trial.leader,
        approver=approver,
        then=before.then if is_instead else None,
        round=before.round,
        step=step,
        delegated_from=before if is_instead else None,
        ask=requests.ask_for_approval(application, approver, step=step, of=of, at=at, by=by),
        requested_at=at,
    )


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


def _check_chain(trial: Trial, approver: User, then: User | None, requester: User) -> None:
    wanted = terms.of(trial.application.plan).approvers
    if wanted == 2 and then is None:
        raise NotAllowed(_("The hiring plan wants two managers: name the second one, too."))
    if wanted == 1 and then:
        raise NotAllowed(_("The hiring plan wants one manager, not two."))
    if then == approver:
        raise NotAllowed(_("The second manager must be somebody else than the first."))
    for one in (approver, then):
        if one:
            _check_approver(trial, one, requester)


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
    cancelled.update(decision=Decision.LAPSED, decided_at=at)


def _close(approval: Approval, decision: Decision, reason: str, *, at: datetime, by: Actor) -> Application:
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
