"""Handing on what a colleague was asked: the reading of a letter, a phone screen, a to-do.

The old request ends with its link and its draft; the colleague who takes over begins with an empty card, so that
nobody reads what somebody else thought.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.post.asks import NotOpen
from candidates.post.models import LETTER, Ask
from candidates.post.reminding import calendars, working_time
from candidates.post.to_dos import actions as to_dos
from candidates.post.to_dos.models import ToDo
from candidates.screening.actions import team
from candidates.screening.calls.actions import CHOOSE
from candidates.screening.models import CallSlot
from candidates.staff.models import User

HANDED_ON = "ask.handed_on"
PHONE = "screening:phone"
PAGES = (LETTER, PHONE, to_dos.PAGE)
LONGEST_WORD = 300
A_DAY = timedelta(days=1)


def possible() -> QuerySet[Ask]:
    """What can be handed on at all."""
    return Ask.objects.open().filter(page__in=PAGES, user__isnull=False)


def who_may(asked: Ask) -> QuerySet[User]:
    """To whom it may be given: of the job's team, and a judgement to nobody who has judged or is to judge already."""
    others = team(asked.application.job).exclude(pk=asked.user_id or 0)
    if asked.page == to_dos.PAGE:
        return others
    cards = Scorecard.objects.filter(application=asked.application_id, rater__isnull=False)
    theirs = cards.filter(Q(locked_at__isnull=False) | Q(ask__answered_at=None, ask__cancelled_at=None))
    return others.exclude(pk__in=theirs.values("rater"))


@transaction.atomic
def hand_on(asked: Ask, *, to: User, word: str, at: datetime, by: Actor) -> Ask:
    """Ask `to` instead. Who had it and who has it now get a mail each; the deadline stays, if a day is left.

    Args:
        word: what to tell who had it; may be empty.

    Raises:
        NotOpen: answered before, or no longer wanted.
        NotAllowed: `to` may not do it, or the candidate chooses among the times of whoever has it.
    """
    application = pipeline.lock(asked.application)
    current = possible().select_related("user").select_for_update(of=("self",)).filter(pk=asked.pk).first()
    if current is None:
        raise NotOpen
    current.application = application
    if not who_may(current).filter(pk=to.pk).exists():
        raise NotAllowed(_("%s cannot take this over: not of this job's team, or has a judgement of their own.") % to)
    _require_no_time(current)
    asks.cancel(current, at=at)
    told = word.strip()[:LONGEST_WORD]
    new = _ask(current, application, to, at=at)
    event = pipeline.record(application, HANDED_ON, at=at, by=by, who=current.name, to=new.name, reason=told)
    _tell_before(current, new, application, key=f"handed_on:{event.pk}", word=told, at=at)
    return new


def _require_no_time(asked: Ask) -> None:
    if asked.page != PHONE:
        return
    chooses = Ask.objects.open().filter(application=asked.application_id, page=CHOOSE).exists()
    if chooses or CallSlot.objects.filter(application=asked.application_id, caller=asked.user_id).exists():
        raise NotAllowed(
            _("The candidate chooses among the times of %s, or has chosen one. So the call stays with them.")
            % asked.name
        )


def _ask(current: Ask, application: Application, to: User, *, at: datetime) -> Ask:
    due_at = current.due_at
    if due_at < at + A_DAY:
        due_at = working_time.ahead(calendars.of_colleague(to), at, 1)
    first = current.messages.filter(key=f"ask:{current.pk}").first()
    is_manager = to.pk == application.job.hiring_manager_id
    told = {
        "page": current.page,
        "template": current.template,
        "title": current.title,
        "role": Ask.Role.MANAGER if is_manager else Ask.Role.RECRUITER,
        "name": str(to),
        "email": to.email,
        "user": to,
        "at": at,
        "within": application.plan.time_for(current.stage),
        "due_at": due_at,
        "data": first.data if first else {},
    }
    card = Scorecard.objects.select_related("wording").filter(ask=current).first()
    if card:
        words = card.wording.content if card.wording else None
        return judging.request_scorecard(application, Scorecard.Kind(card.kind), words=words, **told).ask
    told["is_mailed"] = not to_dos.is_blind(to, application)
    to_do = ToDo.objects.filter(ask=current)
    told["data"] = {"words": to_do.get().words}
    new = asks.ask(application, **told)
    to_do.update(ask=new)
    return new


def _tell_before(before: Ask, new: Ask, application: Application, *, key: str, word: str, at: datetime) -> None:
    """Whoever had it hears that it is not theirs any more; by what they were told it is about."""
    colleague = before.user
    if colleague is None or not (colleague.is_active and colleague.email):
        return
    data = {"name": str(colleague), "who": new.name, "what": before.title, "word": word}
    mail.queue_to_colleague(application, "candidates/handed_on", colleague, key=key, at=at, data=data)
