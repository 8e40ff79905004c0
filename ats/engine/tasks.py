"""The doorbell that beat rings and a worker answers, to show that both are there."""

from celery import shared_task
from django.utils.timezone import now

from ats.engine import heartbeat


@shared_task
def beat() -> None:
    """Record the heartbeat."""
    heartbeat.record(at=now())
