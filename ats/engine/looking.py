"""What waits for its turn, and what waits for a person: a handful of questions that partial indexes answer.

None of them looks at rows that are settled, so they cost the same with a thousand mails and with a million.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ats.automation import occasions
from ats.automation.models import Firing
from ats.importing.models import Import
from ats.rejections.models import PlannedRejection
from candidates.people.models import DocumentText
from candidates.post.models import Ask, Message
from trials.figures.models import FigureImport

COUNTED = 1000  # past that the exact number helps nobody, and costs
LATELY = timedelta(days=1)
Status = Message.Status


@dataclass(frozen=True)
class Kind:
    """One kind of row that has a time: how its oldest due one is found, and how long it may wait."""

    name: str
    label: str | Promise
    oldest: Callable[[datetime], datetime | None]
    patience: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Due:
    """The oldest row of a kind whose time has come. `seconds` is never below zero."""

    kind: Kind
    since: datetime
    seconds: float

    @property
    def is_late(self) -> bool:
        """Whether it waits longer than it should, whatever the sweep is busy with."""
        return self.seconds > self.kind.patience.total_seconds()


def _first(rows: QuerySet[Any], field: str) -> datetime | None:
    found: datetime | None = rows.aggregate(first=Min(field))["first"]
    return found


KINDS = (
    Kind(
        "mails",
        _("mails"),
        lambda at: _first(Message.objects.filter(status=Status.QUEUED, next_try_at__lte=at), "next_try_at"),
    ),
    Kind("reminders", _("reminders"), lambda at: _first(Ask.objects.reminders_due(at), "remind_at")),
    Kind(
        "escalations", _("notices that nothing came"), lambda at: _first(Ask.objects.escalations_due(at), "escalate_at")
    ),
    Kind(
        "rejections",
        _("planned rejections"),
        lambda at: _first(PlannedRejection.objects.due(at), "due_at"),
    ),
    Kind("rules", _("what rules look at"), lambda at: occasions.oldest(at=at)),
    Kind(
        "documents",
        _("documents to be read"),
        lambda at: _first(
            DocumentText.objects.filter(state=DocumentText.State.WAITING, next_try_at__lte=at), "next_try_at"
        ),
        patience=timedelta(minutes=30),  # they take their time, and block nothing
    ),
    Kind("imports", _("imports"), lambda at: _first(_since(Import.objects.waiting(at)), "since")),
    Kind("figures", _("imports of figures"), lambda at: _first(_since(FigureImport.objects.waiting(at)), "since")),
)


def _since(imports: QuerySet[Any]) -> QuerySet[Any]:
    return imports.annotate(since=Coalesce("claimed_at", "at"))


def due(*, at: datetime) -> list[Due]:
    """The oldest due row of each kind that has one."""
    found = ((kind, kind.oldest(at)) for kind in KINDS)
    return [Due(kind, since, max(0.0, (at - since).total_seconds())) for kind, since in found if since]


TROUBLES: dict[str, Callable[[], QuerySet[Any]]] = {
    "uncertain": lambda: Message.objects.filter(status=Status.UNCERTAIN),
    "failed": lambda: Message.objects.filter(status=Status.FAILED),
    "held": lambda: Message.objects.filter(status=Status.HELD),
    "rules": lambda: Firing.objects.filter(outcome=Firing.Outcome.FAILED, settled_at=None),
    "documents": lambda: DocumentText.objects.filter(state=DocumentText.State.FAILED),
    "imports": lambda: Import.objects.filter(state=Import.State.FAILED),
    "figures": lambda: FigureImport.objects.filter(state=FigureImport.State.FAILED),
}


def in_trouble() -> dict[str, int]:
    """How many rows wait for a person, by what they are; counted up to `COUNTED`."""
    return {name: rows().order_by()[:COUNTED].count() for name, rows in TROUBLES.items()}


def failed(*, since: datetime) -> QuerySet[Message]:
    """Mails given up since then."""
    return Message.objects.filter(status=Status.FAILED, claimed_at__gt=since)


def failed_lately(*, at: datetime) -> int:
    """How many mails were given up within a day: after that they are no news, and stand in the list alone."""
    return failed(since=at - LATELY).order_by()[:COUNTED].count()


def mail_server_trouble(*, at: datetime) -> str:
    """Why mails do not leave: the newest error, when several failed and none left since; else nothing."""
    failing = Message.objects.filter(Q(error__gt=""), status=Status.QUEUED, attempts__gt=0)
    newest = failing.aggregate(at=Max("claimed_at"))["at"]
    if newest is None or failing.order_by()[:FEW].count() < FEW:
        return ""
    left = Message.objects.filter(status=Status.SENT, sent_at__gte=newest - timedelta(seconds=30))
    if left.filter(created_at__gt=at - LATELY).exists():  # by the index of when they were written
        return ""
    return str(failing.filter(claimed_at=newest).values_list("error", flat=True)[0]).partition(":")[0]


FEW = 3  # one mail alone may be at fault itself
