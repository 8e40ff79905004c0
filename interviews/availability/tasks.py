"""Doorbells of the calendars: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from interviews.availability.feeds import actions


@shared_task
def read_calendars() -> None:
    """Read the calendars that are due."""
    actions.sweep(clock=now)
