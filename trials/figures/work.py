"""The work on an import of figures, batch by batch, each a transaction that also keeps how far it came.

Whoever does a batch holds the row of the import and sees that it still stands where they begin. So two workers, a
worker killed half way and a second ring change nothing: what is finished is finished once, and the next goes on from
there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from candidates.people.models import Document
from trials.figures import agents, tables
from trials.figures.keeping import Kept, Measured, keep
from trials.figures.metrics import Metric
from trials.figures.models import MOST_ATTEMPTS, FigureImport, RefusedRow
from trials.figures.periods import Period
from trials.figures.rows import Reading, Row
from trials.figures.tables import Format, Line, NotATable

BATCH = 1_000  # rows
HOPELESS = 1_000  # rows of which not one could be taken
MOST_CELLS = 200  # of a refused row that are kept, to be shown and mended
LONGEST_CELL = 200
State = FigureImport.State
ORDER = {metric: place for place, metric in enumerate(Metric)}
Clock = Callable[[], datetime]
logger = logging.getLogger(__name__)


class Ended(Exception):
    """The work cannot go on by itself; `str()` says why, for people."""


class Overtaken(Exception):
    """Another worker went on with the import, or somebody began it anew."""


def sweep(*, clock: Clock) -> None:
    """Go on with every import that no living worker has: its ring was lost, or its worker was killed."""
    for pk in FigureImport.objects.waiting(clock()).order_by("pk").values_list("pk", flat=True):
        work(pk, clock=clock)


def work(pk: int, *, clock: Clock) -> None:
    """Do the import `pk` from where it stands to its end, if it waits for somebody to do it."""
    run = _claim(pk, clock())
    if run is None:
        return
    try:
        _go(run, clock)
    except Overtaken:
        return
    except (Ended, NotATable) as failure:
        _fail(pk, str(failure), clock())


def _claim(pk: int, at: datetime) -> FigureImport | None:
    """Take an import that waits; one that killed its workers again and again is left to a person."""
    waiting = FigureImport.objects.waiting(at).filter(pk=pk)
    if waiting.filter(attempts__lt=MOST_ATTEMPTS).update(claimed_at=at, attempts=F("attempts") + 1):
        return FigureImport.objects.select_related("by", "table").get(pk=pk)
    if waiting.exists():
        _fail(pk, _("It was tried %d times and did not get on. Press Go on to try once more.") % MOST_ATTEMPTS, at)
    return None


def _fail(pk: int, error: str, at: datetime) -> None:
    running = FigureImport.objects.filter(pk=pk, state=State.RUNNING)
    running.update(state=State.FAILED, error=error, claimed_at=None, finished_at=at)


def _go(run: FigureImport, clock: Clock) -> None:
    if run.by is None or not (run.by.is_active and run.by.has_perm("candidates.change_application")):
        raise Ended(_("Whoever began this import may not do so any more."))
    reader = Reader(_reading(run, clock().date()))
    with opened(run) as file, closing(tables.lines(file, Format(**run.mapping["format"]))) as lines:
        next(lines, None)  # the header
        for line in islice(lines, run.position):
            reader.read(line)
        while batch := list(islice(lines, BATCH)):
            _finish(run, [reader.read(line) for line in batch], clock)
            _refuse_hopeless(run)
    _close(run, clock())


def _reading(run: FigureImport, today: date) -> Reading:
    told = run.mapping
    period = Period(*map(date.fromisoformat, told["period"])) if told["period"] else None
    return Reading(told["columns"], today, period, told["is_month_first"], told["chosen_decimal"])


class Reader:
    """Reads rows one after another and sees when the same agent and time come again.

    It remembers a few bytes a row, so that even the largest file fits into memory.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.seen: dict[tuple[int, int, int], int] = {}
        self.people: dict[str, int] = {}

    def read(self, line: Line) -> Row:
        """What the row says; a figure that stood there before is not taken again."""
        row = self.reading.row(line)
        if row.period is None or not row.figures:
            return row
        person = self.people.setdefault(row.person.key, len(self.people))
        key = (person, row.period.starts_on.toordinal(), row.period.ends_on.toordinal())
        metrics = self.seen.get(key, 0)
        fresh = [found for found in row.figures if not metrics & 1 << ORDER[found.metric]]
        for found in fresh:
            metrics |= 1 << ORDER[found.metric]
        self.seen[key] = metrics
        if len(fresh) < len(row.figures):
            row.wrongs.append(
                _("A row above tells the same of this agent and time; export it without what parts them, like a group.")
            )
            row.figures = fresh
        return row


@contextmanager
def opened(run: FigureImport) -> Generator[IO[bytes]]:
    """The file of the import.

    Raises:
        Ended: it was deleted, as all files of imports are after a while.
    """
    document: Document | None = run.table
    gone = _("The file was deleted meanwhile. Choose it once more in a new import.")
    if document is None:
        raise Ended(gone)
    try:
        file: Any = document.file.open("rb")
    except FileNotFoundError as error:
        raise Ended(gone) from error
    with file:
        yield file.file


def _finish(run: FigureImport, rows: Sequence[Row], clock: Clock) -> None:
    """Finish a batch; when it fails, in smaller ones, so that one bad row is named and the others are taken."""
    try:
        _batch(run, rows, clock())
    except (Overtaken, Ended, OperationalError, InterfaceError):
        raise  # the database is away: later, from here
    except Exception as error:
        logger.warning("import of figures %s: %d rows failed: %s", run.pk, len(rows), type(error).__name__)
        if len(rows) > 1:
            middle = len(rows) // 2
            _finish(run, rows[:middle], clock)
            _finish(run, rows[middle:], clock)
            return
        reason = _("It could not be kept (%s).") % type(error).__name__
        _batch(run, [Row(rows[0].line, wrongs=[reason])], clock())


@transaction.atomic
def _batch(run: FigureImport, rows: Sequence[Row], at: datetime) -> None:
    """One batch in one transaction, if the import still stands where `run` does."""
    locked = FigureImport.objects.select_for_update(no_key=True).get(pk=run.pk)
    if (locked.state, locked.position, locked.attempts) != (State.RUNNING, run.position, run.attempts):
        raise Overtaken
    kept = _keep(run, rows, at)
    refused = [_refusal(run, row) for row in rows if row.wrongs]
    RefusedRow.objects.bulk_create(refused, batch_size=500)
    locked.position += len(rows)
    locked.added, locked.changed, locked.same = (
        locked.added + kept.added, locked.changed + kept.changed, locked.same + kept.same
    )  # fmt: skip
    locked.refused += len(refused)
    locked.claimed_at, locked.attempts = at, 0
    locked.save()
    for name in ("position", "added", "changed", "same", "attempts"):
        setattr(run, name, getattr(locked, name))


def _keep(run: FigureImport, rows: Sequence[Row], at: datetime) -> Kept:
    taken = [row for row in rows if row.figures]
    keys = agents.known(run.tool, [row.person for row in taken], at=at)
    figures = [
        Measured(keys[row.person.key], found.metric, row.period.starts_on, row.period.ends_on, found.value, found.n)
        for row in taken
        if row.period
        for found in row.figures
    ]
    return keep(figures, run=run.pk)


def _refusal(run: FigureImport, row: Row) -> RefusedRow:
    cells = [cell[:LONGEST_CELL] for cell in row.line.cells[:MOST_CELLS]]
    return RefusedRow(run=run, number=row.line.number, reason=row.reason, cells=cells)


def _refuse_hopeless(run: FigureImport) -> None:
    """Stop early when not one row could be taken: the columns mean something else, or the file is another."""
    if run.position >= HOPELESS and not (run.added or run.changed or run.same):
        raise Ended(
            _("Of the first %d rows not one could be taken. Look at the reasons below, then at what the columns mean.")
            % run.position
        )


@transaction.atomic
def _close(run: FigureImport, at: datetime) -> None:
    """The end of the file: now the number of its rows is known for sure."""
    here = FigureImport.objects.filter(pk=run.pk, state=State.RUNNING, position=run.position)
    here.update(state=State.DONE, rows=run.position, claimed_at=None, finished_at=at, error="")
