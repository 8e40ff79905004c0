"""Doorbells of interviews: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from interviews import actions
from interviews.scheduling import reminders, zone_rules


@shared_task
def remind_due() -> None:
    """Tell both sides of interviews that come."""
    reminders.remind_due(at=now())


@shared_task
def tend() -> None:
    """Call off what nobody wants any more."""
    actions.tend(at=now())


@shared_task
def follow_zone_rules() -> None:
    """Keep interviews at the clock time that people were told."""
    zone_rules.follow(at=now())
