"""A person says whether a flag matters."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from references.flags.models import Flag

JUDGED = "references.flag_judged"


@transaction.atomic
def judge(flag: Flag, *, is_harmless: bool, note: str, at: datetime, by: Actor) -> None:
    """Say that a flag is harmless, or is not, and why. What was said before is replaced; the timeline keeps who did it.

    Raises:
        NotAllowed: without a reason for what is not harmless.
    """
    if not is_harmless and not note.strip():
        raise NotAllowed(_("Say in a sentence what you found: a colleague decides by it."))
    application = pipeline.lock(flag.reference.referee.application)
    flag.is_harmless, flag.note, flag.judged_at = is_harmless, note.strip(), at
    flag.judged_by, flag.judged_by_name = by.user, by.name
    flag.save(update_fields=["is_harmless", "note", "judged_at", "judged_by", "judged_by_name"])
    pipeline.record(application, JUDGED, at=at, by=by, flag=flag.pk)
