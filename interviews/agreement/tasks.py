"""The doorbell of agreement reports."""

from celery import shared_task
from django.utils.timezone import now

from interviews.agreement import work


@shared_task
def compute() -> None:
    """Compute the reports that wait."""
    work.sweep(clock=now)
