"""Asking help desks for figures: once a day, or now.

Every time the last days are read anew, because ratings come late and tickets are opened again; what is known already
stays as it is. A day's figure that the help desk does not tell any more is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from candidates.pipeline import NotAllowed
from candidates.post import doorbell
from candidates.stages import Stage
from trials.figures import agents, keeping
from trials.figures.desks import connections
from trials.figures.desks.connections import Connect
from trials.figures.desks.interface import NotFetched, Row
from trials.figures.keeping import Measured
from trials.figures.models import Figure, FigureFetch
from trials.offering.models import Trial

EVERY = timedelta(days=1)
AFTER_FAILURE = timedelta(hours=1)
LEASE = timedelta(minutes=20)  # longer than a conversation may take
DAYS = timedelta(days=14)  # that are read anew each time
FARTHEST = timedelta(days=90)  # back, where a trial began before the help desk was connected
FETCH = "trials.tasks.fetch_figures"
Clock = Callable[[], datetime]
Missing = dict[str, str]  # metrics that were not given, and why


def sweep(*, clock: Clock, connect: Connect = connections.connect) -> int:
    """Ask every help desk that is due and that no other worker asks just now; returns how many."""
    return sum(fetch(tool, clock=clock, connect=connect) for tool in connections.configured())


@transaction.atomic
def ask_now(tool: str, *, at: datetime) -> FigureFetch:
    """Let the worker ask a help desk at once.

    Raises:
        NotAllowed: the settings do not name it.
    """
    if tool not in connections.configured():
        raise NotAllowed(_("This help desk is not connected."))
    row, _is_new = FigureFetch.objects.get_or_create(tool=tool)
    FigureFetch.objects.filter(pk=row.pk).update(tried_at=None)
    doorbell.ring_on_commit(FETCH)
    return row


def succeeded(row: FigureFetch) -> bool:
    """Whether the last time gave figures, if perhaps not all."""
    return bool(row.tried_at and row.fetched_until and row.fetched_until >= row.tried_at.astimezone(_zone()).date())


def fetch(tool: str, *, clock: Clock, connect: Connect = connections.connect) -> bool:
    """Ask one help desk, if it is due and nobody else does; whether it was asked."""
    at = clock()
    claimed = _claim(tool, at)
    if claimed is None:
        return False
    since, until = _days(claimed, at)
    try:
        desk = connect(tool)
        rows = list(desk.figures(since, until))
    except NotFetched as failure:
        _mine(tool, at).update(tried_at=at, claimed_at=None, error=str(failure))
    else:
        _keep(tool, rows, desk.missing, since, until, at=at)
    return True


def _claim(tool: str, at: datetime) -> FigureFetch | None:
    """Take the connection; two workers never have the same."""
    row, _is_new = FigureFetch.objects.get_or_create(tool=tool)
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE)
    if FigureFetch.objects.filter(free, _due(at), pk=row.pk).update(claimed_at=at):
        return FigureFetch.objects.get(pk=row.pk)
    return None


def _due(at: datetime) -> Q:
    """Never tried or asked for now; a day after a success; an hour after a failure, which leaves the day behind."""
    failed = Q(fetched_until=None) | Q(fetched_until__lt=TruncDate("tried_at", tzinfo=_zone()))
    return Q(tried_at=None) | Q(tried_at__lte=at - EVERY) | (failed & Q(tried_at__lte=at - AFTER_FAILURE))


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _days(claimed: FigureFetch, at: datetime) -> tuple[date, date]:
    """From which day to which: two weeks, and whatever was missed since the last time or since a trial began."""
    today = at.astimezone(_zone()).date()
    missed = claimed.fetched_until or _first_trial() or today
    return max(min(today - DAYS, missed), today - FARTHEST), today


def _first_trial() -> date | None:
    running = Trial.objects.current().agreed().filter(application__stage=Stage.TRIAL)
    return running.aggregate(first=Min("starts_on"))["first"]


@transaction.atomic
def _keep(tool: str, rows: Sequence[Row], missing: Missing, since: date, until: date, *, at: datetime) -> None:
    """Keep what was told, and when it was told, unless another worker went on meanwhile."""
    why = " ".join(sorted(set(missing.values())))
    if not _mine(tool, at).update(fetched_until=until, tried_at=at, claimed_at=None, error=why):
        return
    keys = agents.known(tool, [row.person for row in rows], at=at)
    figures = [
        Measured(keys[row.person.key], row.metric, row.day, row.day, row.value, row.n, row.spread) for row in rows
    ]
    _forget(tool, figures, missing, since, until)
    keeping.keep(figures, run=None)


def _forget(tool: str, figures: Sequence[Measured], missing: Missing, since: date, until: date) -> None:
    """Take away the figures of single days that came from here and are not told any more: a ticket that was opened
    again, a rating that was withdrawn."""
    told = {(one.agent, one.metric, one.starts_on) for one in figures}
    known = Figure.objects.filter(
        agent__tool=tool, run=None, starts_on__gte=since, starts_on__lte=until, ends_on=F("starts_on")
    ).exclude(metric__in=missing)
    gone = [pk for pk, *key in known.values_list("pk", "agent", "metric", "starts_on") if tuple(key) not in told]
    Figure.objects.filter(pk__in=gone).delete()


def _mine(tool: str, at: datetime) -> QuerySet[FigureFetch]:
    return FigureFetch.objects.filter(tool=tool, claimed_at=at)
