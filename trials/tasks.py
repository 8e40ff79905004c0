"""Doorbells and sweeps of trials: each reads the clock and calls one function."""

from __future__ import annotations

from celery import shared_task
from django.utils.timezone import now

from trials.check_ins import warnings
from trials.figures import work as importing
from trials.figures.desks import actions as desks


@shared_task
def import_figures(pk: int) -> None:
    """Do one import of figures, if it waits."""
    importing.work(pk, clock=now)


@shared_task
def import_waiting_figures() -> None:
    """Go on with imports of figures that wait: whose rings were lost, whose workers were killed."""
    importing.sweep(clock=now)


@shared_task
def raise_warnings() -> None:
    """Look at the trials that go on for what should be looked at early."""
    warnings.raise_due(at=now())


@shared_task
def fetch_figures() -> None:
    """Ask the help desks that are due for their figures."""
    desks.sweep(clock=now)
