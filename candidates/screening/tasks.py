"""Doorbells of the screening: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from candidates.screening.calls import actions as calls
from candidates.screening.reading import actions as reading


@shared_task
def print_letters() -> None:
    """Find what new letters share with others."""
    reading.print_letters(at=now())


@shared_task
def tend_call_times() -> None:
    """Give free the times that nobody needs any more; tell callers who have none left."""
    calls.tend(at=now())
