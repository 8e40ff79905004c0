"""What events are called on the timeline, and durations in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ats.forms import REASONS
from candidates.judging.models import Scorecard

EVENTS: dict[str, str | Promise] = {
    "stage.applied": _("Applied"),
    "stage.screening": _("Moved to screening"),
    "stage.interviews": _("Moved to interviews"),
    "stage.references": _("Moved to references"),
    "stage.trial": _("Moved to trial"),
    "stage.hired": _("Hired"),
    "stage.rejected": _("Rejected"),
    "stage.withdrawn": _("Withdrew"),
    "rejection.planned": _("Rejection planned"),
    "rejection.undone": _("Planned rejection undone"),
    "application.repeated": _("Applied again; what came with it was added"),
    "application.set_aside": _("Set aside as a duplicate of another application"),
    "application.sent_twice": _("The same person applied twice; this one goes on"),
    "people.merged": _("Came over from the same person's other entry"),
    "merge.undone": _("The merge of two people was undone"),
    "document.added": _("The candidate added a document"),
    "data.requested": _("The candidate asked for their data"),
    "data.request_done": _("The candidate's data request was seen to"),
    "screening.time_chosen": _("Time for the call chosen"),
    "screening.no_time_fits": _("No time for the call fits; the caller is told"),
    "scorecard.locked": _("Scorecard locked"),
    "scorecard.revised": _("Scorecard changed after the lock, with a reason"),
    "screening.complete": _("Letter and phone screen are both judged"),
    "interviews.time_chosen": _("Time for the interview chosen"),
    "interviews.cannot_come": _("The candidate cannot come; the time was given back"),
    "interviews.no_time_fits": _("No time for the interview fits; the recruiters are told"),
    "interviews.complete": _("All interviewers have locked their scorecards"),
    "interviews.arranged": _("Interview arranged"),
    "interviews.changed": _("Interview changed"),
    "interviews.cancelled": _("Interview called off"),
    "interviews.handed_back": _("An interviewer was released from an interview"),
    "interviews.replaced": _("Somebody stands in for an interviewer"),
    "interviews.missed": _("An interview did not take place"),
    "exercise.sent": _("Written exercise sent"),
    "exercise.begun": _("The candidate began the written exercise"),
    "exercise.posted": _("Written exercise handed in"),
    "exercise.extra_time": _("More time granted for the written exercise"),
    "exercise.cancelled": _("Written exercise taken back"),
    "grading.named": _("One more grader was named for written work"),
    "grading.recused": _("A grader recognised the person and grades no more"),
    "references.named": _("Referees named"),
    "references.declined": _("A referee would rather not answer"),
    "references.overridden": _("A trial may begin although references are missing"),
    "references.complete": _("All referees have answered or declined"),
    "trial.verdict": _("Verdict on the trial given"),
    "trial.warning_seen": _("An early warning was seen to"),
    "trial.approval_requested": _("Asked a manager to approve the hire"),
    "trial.approved": _("Hire approved"),
    "trial.approval_refused": _("Hire not approved"),
    "decision.made": _("Decision recorded"),
    "firewall.opened": _("Judgements opened before all were in"),
    "mail.sent_again": _("Mail queued once more"),
    "mail.was_sent": _("Mail marked as sent"),
}
KINDS = dict(Scorecard.Kind.choices)


def event(name: str, kind: str = "") -> str:
    """The event's name in words; one that has none yet is told as it is written. `kind` is a scorecard's."""
    told = str(EVENTS.get(name) or name.replace(".", " ").replace("_", " ").capitalize())
    return f"{told}: {KINDS[kind]}" if kind in KINDS else told


def days_in_stage(days: int) -> str:
    """How long an application stands where it stands."""
    if days == 0:
        return str(_("since today"))
    return ngettext("%d day in stage", "%d days in stage", days) % days


def reason(text: str) -> str:
    """A reason in words; those of a rejection are kept as the key of a list."""
    return str(dict(REASONS).get(text, text))
