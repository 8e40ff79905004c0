"""The doorbell that beat rings and a worker answers, to show that both are there."""

from celery import shared_task
from django.utils.timezone import now

from ats.engine import heartbeat, restoring


@shared_task
def beat() -> None:
    """Record the heartbeat, and let the high-water mark grow with it."""
    at = now()
    heartbeat.record(at=at)
    restoring.grow(at=at)
