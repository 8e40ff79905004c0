"""The doorbell of the mailbox: it reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from candidates.post.inbound import mailbox


@shared_task
def fetch() -> None:
    """Take in what is new in the mailbox for answers."""
    mailbox.poll(clock=now)
