"""Doorbells of the post: each reads the clock and calls one function."""

from celery import shared_task
from celery.signals import worker_shutting_down
from django.utils.timezone import now

from candidates.post import delivery
from candidates.post.reminding import actions as reminding
from candidates.post.sending import stopping


@worker_shutting_down.connect
def stop_sending(**_told: object) -> None:
    """Celery waits for the tasks in hand; a sweep of mails in mid batch ends after the mail in hand."""
    stopping.ask()


@shared_task
def send(pk: str) -> None:
    """Deliver one message, if it is still due."""
    delivery.deliver(pk, at=now())


@shared_task
def send_urgent(pk: str) -> None:
    """The same for one that somebody waits for; in a queue of its own."""
    delivery.deliver(pk, at=now())


@shared_task
def send_due() -> None:
    """Deliver what is due: what rings were lost for, what failed before, what waited for its time."""
    delivery.sweep(clock=now)


@shared_task
def send_urgent_due() -> None:
    """Deliver what is due of the urgent ones."""
    delivery.sweep(clock=now, urgent_only=True)


@shared_task
def remind_due() -> None:
    """Queue the reminders that are due, and tell recruiters what did not come."""
    reminding.remind_due(at=now())
    reminding.escalate_due(at=now())
