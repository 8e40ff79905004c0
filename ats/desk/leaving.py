"""A colleague's account is deleted: what they did keeps their name, and nothing that waits for them hangs.

What a record stands on (who hired, who led a trial, who decided) protects the account: such people are made inactive.
What somebody else can take over is handed over first; the page names each of these with its link. Open requests of
theirs are told to the recruiters of the job at once, as if their time were up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Model, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.jobs.models import Job
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask
from candidates.screening.models import CallSlot
from candidates.staff.models import User
from trials.models import Approval, Trial, Verdict

MOST = 20  # of one kind that are named


def obstacles(colleague: User, *, at: datetime) -> list[SafeString]:
    """What must be handed over first, or keeps the account for good; a line each, with where it is done."""
    return [
        *_jobs(colleague),
        *_trials(colleague),
        *_approvals(colleague),
        *_calls(colleague, at),
        *_records(colleague),
    ]


def follows(colleague: User) -> list[str]:
    """What happens to what hangs on the account, in words."""
    told = [_("Whatever they did keeps their name: moves, notes, judgements, mails.")]
    if waiting := Ask.objects.open().filter(user=colleague).count():
        told.append(
            ngettext(
                "%d request still waits for them. The recruiters of its job are told at once.",
                "%d requests still wait for them. The recruiters of their jobs are told at once.",
                waiting,
            )
            % waiting
        )
    if jobs := Job.objects.filter(recruiters=colleague).count():
        words = ngettext("They recruit for %d job no more.", "They recruit for %d jobs no more.", jobs)
        told.append(words % jobs)
    if offered := CallSlot.objects.filter(caller=colleague, application=None).count():
        words = ngettext("%d free time for a call is taken away.", "%d free times for calls are taken away.", offered)
        told.append(words % offered)
    return told


@transaction.atomic
def remove(colleague: User, *, at: datetime) -> None:
    """Delete the account.

    Raises:
        NotAllowed: something must be handed over first.
    """
    User.objects.select_for_update().get(pk=colleague.pk)
    if obstacles(colleague, at=at):
        raise NotAllowed(_("Something hangs on this account. Hand it over first."))
    waiting = Ask.objects.open().filter(user=colleague)
    waiting.update(escalate_at=at, remind_at=None, remind_later=[])
    colleague.delete()


def _jobs(colleague: User) -> Iterator[SafeString]:
    text = _("They are the hiring manager of {}. Choose another one there.")
    yield from _each(text, Job.objects.filter(hiring_manager=colleague), "admin:candidates_job_change")
    alone = Job.objects.annotate(number=Count("recruiters", distinct=True)).filter(number=1)
    alone = alone.filter(pk__in=Job.objects.filter(recruiters=colleague)).exclude(status=Job.Status.CLOSED)
    yield from _each(_("Nobody else recruits for {}. Add somebody there."), alone, "admin:candidates_job_change")


def _trials(colleague: User) -> Iterator[SafeString]:
    going = Trial.objects.filter(leader=colleague, replaced_at=None, ended_at=None, declined_at=None, verdicts=None)
    for trial in going.select_related("application__candidate", "application__job")[:MOST]:
        url = reverse("admin:candidates_application_change", args=[trial.application_id])
        text = _("They lead the trial of {}. Change the lead there.")
        yield format_html(text, _link(url, trial.application))


def _approvals(colleague: User) -> Iterator[SafeString]:
    open_ones = Approval.objects.filter(Q(approver=colleague) | Q(then=colleague), decision="")
    for approval in open_ones.select_related("trial__application__candidate", "trial__application__job")[:MOST]:
        application = approval.trial.application
        url = reverse("admin:candidates_application_change", args=[application.pk])
        text = _("They are asked to approve the hire of {}. Take it back there, or have them hand it on.")
        yield format_html(text, _link(url, application))


def _calls(colleague: User, at: datetime) -> Iterator[SafeString]:
    taken = CallSlot.objects.to_come(at).filter(caller=colleague, application__isnull=False)
    for slot in taken.select_related("application__candidate", "application__job")[:MOST]:
        url = reverse("admin:candidates_application_change", args=[slot.application_id])
        yield format_html(_("They call {} soon. Talk first, or agree on another time."), _link(url, slot.application))


def _records(colleague: User) -> Iterator[SafeString]:
    """What others rely on for good: who decided must stay told apart from who asked and who led."""
    led = Trial.objects.filter(leader=colleague).exclude(
        replaced_at=None, ended_at=None, declined_at=None, verdicts=None
    )
    decided = Approval.objects.filter(
        Q(approver=colleague) | Q(requested_by=colleague) | Q(led_by=colleague) | Q(then=colleague)
    )
    if led.exists() or decided.exists() or Verdict.objects.filter(by=colleague).exists():
        text = _(
            "They led a trial or had a part in the approval of a hire, and that record stands on this account. "
            "Make the account inactive instead: {}."
        )
        url = reverse("admin:candidates_user_change", args=[colleague.pk])
        yield format_html(text, _link(url, colleague))


def _each(text: str, rows: object, address: str) -> Iterator[SafeString]:
    for row in rows[:MOST]:  # type: ignore[index]
        yield format_html(text, _link(reverse(address, args=[row.pk]), row))


def _link(url: str, row: Model | None) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, row)
