"""The mails of an approval: who is asked, and who hears that there is an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import asks, mail
from candidates.post.models import Ask
from candidates.post.reminding.schedule import Within
from candidates.staff.models import User
from candidates.stages import Stage
from trials.approvals.models import Approval

PATIENCE = timedelta(days=1)  # after the deadline


def ask_for_approval(application: Application, approver: User, *, step: int, of: int, at: datetime, by: Actor) -> Ask:
    """Ask a manager to look at the case and decide; the recruiters hear when a day after the deadline nothing came.

    Args:
        step, of: the how manieth of how many managers.
        by: who asks, or hands it on.
    """
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
        within=Within(application.plan.time_for(Stage.TRIAL), patience=PATIENCE),
        data={"signature": by.name, "step": step, "of": of},
    )


def tell_of_answer(approval: Approval, application: Application, *, at: datetime) -> None:
    """Mail who asked and who led that there is an answer which is no yes.

    The mail does not say which: mails stand on the timeline, where those read who still owe a rating. The answer and
    its reason stand on the application's page, behind the firewall.
    """
    for colleague in {approval.requested_by, approval.trial.leader}:
        if colleague.is_active and colleague.email:
            key = f"approval:{approval.pk}:{colleague.pk}"
            data = {"name": str(colleague), "approver": str(approval.approver)}
            mail.queue_to_colleague(application, "trials/approval_answered", colleague, key=key, at=at, data=data)
