"""Agreeing on the time of an interview: the one place that writes it, for the interview and for everybody in it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from candidates.pipeline import NotAllowed
from interviews.scheduling.models import Interview, Panelist

LOCKS = 7031  # names our advisory locks among those of the database


class Taken(NotAllowed):
    """Somebody was quicker, or one of those who take part is somewhere else then."""


def queue_up(emails: Iterable[str], candidate: int | None = None) -> None:
    """Wait until nobody else books these people, in an order that is the same for everybody: so no two wait in a ring.

    Until the transaction ends. A verb that agrees on several interviews calls it once before, with everybody.

    Args:
        emails: of the interviewers.
        candidate: the candidate's key, where their time is taken, too.
    """
    people = [*emails, *([f"candidate {candidate}"] if candidate else [])]
    with connection.cursor() as cursor:
        for number in sorted({zlib.crc32(one.casefold().encode()) - 2**31 for one in people}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, number])


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
    panel = interview.panelists.standing().values_list("email", flat=True)
    queue_up(panel, interview.application.candidate_id)
    interview.starts_at, interview.ends_at = starts_at, starts_at + timedelta(minutes=interview.minutes)
    interview.candidate_id, interview.agreed_at = interview.application.candidate_id, at
    interview.wall_clock = on_the_wall(interview)
    try:
        with transaction.atomic():
            interview.save(update_fields=["starts_at", "ends_at", "candidate", "agreed_at", "wall_clock"])
            interview.panelists.standing().update(starts_at=interview.starts_at, ends_at=interview.ends_at)
    except IntegrityError as error:
        raise Taken(_conflict(error)) from error


def join(panelist: Panelist) -> None:
    """Book somebody who comes in later for the time that is agreed, if one is. Call inside a verb's transaction.

    Raises:
        Taken: they have another interview then.
    """
    interview = panelist.interview
    queue_up([panelist.email])
    panelist.starts_at, panelist.ends_at = interview.starts_at, interview.ends_at
    try:
        with transaction.atomic():
            panelist.save(update_fields=["starts_at", "ends_at"])
    except IntegrityError as error:
        raise Taken(_("%s has another interview at that time.") % panelist.name) from error


def give_back(interview: Interview) -> None:
    """Take the time away again: nobody is booked for it any more. Call inside a verb's transaction."""
    interview.starts_at = interview.ends_at = interview.candidate = interview.agreed_at = None
    interview.wall_clock = ""
    interview.save(update_fields=["starts_at", "ends_at", "candidate", "agreed_at", "wall_clock"])
    release(interview)


def release(interview: Interview) -> None:
    """Nobody is booked for it any more; the interview itself still tells when it would have been."""
    interview.panelists.update(starts_at=None, ends_at=None)


def on_the_wall(interview: Interview) -> str:
    """What people were told: the time by the clocks of the interview's zone, by the rules of that zone today."""
    return interview.starts_at.astimezone(ZoneInfo(interview.zone)).isoformat() if interview.starts_at else ""


def _conflict(error: IntegrityError) -> str:
    if "interviewer_is_in_one_interview" in str(error):
        return _("One of the interviewers has another interview at that time. Please choose another one.")
    return _("The candidate has another interview at that time. Please choose another one.")
