"""Doorbells of imports: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from ats.importing import work as working


@shared_task
def work(pk: int) -> None:
    """Do one import, if it waits."""
    working.work(pk, clock=now)


@shared_task
def work_waiting() -> None:
    """Go on with imports that wait: whose rings were lost, whose workers were killed."""
    working.sweep(clock=now)
