"""Telling others that nothing came: the recruiters of the job, its hiring manager, or both, as the plan says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from candidates.jobs.models import EscalateTo, Job
from candidates.post import mail
from candidates.post.models import GRADING, Ask, Message
from candidates.post.reminding import calendars
from candidates.post.reminding.models import Reminder
from candidates.post.reminding.queueing import Ledger, Why, reads_digest
from candidates.staff.models import User


def tell(late: Sequence[Ask], *, at: datetime) -> None:
    """Queue the mails about these asks, and a row of the ledger for each; queries do not grow with the asks."""
    ledger, recruiters, blind = Ledger(at), _recruiters(late), _blind(late)
    for asked in late:
        _tell(ledger, asked, _whom(asked, recruiters), blind)
    ledger.write()


def _tell(ledger: Ledger, asked: Ask, whom: Iterable[User], blind: set[tuple[int, int]]) -> None:
    told = [colleague for colleague in whom if colleague.is_active and colleague.email]
    if not told:
        ledger.leave_out(_row(asked, ledger.at), Why.NOBODY)
    for colleague in told:
        if (asked.application_id, colleague.pk) in blind:
            ledger.leave_out(_row(asked, ledger.at), Why.BLIND)
        elif reads_digest(colleague):
            ledger.leave_out(_row(asked, ledger.at), Why.DIGEST)
        else:
            ledger.mail(_mail(asked, colleague), _row(asked, ledger.at), calendars.of_colleague(colleague))


def _mail(asked: Ask, colleague: User) -> Message:
    who, what = asked.name, asked.title
    if asked.page == GRADING:  # who grades, and under which code name, is told when the judgements open
        with override(colleague.language):
            who, what = _("Somebody who was asked"), _("grade written work")
    key = f"escalate:{asked.pk}:{asked.due_at:%Y%m%dT%H%M}:{colleague.pk}"
    data = {"who": who, "what": what, "due_at": asked.due_at.isoformat()}
    return mail.to_colleague(asked.application_id, "candidates/overdue", colleague, key=key, data=data)


def _row(asked: Ask, at: datetime) -> Reminder:
    due_at = asked.escalate_at or at
    return Reminder(ask=asked, kind=Reminder.Kind.ESCALATION, due_at=due_at, at=at, is_last=True)


def _whom(asked: Ask, recruiters: dict[int, list[User]]) -> list[User]:
    job = asked.application.job
    told = [] if asked.escalate_to == EscalateTo.MANAGER else list(recruiters[job.pk])
    if asked.escalate_to != EscalateTo.RECRUITERS and job.hiring_manager and job.hiring_manager not in told:
        told.append(job.hiring_manager)
    return told


def _recruiters(late: Sequence[Ask]) -> dict[int, list[User]]:
    """Of each job, those who recruit for it."""
    found: dict[int, list[User]] = defaultdict(list)
    jobs = {asked.application.job_id for asked in late}
    for row in Job.recruiters.through.objects.filter(job__in=jobs).select_related("user").order_by("pk"):
        found[row.job_id].append(row.user)
    return found


def _blind(late: Sequence[Ask]) -> set[tuple[int, int]]:
    """Who is still to judge without knowing whom, of these applications."""
    readings = Ask.objects.open().blind().filter(application__in={one.application_id for one in late})
    return set(readings.filter(user__isnull=False).values_list("application_id", "user_id"))
