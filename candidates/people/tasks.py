"""Doorbells of documents: each reads the clock and calls one function."""

from celery import shared_task
from django.utils.timezone import now

from candidates.people import documents
from candidates.people.extraction import words


@shared_task
def read(document: int) -> None:
    """Read the words of one document, if they are still waited for."""
    words.read(document, clock=now)


@shared_task
def read_due() -> None:
    """Read what is waited for: what rings were lost for, what failed before."""
    words.sweep(clock=now)


@shared_task
def clean() -> None:
    """Once an hour: ask for words nobody asked for, delete what was held too long and files that nothing names."""
    at = now()
    words.find_missed(at=at)
    documents.sweep_held(at)
    documents.sweep_orphans(at)
