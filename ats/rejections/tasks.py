"""Doorbell of planned rejections: rung by the sweep alone, for nobody waits for it by the second."""

from celery import shared_task
from django.utils.timezone import now

from ats.rejections import actions


@shared_task
def carry_out() -> None:
    """Carry out what is due."""
    actions.carry_out_due(at=now())
