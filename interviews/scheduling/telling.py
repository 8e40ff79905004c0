"""Telling everybody who takes part: agreed, changed, off. Each reader gets a mail of their own with a calendar entry.

Call these inside a verb's transaction, with the application locked, after `booking` has written the time
(`tell_cancelled`: before it is given back, so that calendars learn which hour comes free). They move what hangs on the
time, too: deadlines of scorecards, reminders. What was queued before and did not leave yet is overtaken and never does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from candidates.models import Ask, Document, Message
from candidates.post import holding, mail
from interviews.models import Interview, Panelist
from interviews.scheduling import calendar, deadlines
from interviews.scheduling.calendar import Reader

OVERTAKEN = "Overtaken by a later change."


def tell_agreed(interview: Interview, *, at: datetime) -> None:
    """A time was agreed for the first time, or anew after it had been given back: everybody is invited."""
    if interview.sequence:  # a cancellation was told before; calendars want a higher number than that
        _count_up(interview)
    _begin(interview, at=at)
    if _ask_of_candidate(interview):
        _tell_candidate(interview, template="interviews/agreed", at=at)
    else:
        _tell_candidate(interview, template="interviews/invitation", at=at)
    for panelist in panel_of(interview):
        tell_panelist(panelist, at=at)


def tell_changed(interview: Interview, *, at: datetime) -> None:
    """Time, length or place are others now: the same entry, one number later."""
    _count_up(interview)
    _begin(interview, at=at)
    _tell_candidate(interview, template="interviews/changed", at=at)
    _keep_present(interview, when_and_where(interview))
    for panelist in panel_of(interview):
        _tell_interviewer(panelist, template="interviews/panel_changed", at=at)


def tell_cancelled(interview: Interview, *, at: datetime, by_candidate: bool = False) -> None:
    """It does not take place at the time that was agreed; without one nobody expects anybody, and nobody is told."""
    _overtake(interview)
    if interview.starts_at is None:
        return
    _count_up(interview)
    data = {"by_candidate": by_candidate}
    entry = calendar.cancellation(interview, Reader.candidate(interview.application.candidate), at=at)
    _tell_candidate(interview, template="interviews/cancelled", at=at, entry=entry, outlives_ask=True, data=data)
    for panelist in panel_of(interview):
        tell_released(panelist, at=at, because="candidate" if by_candidate else "cancelled")
    _stop(interview, at=at)


def tell_panelist(panelist: Panelist, *, at: datetime) -> None:
    """Invite one interviewer: the mail with their page, and the calendar entry."""
    asked = panelist.scorecard.ask
    first = f"ask:{asked.pk}"
    key = _key(panelist.interview, f"ask:{asked.pk}") if Message.objects.filter(key=first).exists() else first
    _tell_interviewer(panelist, template="interviews/scorecard", at=at, key=key, data=about(panelist))


def tell_released(panelist: Panelist, *, at: datetime, because: str) -> None:
    """Take the entry out of one interviewer's calendar.

    Args:
        because: "cancelled" or "candidate" when it does not take place, "released" when they alone are free.
    """
    entry = calendar.cancellation(panelist.interview, Reader.asked(panelist.scorecard.ask), at=at)
    data = {"because": because, "url": ""}  # without a button: their page has ended, or waits for another time
    _tell_interviewer(panelist, template="interviews/panel_cancelled", at=at, entry=entry, outlives_ask=True, data=data)


def remind_candidate(interview: Interview, *, which: str, at: datetime) -> Message:
    """It comes in a day or in an hour (`which`: "day", "hour"); nothing of it leaves once it has begun."""
    data, key = {"which": which}, f"remind:{which}:candidate"
    return _tell_candidate(interview, template="interviews/reminder", at=at, key=key, reminds=True, data=data)


def remind_interviewer(panelist: Panelist, *, which: str, at: datetime) -> Message:
    """As `remind_candidate`."""
    key = _key(panelist.interview, f"remind:{which}:ask:{panelist.scorecard.ask_id}")
    data = {"which": which} | about(panelist)
    return _tell_interviewer(panelist, template="interviews/panel_reminder", at=at, key=key, reminds=True, data=data)


def about(panelist: Panelist) -> dict[str, Any]:
    """What the first mail says besides the time: the kit and how long it takes, whether there is a résumé to read."""
    application, wording = panelist.interview.application, panelist.scorecard.wording
    content = wording.content if wording else {}
    resumes = application.documents.filter(kind=Document.Kind.RESUME)
    return {
        "kit": content.get("kit", ""),
        "kit_minutes": sum(part["minutes"] for part in content.get("parts", [])),
        "has_resume": application.plan.shows_resume and resumes.exists(),
    }


def when_and_where(interview: Interview) -> dict[str, Any]:
    """The facts of an agreed interview, for the template of a mail."""
    return {
        "starts_at": interview.starts_at.isoformat() if interview.starts_at else "",
        "minutes": interview.minutes,
        "place": interview.place,
        "video_link": interview.video_link,
    }


def _begin(interview: Interview, *, at: datetime) -> None:
    _overtake(interview)
    deadlines.follow(interview, at=at)


def _stop(interview: Interview, *, at: datetime) -> None:
    """Nothing hangs on this time any more; where scorecards are still wanted they wait for another one."""
    gone = Interview(application=interview.application, pk=interview.pk)
    deadlines.follow(gone, at=at)
    interview.remind_at = None
    _keep_present(interview, {"starts_at": ""})


def _keep_present(interview: Interview, facts: dict[str, Any]) -> None:
    """A link that is sent anew comes with the words of the first mail: let them tell what is true by then."""
    keys = [f"ask:{panelist.scorecard.ask_id}" for panelist in panel_of(interview)]
    for message in Message.objects.filter(key__in=keys):
        message.data = message.data | facts
        message.save(update_fields=["data"])


def _count_up(interview: Interview) -> None:
    Interview.objects.filter(pk=interview.pk).update(sequence=F("sequence") + 1)
    interview.sequence += 1


def _overtake(interview: Interview) -> None:
    """What was written about this interview and has not left yet: one later word is enough."""
    waiting = Message.objects.filter(application=interview.application_id, status__in=holding.WAITING)
    cards = Ask.objects.filter(scorecard__panelist__interview=interview)
    firsts = [f"ask:{pk}" for pk in cards.values_list("pk", flat=True)]
    overtaken = {"status": Message.Status.CANCELLED, "error": OVERTAKEN}
    waiting.filter(key__startswith=f"interview:{interview.pk}:").update(**overtaken)
    waiting.filter(key__in=firsts).update(**overtaken)


def _tell_candidate(
    interview: Interview,
    *,
    template: str,
    at: datetime,
    key: str = "candidate",
    entry: str = "",
    reminds: bool = False,
    outlives_ask: bool = False,
    data: dict[str, Any] | None = None,
) -> Message:
    application, asked = interview.application, _ask_of_candidate(interview)
    reader = Reader.candidate(application.candidate)
    if asked:
        asked.opens_at = min(asked.opens_at, at)  # one that waits for nobody opens late, its mails do not
    return mail.queue(
        application,
        template,
        key=_key(interview, key),
        at=at,
        ask=asked,
        calendar="" if reminds else entry or calendar.invitation(interview, reader, at=at),
        outlives_ask=outlives_ask,
        leaves_by=interview.starts_at if reminds else None,
        data=when_and_where(interview) | (data or {}),
    )


def _tell_interviewer(
    panelist: Panelist,
    *,
    template: str,
    at: datetime,
    key: str = "",
    entry: str = "",
    reminds: bool = False,
    outlives_ask: bool = False,
    data: dict[str, Any] | None = None,
) -> Message:
    interview, asked = panelist.interview, panelist.scorecard.ask
    return mail.queue(
        interview.application,
        template,
        key=key or _key(interview, f"ask:{asked.pk}"),
        at=at,
        ask=asked,
        calendar="" if reminds else entry or calendar.invitation(interview, Reader.asked(asked), at=at),
        outlives_ask=outlives_ask,
        leaves_by=interview.starts_at if reminds else None,
        data=when_and_where(interview) | (data or {}),
    )


def _ask_of_candidate(interview: Interview) -> Ask | None:
    """By whose link the candidate may still change the time; who was invited to a fixed time has none."""
    asked = Ask.objects.filter(interview=interview).first()
    return asked if asked and asked.is_open else None


def panel_of(interview: Interview) -> list[Panelist]:
    """Who interviews as it stands now, each with what they were asked."""
    panel = list(interview.panelists.standing().select_related("scorecard__ask", "scorecard__wording"))
    for panelist in panel:
        panelist.interview = interview
    return panel


def _key(interview: Interview, whom: str) -> str:
    return f"interview:{interview.pk}:{interview.sequence}:{whom}"
