"""Doorbells of the career site: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from candidates.careers import actions


@shared_task
def sweep_drafts() -> None:
    """Empty the drafts whose time is over."""
    actions.sweep_drafts(at=now())
