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
    "person.erased": _("The person was erased"),
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
    "interviews.clocks_changed": _("A time zone changed its rules; the interview stays at its time on the clock"),
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
    "references.call_begun": _("A referee is asked on the phone"),
    "references.call_left": _("The call with a referee was left; their link takes an answer again"),
    "references.recorded": _("A reference on the phone was written down"),
    "references.deletion_wanted": _("A referee wants what they said deleted"),
    "references.forgotten": _("What a referee said was deleted at their wish"),
    "references.flag_judged": _("A colleague said whether a remark on a reference matters"),
    "references.overridden": _("A trial may begin although references are missing"),
    "references.expired": _("A referee did not answer in time and is asked no more"),
    "references.nobody_named": _("The candidate named nobody else in time"),
    "references.replacement_wanted": _("Asked the candidate for another referee"),
    "references.withdrawn": _("A request to a referee was withdrawn"),
    "references.asked_again": _("A referee was asked again"),
    "references.sent_again": _("The link was sent to a referee again"),
    "references.address_corrected": _("The address of a referee was corrected"),
    "references.complete": _("No referee is waited for any more"),
    "trial.offered": _("Another trial offered"),
    "trial.taken_back": _("Offer of a trial taken back"),
    "trial.agreed": _("The candidate said yes to the trial"),
    "trial.declined": _("The candidate declined the trial"),
    "trial.moved": _("First day of the trial moved"),
    "trial.paused": _("Trial paused"),
    "trial.resumed": _("Trial goes on"),
    "trial.extended": _("Trial extended"),
    "trial.ended": _("Trial ended early"),
    "trial.leader_changed": _("Somebody else leads the trial"),
    "trial.buddy_changed": _("Somebody else is the buddy of the trial"),
    "trial.verdict": _("Verdict on the trial given"),
    "figures.agent_matched": _("An agent of the help desk was matched to this person"),
    "figures.agent_removed": _("An agent of the help desk is not this person after all"),
    "trial.warning_seen": _("An early warning was seen to"),
    "trial.approval_requested": _("Asked a manager to approve the hire"),
    "trial.approved": _("Hire approved"),
    "trial.approval_refused": _("Hire not approved"),
    "trial.approval_delegated": _("A manager handed the approval on to another"),
    "trial.verdict_missing": _("Colleagues were told that the verdict on the trial is missing"),
    "job.filled": _("With this hire the job is filled; it was closed"),
    "offer.sent": _("Offer letter sent"),
    "offer.replaced": _("An offer letter was replaced by another"),
    "offer.accepted": _("Offer letter accepted"),
    "offer.declined": _("Offer letter declined"),
    "development.drafted": _("Development plan drafted"),
    "development.changed": _("Development plan changed"),
    "development.shared": _("Development plan shared with the new colleague"),
    "development.read": _("The new colleague read the development plan"),
    "development.unread": _("The new colleague did not say that they read the development plan"),
    "pulse.answered": _("One of the two looked back"),
    "pulse.unanswered": _("One of the two did not look back in time"),
    "pulse.called_off": _("Nobody is asked to look back any more"),
    "decision.made": _("Decision recorded"),
    "firewall.opened": _("Judgements opened before all were in"),
    "ask.reminded": _("Reminded by hand"),
    "ask.put_off": _("Whoever was asked put the reminders off"),
    "ask.handed_on": _("A request was handed on to a colleague"),
    "rule.acted": _("A rule acted"),
    "rule.suggested": _("A rule suggests something"),
    "rule.taken": _("What a rule suggested was done"),
    "rule.dismissed": _("A rule was told: not for this one"),
    "rule.allowed": _("A rule may act here again"),
    "rule.failed": _("A rule could not act"),
    "rule.undone": _("What a rule did was undone"),
    "mail.sent_again": _("Mail queued once more"),
    "mail.was_sent": _("Mail marked as sent"),
    "mail.let_go": _("Mail given up"),
    "mail.reworded": _("The words of a mail were changed before it left"),
    "mail.held": _("Mail held back"),
    "mail.released": _("Held mail released"),
    "mail.hurried": _("Waiting mail sent at once"),
    "mail.cancelled": _("Waiting mail cancelled"),
    "mail.returned": _("A mail came back"),
    "mail.replied": _("Somebody wrote by mail"),
    "mail.placed": _("A mail was placed here by hand"),
    "to_do.given": _("A colleague was given something to do"),
    "to_do.done": _("A colleague has seen to it"),
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
