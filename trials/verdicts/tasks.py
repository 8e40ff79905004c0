"""Doorbell of verdicts: it reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from trials.verdicts import escalation


@shared_task
def escalate() -> None:
    """Tell of trials that near their end, or are over, without a verdict."""
    escalation.escalate(at=now())
