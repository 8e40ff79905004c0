"""Whether the parts answer: /healthz for all of them, /readyz for what this web process needs."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ats.engine import heartbeat
from candidates.post.models import Message


@dataclass
class Health:
    """What was found: the parts that are gone, and two ages in seconds (None: unknown or nothing)."""

    gone: list[str] = field(default_factory=list)
    heartbeat_seconds: float | None = None
    oldest_due_seconds: float | None = None


def _is_news(record: logging.LogRecord) -> bool:
    # Monitoring asks every few seconds; an outage would fill the log with its own question.
    path = getattr(getattr(record, "request", None), "path", "")
    return not path.endswith(("/healthz", "/readyz"))


logging.getLogger("django.request").addFilter(_is_news)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when every part answers, else 503 naming each part that is gone."""
    health = examine(at=now())
    return JsonResponse({"ok": not health.gone, **vars(health)}, status=503 if health.gone else 200)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when this process can serve pages. A broker that is away delays mails; it does not stop pages."""
    gone = [] if _database_answers() else ["database"]
    return JsonResponse({"ok": not gone, "gone": gone}, status=503 if gone else 200)


def examine(*, at: datetime) -> Health:
    """Ask every part."""
    health = Health()
    _ask_database(health, at)
    _ask_redis(health, at)
    return health


def _ask_database(health: Health, at: datetime) -> None:
    try:
        health.oldest_due_seconds = _oldest_due(at)
    except Error:
        health.gone.append("database")


def _ask_redis(health: Health, at: datetime) -> None:
    if not _redis_answers():
        health.gone.append("redis")
        return
    health.heartbeat_seconds = heartbeat.age(at=at)
    if health.heartbeat_seconds is None:
        health.gone.append("worker or beat (no heartbeat yet)")
    elif health.heartbeat_seconds > heartbeat.longest():
        health.gone.append(f"worker or beat (no heartbeat for {health.heartbeat_seconds:.0f} s)")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _oldest_due(at: datetime) -> float | None:
    waiting = Message.objects.filter(status=Message.Status.QUEUED, next_try_at__lte=at)
    first = waiting.order_by("next_try_at").values_list("next_try_at", flat=True).first()
    return (at - first).total_seconds() if first else None


def _redis_answers() -> bool:
    # Not through the cache: that would wait as long as a broker that accepts and never answers.
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
