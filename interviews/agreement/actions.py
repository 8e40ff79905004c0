"""Asking for a report about how far raters agree."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from candidates.models import User
from candidates.post import doorbell
from interviews.agreement.models import AgreementReport

COMPUTE = "interviews.agreement.tasks.compute"
ONE_AT_A_TIME = 4_100_409  # the advisory lock of those who ask


@transaction.atomic
def ask_for_report(*, at: datetime, by: User) -> AgreementReport:
    """Ask for a new computation and ring for a worker; while one waits or is under way, it is that one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    found = AgreementReport.objects.waiting().first()
    if found is None:
        found = AgreementReport.objects.create(asked_at=at, asked_by=by)
    doorbell.ring_on_commit(COMPUTE)
    return found
