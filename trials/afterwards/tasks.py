"""Doorbell of what follows a hire: it reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from trials.afterwards import ending


@shared_task
def end_unanswered() -> None:
    """End what nobody answers."""
    ending.end_unanswered(at=now())
