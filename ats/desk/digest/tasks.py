"""Doorbell of the daily digest: rung by the sweep alone."""

from celery import shared_task
from django.utils.timezone import now

from ats.desk.digest import actions


@shared_task
def send() -> None:
    """Write the digests whose hour has come."""
    actions.send_due(at=now())
