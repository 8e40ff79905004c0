"""Doorbells of the post: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from candidates.post import asks, delivery


@shared_task
def send(pk: str) -> None:
    """Deliver one message, if it is still due."""
    delivery.deliver(pk, at=now())


@shared_task
def send_due() -> None:
    """Deliver what is due: what rings were lost for, what failed before, what waited for its time."""
    delivery.sweep(clock=now)


@shared_task
def remind_due() -> None:
    """Queue the reminders that are due, and tell recruiters what did not come."""
    asks.remind_due(at=now())
    asks.escalate_due(at=now())
