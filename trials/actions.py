"""What happens in a trial: begin, decide, ask another manager for approval, approve or refuse."""

from __future__ import annotations

from datetime import date, datetime, timedelta

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
from trials import requests, schedule
from trials.models import Approval, Trial, Verdict

MANAGERS = "Managers"  # the group whose members may approve a hire
FARTHEST_START = timedelta(days=365)
LONGEST_EXTENSION = timedelta(days=92)


@transaction.atomic
def begin(
    application: Application,
    *,
    starts_on: date,
    leader: User,
    buddy_name: str,
    buddy_email: str,
    at: datetime,
    by: Actor,
) -> Trial:
    """Move to trial; plan the check-ins, the leader's verdict and the candidate's welcome.

    Args:
        application: as the caller saw it.
        starts_on: the first day; may lie back a little when the trial is entered late.
        leader: who leads and decides.
        buddy_name, buddy_email: who helps day by day; needs no account.
        at: now.
        by: who begins it.

    Raises:
        NotAllowed: see `obstacles`; or the application cannot go there from where it stands.
    """
    for obstacle in obstacles(application, starts_on=starts_on, leader=leader, buddy_email=buddy_email, at=at).values():
        raise NotAllowed(obstacle)
    event = pipeline.move(application, Stage.TRIAL, at=at, by=by)
    application.trials.current().update(replaced_at=at)
    ends_on = starts_on + timedelta(days=application.plan.trial_days)
    asked = requests.ask_for_verdict(application, leader=leader, starts_on=starts_on, ends_on=ends_on, at=at)
    trial = Trial.objects.create(
        application=application,
        starts_on=starts_on,
        ends_on=ends_on,
        leader=leader,
        buddy_name=buddy_name,
        buddy_email=buddy_email,
        verdict_ask=asked,
    )
    requests.ask_for_check_ins(trial, after=starts_on, at=at)
    requests.welcome(trial, key=f"move:{event.pk}", at=at)
    return trial


def obstacles(
    application: Application, *, starts_on: date, leader: User, buddy_email: str, at: datetime
) -> dict[str, str]:
    """Why such a trial cannot begin, in words, by the name of what is wrong; empty when it can."""
    today = schedule.local_day(at, application.job.zone)
    buddy, candidate = buddy_email.lower(), application.candidate.email.lower()
    found = {}
    if starts_on > today + FARTHEST_START:
        found["starts_on"] = _("This is more than a year away.")
    elif today - starts_on > timedelta(days=application.plan.trial_days):
        found["starts_on"] = _("Such a trial would be over already.")
    if leader not in leaders():
        found["leader"] = _("Only an active colleague with an e-mail address can lead a trial.")
    elif leader.email.lower() == candidate:
        found["leader"] = _("Nobody can lead their own trial.")
    if buddy == candidate:
        found["buddy_email"] = _("Nobody can be their own buddy.")
    elif buddy == leader.email.lower():
        found["buddy_email"] = _("The buddy must be somebody else than the leader.")
    return found


def leaders() -> QuerySet[User]:
    """Who may lead a trial."""
    return User.objects.filter(is_active=True, is_staff=True).exclude(email="")


@transaction.atomic
def decide(trial: Trial, kind: str, evidence: str, *, new_end: date | None = None, at: datetime, by: Actor) -> Verdict:
    """Give the leader's verdict. It moves nothing: people act on it.

    Args:
        trial: which one.
        kind: a value of `Verdict.Kind`; an extension plans more check-ins and asks for a new verdict.
        evidence: what it stands on, in words; there is no silent pass.
        new_end: of an extension, later than the present end.
        at: now.
        by: the leader.

    Raises:
        NotOpen: decided before, or no longer wanted.
        NotAllowed: not the leader; or see `verdict_obstacles`.
    """
    application = pipeline.lock(trial.application)
    trial = Trial.objects.select_related("verdict_ask", "leader").get(pk=trial.pk)
    if by.user != trial.leader:
        raise NotAllowed(_("Only the person who led the trial can decide on it."))
    for obstacle in verdict_obstacles(trial, kind, evidence, new_end).values():
        raise NotAllowed(obstacle)
    asks.close(trial.verdict_ask, at=at)
    verdict = trial.verdicts.create(kind=kind, evidence=evidence.strip(), by=trial.leader, at=at)
    pipeline.record(application, "trial.verdict", at=at, by=by, kind=kind, verdict=verdict.pk)
    if kind == Verdict.Kind.EXTEND and new_end:
        _extend(trial, application, new_end, at)
    else:
        requests.cancel_check_ins_to_come(application, at=at)
    return verdict


def verdict_obstacles(trial: Trial, kind: str, evidence: str, new_end: date | None) -> dict[str, str]:
    """What such a verdict lacks, in words, by the name of what is wrong; empty when it can be given."""
    found = {}
    if kind not in Verdict.Kind.values:
        found["kind"] = _("Choose one of the three.")
    if not evidence.strip():
        found["evidence"] = _("Say in words what you saw; there is no silent pass.")
    if kind == Verdict.Kind.EXTEND:
        if new_end is None or new_end <= trial.ends_on:
            found["new_end"] = _("Choose a day later than the present end.")
        elif new_end > trial.ends_on + LONGEST_EXTENSION:
            found["new_end"] = _("Extend by %d days at most.") % LONGEST_EXTENSION.days
    return found


def _extend(trial: Trial, application: Application, new_end: date, at: datetime) -> None:
    last = trial.check_ins.last()
    after = last.due_on if last else trial.starts_on
    trial.application = application
    trial.verdict_ask = requests.ask_for_verdict(
        application, leader=trial.leader, starts_on=trial.ends_on, ends_on=new_end, at=at
    )
    trial.ends_on = new_end
    trial.save(update_fields=["ends_on", "verdict_ask"])
    requests.ask_for_check_ins(trial, after=after, at=at)


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
