"""Doorbells of the jobs: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from candidates.jobs import actions


@shared_task
def close_due() -> None:
    """Close the jobs whose closing date has come."""
    actions.close_due(at=now())
