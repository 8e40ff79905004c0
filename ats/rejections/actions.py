"""Saying no: at once, or planned, so that it can be taken back until it is carried out.

While a rejection is planned the application stays where it is and nobody hears of it: the candidate's page is as
before, links that were sent go on working, answers count. Only the reminders that would fall into that time wait;
an undo lets them go as they would have gone. Whoever writes here locks the application first.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import MOVES, NotAllowed
from candidates.post import holding, mail
from candidates.post.reminding import actions as reminding
from candidates.stages import Stage

PLANNED, UNDONE = "rejection.planned", "rejection.undone"
QUARTER = timedelta(minutes=15)
REMINDERS_WAIT = timedelta(hours=1)  # past the time of a rejection, so that the sweep is there first
MOST = 1000
logger = logging.getLogger(__name__)


@transaction.atomic
def reject(application: Application, *, reason: str, at: datetime, by: Actor, wait: timedelta | None = None) -> None:
    """End the way with a no, now; the candidate gets a mail. The reason is for colleagues, not for the mail.

    Args:
        wait: how long the mail may still be taken back; without, as long as solemn mails do.
    """
    event = pipeline.move(application, Stage.REJECTED, at=at, by=by, reason=reason)
    time = holding.undo_time() if wait is None else wait
    data = {"reason": reason}  # chooses the company's words for it, if there are any; no mail names it
    mail.queue(application, "candidates/rejected", key=f"move:{event.pk}", at=at, solemn=True, wait=time, data=data)


def decide(application: Application, *, reason: str, at: datetime, by: Actor, hours: int = 0) -> None:
    """Reject at once, or in `hours`. Raises what `reject` and `plan` raise."""
    if hours:
        plan(application, reason=reason, hours=hours, at=at, by=by)
    else:
        reject(application, reason=reason, at=at, by=by)


def leaves_at(at: datetime, hours: int) -> datetime:
    """When a rejection planned at `at` is carried out: after `hours` at least, at the next full quarter of an hour.

    The quarter lets a page that was read for a few minutes still tell the true time, and never an earlier one.
    """
    earliest = at + timedelta(hours=hours)
    past = timedelta(minutes=earliest.minute % 15, seconds=earliest.second, microseconds=earliest.microsecond)
    return earliest + (QUARTER - past if past else timedelta(0))


@transaction.atomic
def plan(application: Application, *, reason: str, hours: int, at: datetime, by: Actor) -> PlannedRejection:
    """Decide on a rejection that is carried out in `hours`; until then nothing moves and nobody is told.

    Args:
        application: as the caller saw it; its `stage` and `stage_since` are what the caller decided on.
        reason: a key of the list of reasons, for colleagues.
        hours: the notice, at least.

    Raises:
        MovedMeanwhile: the application is no longer where the caller saw it.
        NotAllowed: its way has ended, or a rejection is planned already.
    """
    locked = pipeline.lock(application)
    pipeline.require_unmoved(locked, application)
    if Stage.REJECTED not in MOVES[Stage(locked.stage)]:
        raise NotAllowed(_("Its way has ended: %s.") % locked.get_stage_display())
    _require_unplanned(locked)
    locked.planned_rejections.open().update(void_at=at)
    due_at = leaves_at(at, hours)
    planned = PlannedRejection.objects.create(
        application=locked,
        stage=locked.stage,
        stage_since=locked.stage_since,
        reason=reason,
        at=at,
        due_at=due_at,
        by=by.user,
        by_name=by.name,
        by_kind=by.kind,
        by_data=by.data,
    )
    reminders = reminding.hold(locked, until=due_at + REMINDERS_WAIT, at=at)
    data = {"planned": planned.pk, "due_at": due_at.isoformat(), "reminders": reminders}
    pipeline.record(locked, PLANNED, at=at, by=by, reason=reason, **data)
    return planned


@transaction.atomic
def undo(planned: PlannedRejection, *, at: datetime, by: Actor) -> None:
    """Take a planned rejection back; reminders that waited for it go when they would have gone.

    Raises:
        NotAllowed: it was carried out, undone or overtaken by a move before.
    """
    application = pipeline.lock(planned.application)
    if not PlannedRejection.objects.standing().filter(pk=planned.pk).update(void_at=at):
        raise NotAllowed(
            _("This rejection cannot be undone any more. The application stands at: %s.")
            % application.get_stage_display()
        )
    _release_reminders(planned)
    pipeline.record(application, UNDONE, at=at, by=by, planned=planned.pk)


def carry_out_due(*, at: datetime) -> int:
    """Carry out every planned rejection whose time has come; returns how many.

    Safe to run at any time and several times at once: each is a transaction of its own that passes by applications
    somebody is working on; the next sweep looks at them again. One that fails does not stop the others.
    """
    PlannedRejection.objects.overtaken().update(void_at=at)
    keys = PlannedRejection.objects.due(at).values_list("pk", flat=True)[:MOST]
    return sum(_try(pk, at) for pk in list(keys))


@transaction.atomic
def carry_out(pk: int, *, at: datetime) -> bool:
    """Reject as the person decided who planned it; False when it is not due or another sweep is at it."""
    due = PlannedRejection.objects.due(at).filter(pk=pk).defer("application__letter", "application__job__description")
    related = due.select_related("application__candidate", "application__job", "by")
    planned = related.select_for_update(skip_locked=True, no_key=True, of=("application",)).first()
    if planned is None or not PlannedRejection.objects.open().filter(pk=pk).update(done_at=at):
        return False
    waited = timedelta(0)  # there was time to undo it until now
    reject(planned.application, reason=planned.reason, at=at, by=planned.decided_by, wait=waited)
    return True


def _try(pk: int, at: datetime) -> bool:
    try:
        return carry_out(pk, at=at)
    except Exception:  # whatever is wrong with this one, the others have their time too
        logger.exception("The planned rejection %s could not be carried out; the next sweep tries again.", pk)
        return False


def _require_unplanned(application: Application) -> None:
    if standing := PlannedRejection.objects.standing().filter(application=application).first():
        when = date_format(localtime(standing.due_at), "D j M, H:i")
        raise NotAllowed(
            _("%(name)s planned to reject this application already, on %(when)s.")
            % {"name": standing.by_name, "when": when}
        )


def _release_reminders(planned: PlannedRejection) -> None:
    event = planned.application.events.filter(name=PLANNED, data__planned=planned.pk).last()
    held = event.data["reminders"] if event else {}
    reminding.release(planned.application, held, until=planned.due_at + REMINDERS_WAIT)
