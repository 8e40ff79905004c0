"""Verbs of the desk that no stage owns."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from candidates.people.models import Application, Candidate, Note
from candidates.post.models import Ask
from candidates.staff.models import User


def add_note(application: Application, *, text: str, at: datetime, by: User) -> Note:
    """Keep a colleague's remark, for colleagues."""
    return Note.objects.create(application=application, author=by, author_name=str(by), text=text, at=at)


@transaction.atomic
def correct_contact(candidate: Candidate) -> None:
    """Save a corrected name, address, zone or language; mails that wait for the candidate's answer follow it."""
    candidate.save(update_fields=["name", "email", "phone", "zone", "language"])
    theirs = Ask.objects.open().filter(application__candidate=candidate, role=Ask.Role.CANDIDATE)
    theirs.update(name=candidate.name, email=candidate.email, zone=candidate.zone, language=candidate.language)
