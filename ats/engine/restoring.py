"""After an older copy of the database was brought back: nothing leaves or acts until a person says go on (F44).

Between that copy and now mails left of which it knows nothing: everything that waits in it may have been sent. So
what waits is held, the sweeps do nothing, and an administrator decides on the page Engine or by
`manage.py after_restore`. Rows that came after the copy are gone, and so are the links that led to them; their
numbers are passed over, so that such a link never opens what is made next for somebody else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, TextChoices
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.automation.models import Rule
from ats.engine import marks
from ats.engine.models import HighWaterMark
from ats.rejections import actions as rejections
from ats.rejections.models import PlannedRejection
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask, Message

PASSED_OVER = 1_000_000  # numbers that the lost rows may have had
RESTORED = "Held: an older copy of the database was brought back, so it may have been sent already."
BY_HAND = "Held: an administrator stopped all mails."
DOUBTFUL = "An older copy of the database was brought back; it may have been sent already."
CANCELLED = "It was due before an older copy of the database was brought back."
Status = Message.Status
logger = logging.getLogger(__name__)


class Choice(TextChoices):
    """How to go on."""

    CANCEL = "cancel", gettext_lazy("cancel what was due before")
    SEND = "send", gettext_lazy("send what waits")
    KEEP = "keep", gettext_lazy("keep it held, to decide one by one")


@dataclass(frozen=True)
class Told:
    """What going on did, or would do, in numbers."""

    due: int  # mails whose time had come before the hold
    later: int  # mails whose time comes after it: they leave as planned
    solemn: int  # of those that were due: rejections, offers, hires, reference requests
    reminders: int
    rejections: int
    rules: int


def grow(*, at: datetime) -> None:
    """Let the mark grow by one, and its twin after it; unless this turns out to be an older copy."""
    if must_wait(at=at):
        return
    with transaction.atomic():
        first = {"number": marks.first_number(), "at": at}
        HighWaterMark.objects.get_or_create(pk=1, defaults=first)
        HighWaterMark.objects.filter(pk=1).update(number=F("number") + 1, at=at)
        number = HighWaterMark.objects.values_list("number", flat=True).get(pk=1)
    marks.write(number, at=at)


def must_wait(*, at: datetime) -> bool:
    """Whether nothing may leave or act now. Whoever finds that this is an older copy holds the outbox at once."""
    mark = HighWaterMark.objects.filter(pk=1).first()
    if mark is None:
        return False  # nothing ran here yet
    if mark.restored_at:
        return True
    finding = marks.compare(mark.number)
    if finding == marks.Finding.SAME:
        return False
    # The number that was read may have been overtaken by a heartbeat meanwhile; look again under its lock.
    return hold(at=at, is_restored=True)


@transaction.atomic
def hold(*, at: datetime, is_restored: bool) -> bool:
    """Hold all that waits to be sent, until a person goes on. True when it is held now.

    Args:
        at: now.
        is_restored: because the twins say so (looked at again here), not because somebody asked.
    """
    first = {"number": marks.first_number(), "at": at}
    HighWaterMark.objects.get_or_create(pk=1, defaults=first)
    mark = HighWaterMark.objects.select_for_update().get(pk=1)
    if mark.restored_at:
        return True
    finding = marks.compare(mark.number)
    if is_restored and finding == marks.Finding.SAME:
        return False
    HighWaterMark.objects.filter(pk=1).update(restored_at=at)
    held = _hold_mails(RESTORED if is_restored else BY_HAND)
    if is_restored:
        _pass_over_numbers()
    logger.warning("The outbox is held (%s): %s mails wait for a person.", finding if is_restored else "asked", held)
    return True


def is_held() -> datetime | None:
    """Since when the outbox is held, if it is."""
    return HighWaterMark.objects.filter(pk=1).values_list("restored_at", flat=True).first()


def look(*, at: datetime) -> Told:
    """What there is to decide on, in numbers, before anybody does."""
    since = is_held() or at
    held = Message.objects.filter(status=Status.HELD, error__in=[RESTORED, BY_HAND])
    due = held.filter(next_try_at__lte=since)
    return Told(
        due=due.count(),
        later=held.filter(next_try_at__gt=since).count(),
        solemn=due.filter(solemn=True).count(),
        reminders=Ask.objects.reminders_due(since).count(),
        rejections=PlannedRejection.objects.due(since).count(),
        rules=Rule.objects.exclude(mode=Rule.Mode.OFF).count(),
    )


@transaction.atomic
def go_on(choice: Choice, *, at: datetime, by: Actor) -> Told:
    """Let the engine work again, after somebody looked.

    Args:
        choice: what becomes of mails that were due before the hold. Sent ones keep their Message-ID; solemn ones that
            perhaps left become "perhaps sent", each for a person to decide. Unless they are sent, reminders, planned
            rejections and occasions of rules that were due before the hold are passed over: they had their turn in
            the time that this copy does not know. Mails whose time comes later always leave as planned.
        at, by: now, and who decided.

    Raises:
        NotAllowed: nothing is held (any more).
    """
    mark = HighWaterMark.objects.select_for_update().filter(pk=1, restored_at__isnull=False).first()
    if mark is None or mark.restored_at is None:
        raise NotAllowed(_("Nothing is held any more."))
    told = look(at=at)
    _settle(choice, mark.restored_at)
    if choice != Choice.SEND:
        _pass_over(mark.restored_at, at, by)
    number = marks.highest(mark.number) + 1
    HighWaterMark.objects.filter(pk=1).update(restored_at=None, number=number, at=at)
    # Not after the commit: a twin that is ahead of a commit that failed only holds the outbox once more.
    marks.write(number, at=at, is_thorough=True)
    logger.warning("The outbox goes on (%s): %s", choice, vars(told))
    return told


def _hold_mails(why: str) -> int:
    """Those that wait; of a copy also those that were being sent when it was made: nobody is at them any more."""
    waiting = [Status.QUEUED, Status.SENDING] if why == RESTORED else [Status.QUEUED]
    return Message.objects.filter(status__in=waiting).update(status=Status.HELD, error=why, claimed_at=None)


def _pass_over_numbers() -> None:
    """Let every table's numbers go on well past those that the lost rows had."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + %s)
            FROM pg_sequences WHERE schemaname = current_schema() AND data_type = 'bigint'::regtype
            """,
            [PASSED_OVER],
        )


def _settle(choice: Choice, since: datetime) -> None:
    held = Message.objects.filter(status=Status.HELD, error__in=[RESTORED, BY_HAND])
    again = {"status": Status.QUEUED, "error": "", "attempts": 0}
    held.filter(next_try_at__gt=since).update(**again)
    if choice == Choice.CANCEL:
        held.update(status=Status.CANCELLED, error=CANCELLED)
    elif choice == Choice.SEND:
        held.filter(solemn=True, error=RESTORED).update(status=Status.UNCERTAIN, error=DOUBTFUL)
        held.update(**again)


def _pass_over(since: datetime, at: datetime, by: Actor) -> None:
    next_one = RawSQL("(SELECT min(later) FROM unnest(remind_later) AS later WHERE later > %s)", [at])
    Ask.objects.reminders_due(since).update(remind_at=next_one)
    Ask.objects.escalations_due(since).update(escalate_at=None)
    for planned in PlannedRejection.objects.due(since).select_related("application"):
        rejections.undo(planned, at=at, by=by)
    Rule.objects.exclude(mode=Rule.Mode.OFF).update(since=at)
