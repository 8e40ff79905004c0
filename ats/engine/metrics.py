"""/metrics for Prometheus: everything is read from the database and Redis when it is asked for.

So it does not matter which of several processes answers, and nothing is counted twice. The questions are those of the
page Engine: partial indexes answer them, whatever the tables have grown to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import CollectorRegistry

from ats.automation.models import Firing
from ats.engine import beside, bounded, heartbeat, looking, restoring, schema, sweeps
from candidates.post.models import Ask, Message
from candidates.post.reminding.models import Reminder

LATELY = timedelta(minutes=15)
DAY = timedelta(days=1)  # what leaves lately was mostly written within a day; older ones are not worth a scan
QUEUES = ("urgent", "mail", "work", "celery")
SCRAPE_SECONDS = 5.0  # a scrape may take longer than a probe
UNSETTLED = (Message.Status.QUEUED, Message.Status.SENDING)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for whoever may read them; for all others there is nothing here."""
    if not may_read(request):
        return HttpResponse("Not found.\n", status=404, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Collector(now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Whoever shows METRICS_TOKEN. Without one, this machine alone, and nobody where a proxy stands in front.

    A proxy on this machine makes everybody look like this machine.
    """
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if settings.BEHIND_PROXY or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class Collector:
    """All numbers as of one moment. What does not answer is told as `rapport_up` 0, and its numbers are left out."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        """Every family of numbers."""
        up = _family("up", "Whether a part answers.", "part")
        try:
            families = bounded.within(lambda: list(_of_database(self.at)), seconds=SCRAPE_SECONDS)
            up.add_metric(["database"], 1)
        except Error:
            families = []
            up.add_metric(["database"], 0)
        yield from families
        try:
            families = list(_of_redis(self.at))
            up.add_metric(["redis"], 1)
        except beside.AWAY:
            families = []
            up.add_metric(["redis"], 0)
        yield from families
        yield up

    def describe(self) -> list[Metric]:
        """Nothing in advance: registering must not ask."""
        return []


def _family(name: str, told: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"rapport_{name}", told, labels=labels)


def _of_database(at: datetime) -> Iterator[Metric]:
    if missing := schema.pending():
        yield _one("schema_missing_migrations", "Migrations that this version still waits for.", len(missing))
        return
    yield _mails()
    yield _lately("mails_15m", "Mails by what became of them in the last 15 minutes.", _mails_lately(at), "status")
    yield _lately("reminders_15m", "Reminders that were due in the last 15 minutes.", _reminders_lately(at), "why")
    yield _lately("firings_15m", "What rules did in the last 15 minutes.", _firings_lately(at), "outcome")
    yield _oldest(at)
    yield _trouble()
    yield _asks(at)
    yield _one("outbox_held", "Whether nothing leaves until an administrator goes on.", restoring.is_held() is not None)
    yield _one("database_bytes", "Size of the database.", _size())


def _one(name: str, told: str, value: float) -> Metric:
    family = _family(name, told)
    family.add_metric([], float(value))
    return family


def _mails() -> Metric:
    family = _family("mails", "Mails that are not settled, by state.", "status")
    for status in UNSETTLED:
        family.add_metric([status], Message.objects.filter(status=status).order_by().count())
    return family


def _mails_lately(at: datetime) -> QuerySet[Any]:
    return Message.objects.filter(created_at__gt=at - DAY, claimed_at__gt=at - LATELY)


def _reminders_lately(at: datetime) -> QuerySet[Any]:
    return Reminder.objects.filter(due_at__gt=at - DAY, at__gt=at - LATELY)


def _firings_lately(at: datetime) -> QuerySet[Any]:
    return Firing.objects.filter(at__gt=at - LATELY)


def _lately(name: str, told: str, rows: QuerySet[Any], label: str) -> Metric:
    family = _family(name, told, label)
    for value, count in rows.order_by().values_list(label).annotate(n=Count("pk")):
        family.add_metric([str(value) or "mailed"], count)
    return family


def _oldest(at: datetime) -> Metric:
    family = _family("oldest_due_seconds", "Age of the oldest row whose time has come.", "kind")
    ages = {one.kind.name: one.seconds for one in looking.due(at=at)}
    for kind in looking.KINDS:
        family.add_metric([kind.name], ages.get(kind.name, 0.0))
    return family


def _trouble() -> Metric:
    family = _family("waiting_for_a_person", f"Rows that a person must see to, up to {looking.COUNTED}.", "kind")
    for name, count in looking.in_trouble().items():
        family.add_metric([name], count)
    return family


def _asks(at: datetime) -> Metric:
    family = _family("asks", "Requests that are open.", "state")
    opened = Ask.objects.open().order_by()
    overdue = opened.filter(due_at__lte=at).count()
    family.add_metric(["overdue"], overdue)
    family.add_metric(["in_time"], opened.filter(due_at__gt=at).count())
    return family


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _of_redis(at: datetime) -> Iterator[Metric]:
    queues = _family("queue_length", "Rings that no worker has taken yet.", "queue")
    with beside.client().pipeline(transaction=False) as pipeline:
        for queue in QUEUES:
            pipeline.llen(queue)
        for queue, length in zip(QUEUES, pipeline.execute(), strict=True):
            queues.add_metric([queue], length)
    yield queues
    if (age := heartbeat.age(at=at)) is not None:
        yield _one("heartbeat_age_seconds", "Since a worker answered beat.", age)
    seconds, ages = (
        _family("sweep_seconds", "How long each sweep took the last time.", "sweep"),
        _family("sweep_age_seconds", "How long ago each sweep ran.", "sweep"),
    )
    failed = _family("sweep_failed", "Whether a sweep ended with an error the last time.", "sweep")
    for run in sweeps.last(at=at):
        if run.at is not None:
            seconds.add_metric([run.label], run.seconds)
            ages.add_metric([run.label], (at - run.at).total_seconds())
            failed.add_metric([run.label], float(not run.is_well))
    yield from (seconds, ages, failed)
