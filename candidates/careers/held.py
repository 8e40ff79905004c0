"""Files that wait for a form: the form carries a signed token of each, browsers do not keep files.

A token opens nothing and shows nothing; it only lets the form that carries it use the file once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core import signing

from candidates.jobs.models import Job
from candidates.people.documents import DocumentField
from candidates.people.models import Document

HELD_FOR = timedelta(days=1)
SALT = "candidates.held"


class FileGone(Exception):
    """A held file is not there any more, or belongs to another application; `args[0]` is its key."""


class FileBox(DocumentField):
    """A file to choose; a file that came before stands in for a new one, and the form carries its token."""

    held: Document | None = None
    token = ""

    def keep(self, document: Document | None, job: Job, name: str) -> None:
        """Show `document`, or nothing."""
        self.held = document
        self.token = token(document, job, name) if document else ""


def token(document: Document, job: Job, name: str) -> str:
    """What the form of `job` carries for the box `name`."""
    return signing.dumps([document.pk, job.pk, name], salt=SALT)


def find(tokens: Mapping[str, str], job: Job, *, at: datetime) -> dict[str, Document]:
    """The files behind these tokens, by the name of the box; those that are gone or of another form are left out.

    A file that was given to an application already is found too: it is the same form, sent once more. One query at
    most.
    """
    keys = {name: _key(text, job, name) for name, text in tokens.items()}
    wanted = {key for key in keys.values() if key}
    found = Document.objects.in_bulk(wanted) if wanted else {}
    return {name: found[key] for name, key in keys.items() if key in found and is_there(found[key], at)}


def is_there(document: Document, at: datetime) -> bool:
    """Whether its time is not over."""
    return document.expires_at is None or document.expires_at > at


def _key(text: str, job: Job, name: str) -> int | None:
    try:
        document, of_job, box = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return document if (of_job, box) == (job.pk, name) else None
