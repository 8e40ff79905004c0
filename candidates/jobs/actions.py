"""Opening, pausing and closing a job; a new version of its plan."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models, transaction
from django.utils.translation import gettext as _

from candidates.jobs.models import HiringPlan, Job
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import NotAllowed
from candidates.stages import Stage

Status = Job.Status


@transaction.atomic
def open_job(job: Job, *, at: datetime, by: Actor) -> None:
    """Put the job on the career page. A template becomes the job's own plan: a copy that later changes do not touch.

    Raises:
        NotAllowed: it is open already, its closing date is past, or its plan names no competency to judge people by.
    """
    locked = _lock(job)
    if locked.status == Status.OPEN:
        raise NotAllowed(_("This job is open already."))
    if locked.closes_at and locked.closes_at <= at:
        raise NotAllowed(_("Its closing date is past, so it would close again at once. Change the date first."))
    if not locked.plan.weights.exists():
        raise NotAllowed(_("Its hiring plan names no competency yet: people could not be judged. Add some first."))
    plan = locked.plan if locked.plan.copied_from_id else copy_plan(locked.plan, version=1)
    _set(job, status=Status.OPEN, plan=plan, opened_at=locked.opened_at or at)
    _log(job, "Opened", by)


@transaction.atomic
def pause_job(job: Job, *, at: datetime, by: Actor) -> None:
    """Take an open job off the career page for a while; applications go on.

    Raises:
        NotAllowed: it is not open.
    """
    if _lock(job).status != Status.OPEN:
        raise NotAllowed(_("Only an open job can be paused."))
    _set(job, status=Status.PAUSED)
    _log(job, "Paused", by)


@transaction.atomic
def close_job(job: Job, *, at: datetime, by: Actor, why: str = "") -> None:
    """Take no more applications; those that are open stay until somebody moves them.

    Args:
        why: for the history, where no person pressed the button.

    Raises:
        NotAllowed: it is closed already.
    """
    if _lock(job).status == Status.CLOSED:
        raise NotAllowed(_("This job is closed already."))
    _set(job, status=Status.CLOSED)
    _log(job, f"Closed: {why}" if why else "Closed", by)


@transaction.atomic
def close_when_filled(job: Job, *, at: datetime, by: Actor) -> bool:
    """Close a job that as many people were hired for as it has openings; whether this closed it.

    Of two last hires at once one waits here for the other, and the job is closed once. A second hire is not refused:
    two managers said yes to two people, and what follows from that is for people to decide.
    """
    locked = _lock(job)
    hired = locked.applications.filter(stage=Stage.HIRED, duplicate_of=None).count()
    if locked.status not in {Status.OPEN, Status.PAUSED} or hired < locked.openings:
        return False
    close_job(job, at=at, by=by, why="as many people are hired as it has openings")
    return True


def close_due(*, at: datetime) -> int:
    """Close what was to close by `at` and is not closed yet; how many. Safe to repeat, and for two at once."""
    due = Job.objects.filter(status__in=[Status.OPEN, Status.PAUSED], closes_at__lte=at).values_list("pk", flat=True)
    return sum(_close_when_due(pk, at) for pk in due)


@transaction.atomic
def _close_when_due(pk: int, at: datetime) -> bool:
    """Look again under the lock: somebody may have closed it or moved its date meanwhile."""
    job = Job.objects.select_for_update(no_key=True).get(pk=pk)
    if job.status not in {Status.OPEN, Status.PAUSED} or job.closes_at is None or job.closes_at > at:
        return False
    rule = Actor(ActorKind.RULE, str(_("Closing date")), data={"rule": "closes_at"})
    close_job(job, at=at, by=rule)
    return True


@transaction.atomic
def revise_plan(job: Job, *, at: datetime, by: Actor) -> HiringPlan:
    """Give the job a copy of its locked plan, one version up, to be changed. Applications keep their own plan.

    Raises:
        NotAllowed: nobody has applied under the plan, so that it can be changed itself.
    """
    plan = _lock(job).plan
    if plan.locked_at is None:
        raise NotAllowed(_("Nobody has applied under this plan yet: change it itself."))
    revised = copy_plan(plan, version=plan.version + 1)
    _set(job, plan=revised)
    _log(job, f"Plan revised: v{revised.version}", by)
    return revised


def copy_plan(plan: HiringPlan, *, version: int) -> HiringPlan:
    """An unlocked copy of `plan` with its parts: weights, deadlines, rounds."""
    own = {field.attname for field in HiringPlan._meta.concrete_fields} - {
        "id",
        "version",
        "copied_from_id",
        "locked_at",
    }
    copied = HiringPlan.objects.create(copied_from=plan, version=version, **{name: getattr(plan, name) for name in own})
    for model in parts_of_a_plan():
        _copy_parts(model, plan, copied)
    return copied


def parts_of_a_plan() -> list[type[models.Model]]:
    """The models whose rows belong to one plan and go with it: its weights and deadlines, and what the stages add."""
    relations = HiringPlan._meta.related_objects
    return [one.related_model for one in relations if getattr(one, "on_delete", None) is models.CASCADE]


def _copy_parts(model: type[models.Model], plan: HiringPlan, copied: HiringPlan) -> None:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in {"id", "plan_id"}]
    rows = model._default_manager.filter(plan=plan).order_by("pk")
    model._default_manager.bulk_create(
        model(plan=copied, **{name: getattr(row, name) for name in names}) for row in rows
    )


def _lock(job: Job) -> Job:
    """The job as it is now; of two people who act on it one waits.

    Without its plan in a join: whoever waited while the plan was exchanged would find no row.
    """
    return Job.objects.select_for_update(no_key=True).get(pk=job.pk)


def _set(job: Job, **fields: object) -> None:
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))


def _log(job: Job, what: str, by: Actor) -> None:
    """A line in the job's history in the admin. Events tell of applications, and this is none."""
    if by.user:
        LogEntry.objects.log_actions(by.user.pk, [job], CHANGE, what, single_object=True)
