"""Describing the company."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from candidates.company import memory, notice
from candidates.company.models import ONLY, Company


@transaction.atomic
def describe(company: Company, *, addition: str, at: datetime) -> None:
    """Keep what an administrator wrote about the company, and a new version of the privacy notice if it changed.

    Args:
        company: the row with its new values, as `company.forms.CompanyForm` gives it.
        addition: what the company adds to the privacy notice.
        at: now; a new version is in force since then.
    """
    Company.objects.bulk_create([Company(pk=ONLY, name=company.name, changed_at=at)], ignore_conflicts=True)
    Company.objects.select_for_update(no_key=True).get(pk=ONLY)  # of two who save, one waits and takes the next version
    company.save(force_update=True)
    notice.revise(addition, at=at)
    # Whoever asked between this and the commit made us remember the old row again.
    transaction.on_commit(memory.forget)
