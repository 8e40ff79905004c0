"""Doorbell of erasing: rung by the sweep alone."""

from celery import shared_task
from django.utils.timezone import now

from ats.privacy import erasing


@shared_task
def take_what_came_late() -> None:
    """Empty what was written about somebody while they were erased."""
    erasing.take_what_came_late(at=now())
