"""Agreeing on the time of an interview: the one place that writes it, for the interview and for everybody in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candidates.pipeline import NotAllowed
from interviews.scheduling.models import Interview


class Taken(NotAllowed):
    """Somebody was quicker, or one of those who take part is somewhere else then."""


def agree(interview: Interview, starts_at: datetime, *, at: datetime) -> None:
    """Set or change the time. Call inside a verb's transaction, with the application locked; it writes no mail.

    Raises:
        NotAllowed: the time is past, or the interview was called off.
        Taken: the candidate or an interviewer has another interview then; the database sees to it.
    """
    if starts_at <= at:
        raise NotAllowed(_("The interview must begin in the future."))
    if interview.cancelled_at:
        raise NotAllowed(_("This interview was called off."))
    interview.starts_at, interview.ends_at = starts_at, starts_at + timedelta(minutes=interview.minutes)
    interview.candidate_id, interview.agreed_at = interview.application.candidate_id, at
    try:
        with transaction.atomic():
            interview.save(update_fields=["starts_at", "ends_at", "candidate", "agreed_at"])
            interview.panelists.standing().update(starts_at=interview.starts_at, ends_at=interview.ends_at)
    except IntegrityError as error:
        raise Taken(_conflict(error)) from error


def give_back(interview: Interview) -> None:
    """Take the time away again: nobody is booked for it any more. Call inside a verb's transaction."""
    interview.starts_at = interview.ends_at = interview.candidate = interview.agreed_at = None
    interview.save(update_fields=["starts_at", "ends_at", "candidate", "agreed_at"])
    interview.panelists.update(starts_at=None, ends_at=None)


def _conflict(error: IntegrityError) -> str:
    if "interviewer_is_in_one_interview" in str(error):
        return _("One of the interviewers has another interview at that time. Please choose another one.")
    return _("The candidate has another interview at that time. Please choose another one.")
