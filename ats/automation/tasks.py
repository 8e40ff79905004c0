"""Doorbell of the rules: rung after every event, and by the sweep."""

from celery import shared_task
from django.utils.timezone import now

from ats.automation import actions


@shared_task
def act() -> None:
    """Handle what rules have not handled."""
    actions.act(at=now())
