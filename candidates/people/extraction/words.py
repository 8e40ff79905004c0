"""The words of every document: asked for when it is stored, read later by a worker, never by a page.

A row of `DocumentText` waits until a worker claims it. A worker that dies leaves it claimed for the length of the lease
only; after a few attempts the row says in words why there are none. Nothing waits for it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop
from psycopg.errors import ProgramLimitExceeded

from candidates.people import filetypes
from candidates.people.extraction import child
from candidates.people.extraction.child import ChildFailed, Limits, TookTooLong, TooMuchMemory, TooMuchOutput
from candidates.people.models import Document, DocumentText
from candidates.post.doorbell import ring_on_commit

State = DocumentText.State
Clock = Callable[[], datetime]

MOST_CHARACTERS = 200_000
MOST_ATTEMPTS = 3
LEASE = timedelta(minutes=2)  # a child lives 20 s at most; the rest is fetching the file and a slow machine
PAUSES = (timedelta(minutes=1), timedelta(minutes=15))
TURN = timedelta(seconds=25)  # a sweep begins no further document after that; the next one goes on
MISSED = 20_000  # documents without a row that one search gives one
BATCH = 1000
LIMITS = Limits(output=4 * MOST_CHARACTERS)  # a character takes four bytes at most

PROGRAMS = Path(child.__file__).parent / "programs"
PROGRAM_OF = {
    kind.content_type: PROGRAMS / f"{kind.name.lower()}.py"
    for kind in (filetypes.PDF, filetypes.DOCX, filetypes.ODT, filetypes.RTF, filetypes.TXT)
}
ENCRYPTED, TOO_LARGE = 50, 51  # exit codes of the programs, which must not import this
WAS_ENCRYPTED = gettext_noop("It is encrypted, and perhaps locked with a password.")
WAS_TOO_LARGE = gettext_noop("It is too large when it is unpacked.")
WAS_SLOW = gettext_noop("Reading it took too long.")
WAS_BROKEN = gettext_noop("It is damaged, or not quite what its type says.")
WAS_AWAY = gettext_noop("The file could not be fetched.")
WAS_DEADLY = gettext_noop("Reading it was broken off several times.")
WITHOUT_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}


# Tables and archives, which whoever imports reads; our own letters, which say what somebody is paid; mails as they
# came.
UNREAD = (Document.Kind.IMPORT, Document.Kind.OFFER, Document.Kind.MAIL)


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt. With `again` it may be better next time."""

    state: State
    text: str = ""
    error: str = ""
    again: bool = False


def wait_for(document: Document, *, at: datetime) -> None:
    """Have the words of `document` read soon. Call in the transaction that stores it."""
    if document.kind in UNREAD:
        return
    DocumentText.objects.create(document=document, next_try_at=at)
    ring_on_commit("candidates.people.tasks.read", document.pk)


def read(document: int, *, clock: Clock) -> None:
    """Read the words of the document with this key, if they are still waited for and nobody is at it."""
    _read_one(DocumentText.objects.filter(document=document), clock)


def sweep(*, clock: Clock) -> int:
    """Read what is due, one document after the other, for less than half a minute; returns how many were looked at."""
    until, count = clock() + TURN, 0
    while clock() < until and _read_one(DocumentText.objects.all(), clock):
        count += 1
    return count


def find_missed(*, at: datetime) -> int:
    """Give documents a row that have none, because they are older than this; returns how many."""
    missed = Document.objects.filter(words=None).exclude(kind__in=UNREAD).order_by("pk")
    keys = list(missed.values_list("pk", flat=True)[:MISSED])
    rows = (DocumentText(document_id=pk, next_try_at=at) for pk in keys)
    DocumentText.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(keys)


def _read_one(which: QuerySet[DocumentText], clock: Clock) -> bool:
    """Claim, read and settle one row of `which`; False when none is due."""
    row = _claim(which, clock())
    if row is None:
        return False
    outcome = _attempt(row) if row.attempts <= MOST_ATTEMPTS else Outcome(State.FAILED, error=WAS_DEADLY)
    _settle(row, outcome, at=clock())
    return True


@transaction.atomic
def _claim(which: QuerySet[DocumentText], at: datetime) -> DocumentText | None:
    due = which.filter(state=State.WAITING, next_try_at__lte=at).order_by("next_try_at")
    row = due.select_for_update(skip_locked=True).only("document_id", "attempts").first()
    if row is not None:
        row.attempts += 1  # who finishes must still have this number: it is the fencing token
        row.next_try_at = at + LEASE
        row.save(update_fields=["attempts", "next_try_at"])
    return row


def _attempt(row: DocumentText) -> Outcome:
    document = Document.objects.get(pk=row.document_id)
    try:
        with document.file.open("rb") as content:
            text = text_of(content, document.content_type)
    except ChildFailed as failure:
        return Outcome(State.FAILED, error=_reason(failure), again=isinstance(failure, TookTooLong))
    except OSError:
        return Outcome(State.FAILED, error=WAS_AWAY, again=True)
    return Outcome(State.READ, text) if text else Outcome(State.EMPTY)


def text_of(content: IO[bytes], content_type: str) -> str:
    """The words in a file of one of the types that we take, at most `MOST_CHARACTERS`, fit for the database.

    Takes up to 20 seconds, therefore never called by a page.

    Raises:
        ChildFailed: it cannot be read.
        OSError: `content` cannot be fetched.
    """
    program = PROGRAM_OF[content_type]
    said = child.run(program, content, str(MOST_CHARACTERS), limits=LIMITS)
    # Compatible forms made one: many PDFs write "ﬁ" as one letter, and nobody searches for that.
    text = unicodedata.normalize("NFKC", said.decode("utf-8", "ignore")).translate(WITHOUT_CONTROLS)
    return text.strip()[:MOST_CHARACTERS]


def _reason(failure: ChildFailed) -> str:
    if isinstance(failure, TookTooLong):
        return WAS_SLOW
    if isinstance(failure, TooMuchMemory | TooMuchOutput) or failure.code == TOO_LARGE:
        return WAS_TOO_LARGE
    return WAS_ENCRYPTED if failure.code == ENCRYPTED else WAS_BROKEN


def _settle(row: DocumentText, outcome: Outcome, *, at: datetime) -> None:
    """Write down what came of it, unless somebody else has claimed the row meanwhile."""
    mine = DocumentText.objects.filter(pk=row.pk, attempts=row.attempts, state=State.WAITING)
    if outcome.again and row.attempts < MOST_ATTEMPTS:
        mine.update(next_try_at=at + PAUSES[row.attempts - 1], error=outcome.error)
    else:
        _write(mine, outcome)


def _write(mine: QuerySet[DocumentText], outcome: Outcome) -> None:
    """Keep the words, or as many of them as the database can index: it takes about a megabyte of different ones."""
    text = outcome.text
    while True:
        try:
            with transaction.atomic():
                mine.update(state=outcome.state, text=text, error=outcome.error)
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, ProgramLimitExceeded):
                raise
            text = text[: len(text) // 2]
