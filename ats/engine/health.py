"""Whether the parts answer: /healthz for all that a person must see to, /readyz for what this web process needs.

A load balancer asks /readyz: a web process serves pages without Redis, worker and beat (mails wait in the database),
so only a database that is away, or older than the code, takes it out. Monitoring asks /healthz: it is 503 as soon as
somebody must look. Both tell all that they found, in words.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ats.engine import beside, bounded, heartbeat, looking, schema
from ats.engine.models import HighWaterMark


@dataclass
class Health:
    """What was found. `gone`: parts that do not answer; `see_to`: what waits for a person; ages in seconds."""

    gone: list[str] = field(default_factory=list)
    see_to: list[str] = field(default_factory=list)
    heartbeat_seconds: float | None = None
    oldest_due_seconds: float | None = None
    due_seconds: dict[str, float] = field(default_factory=dict)
    waiting_for_a_person: dict[str, int] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not (self.gone or self.see_to)


def _is_news(record: logging.LogRecord) -> bool:
    # Monitoring asks every few seconds; an outage would fill the log with its own question.
    path = getattr(getattr(record, "request", None), "path", "")
    return not path.endswith(("/healthz", "/readyz", "/metrics"))


logging.getLogger("django.request").addFilter(_is_news)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when every part answers and nothing waits for a person, else 503 that names each."""
    at = now()
    health = Health()
    try:
        health = bounded.within(lambda: _of_database(at))
    except Error:
        health.gone.append("database")
    _ask_redis(health, at)
    return _told(health.is_well, vars(health))


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when this process can serve pages. A broker that is away delays mails; it does not stop pages."""
    at = now()
    health, missing = Health(), list[str]()
    try:
        missing, health = bounded.within(lambda: _ready(at))
    except Error:
        health.gone.append("database")
    stopping = [*health.gone, *([schema.in_words(missing)] if missing else [])]
    health.gone = list(stopping)
    _ask_redis(health, at)
    return _told(not stopping, {**vars(health), "stopping": stopping})


def _ready(at: datetime) -> tuple[list[str], Health]:
    # Tables that an older schema lacks cannot be asked.
    missing = schema.pending()
    return missing, Health() if missing else _of_database(at)


def examine(*, at: datetime) -> Health:
    """Ask every part, on the connection of the caller."""
    health = Health()
    try:
        health = _of_database(at)
    except Error:
        health.gone.append("database")
    _ask_redis(health, at)
    return health


def _of_database(at: datetime) -> Health:
    health = Health()
    if missing := schema.pending():
        health.gone.append(schema.in_words(missing))
        return health
    waiting = looking.due(at=at)
    health.due_seconds = {str(one.kind.name): one.seconds for one in waiting}
    health.oldest_due_seconds = max(health.due_seconds.values(), default=None)
    health.waiting_for_a_person = looking.in_trouble()
    health.see_to = list(_to_see_to(health, waiting, at))
    return health


def _to_see_to(health: Health, waiting: list[looking.Due], at: datetime) -> Any:
    """What is worth waking somebody for, in words without names."""
    if HighWaterMark.objects.filter(restored_at__isnull=False).exists():
        yield "the outbox is held: somebody decides on the page Engine how to go on"
        return  # what is held waits on purpose
    if error := looking.mail_server_trouble(at=at):
        yield f"mails do not leave ({error})"
    for one in waiting:
        if one.is_late:
            yield f"{one.kind.name} wait for {one.seconds:.0f} s"
    if doubtful := health.waiting_for_a_person["uncertain"]:
        yield f"{doubtful} mails perhaps left: somebody decides"
    if failed := looking.failed_lately(at=at):
        yield f"{failed} mails failed within a day"


def _ask_redis(health: Health, at: datetime) -> None:
    try:
        beside.client().ping()
    except beside.AWAY:
        health.gone.append("redis")
        return
    health.heartbeat_seconds = heartbeat.age(at=at)
    if health.heartbeat_seconds is None:
        health.gone.append("worker or beat (no heartbeat yet)")
    elif health.heartbeat_seconds > heartbeat.longest():
        health.gone.append(f"worker or beat (no heartbeat for {health.heartbeat_seconds:.0f} s)")


def _told(is_well: bool, found: dict[str, Any]) -> HttpResponse:
    return JsonResponse({"ok": is_well, **found}, status=200 if is_well else 503)
