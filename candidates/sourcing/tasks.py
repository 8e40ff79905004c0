"""Doorbells of the talent pool."""

from celery import shared_task
from django.utils.timezone import now

from candidates.sourcing import actions


@shared_task
def forget_unconfirmed() -> None:
    """Delete what was typed of people who never confirmed."""
    actions.forget_unconfirmed(at=now())
