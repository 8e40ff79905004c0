"""Doorbell of references: rung by the sweep alone, for nobody waits for it by the second."""

from celery import shared_task
from django.utils.timezone import now

from references.naming import expiry


@shared_task
def expire_due() -> None:
    """End what nobody answers, and ask for somebody else."""
    expiry.expire_due(at=now())
