"""The work on an import, chunk by chunk, each a transaction that also keeps how far it came.

Whoever does a chunk holds the row of the import and sees that it still stands where they begin. So two workers, a
worker killed half way and a second ring change nothing: what is finished is finished once, and the next goes on from
there.
"""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ats.desk import roles
from ats.importing import tables, taking
from ats.importing.archive import NotAnArchive, Resumes
from ats.importing.models import MOST_ATTEMPTS, Import, ImportRow
from ats.importing.rows import Reading
from ats.importing.tables import Format, Line, NotATable
from ats.importing.taking import Judge, Judged
from candidates.company.models import Company
from candidates.jobs.models import Job, JobQuestion
from candidates.people import documents
from candidates.people.models import Document

CHUNK = 500  # rows
CHUNK_WITH_FILES = 25
State = Import.State
Clock = Callable[[], datetime]
logger = logging.getLogger(__name__)


class Ended(Exception):
    """The work cannot go on by itself; `str()` says why, for people."""


class Overtaken(Exception):
    """Somebody stopped the import, or another worker went on with it."""


def sweep(*, clock: Clock) -> None:
    """Go on with every import that no living worker has: its ring was lost, or its worker was killed."""
    for pk in Import.objects.waiting(clock()).order_by("pk").values_list("pk", flat=True):
        work(pk, clock=clock)


def work(pk: int, *, clock: Clock) -> None:
    """Do the dry run or the import `pk` from where it stands to its end, if it waits for somebody to do it."""
    run = _claim(pk, clock())
    if run is None:
        return
    try:
        _go(run, clock)
    except Overtaken:
        return
    except (Ended, NotATable, NotAnArchive) as failure:
        _fail(pk, str(failure), clock())


def _claim(pk: int, at: datetime) -> Import | None:
    """Take an import that waits; one that killed its workers again and again is left to a person."""
    waiting = Import.objects.waiting(at).filter(pk=pk)
    if waiting.filter(attempts__lt=MOST_ATTEMPTS).update(claimed_at=at, attempts=F("attempts") + 1):
        return Import.objects.select_related("by", "job", "table", "resumes").get(pk=pk)
    if waiting.exists():
        _fail(pk, _("It was tried %d times and did not get on. Press Go on to try once more.") % MOST_ATTEMPTS, at)
    return None


def _fail(pk: int, error: str, at: datetime) -> None:
    Import.objects.at_work().filter(pk=pk).update(state=State.FAILED, error=error, claimed_at=None, finished_at=at)


def _go(run: Import, clock: Clock) -> None:
    reading = _reading(run, clock())
    with _files(run) as (path, resumes):
        judge = Judge(reading, resumes)
        size = CHUNK_WITH_FILES if resumes else CHUNK
        with closing(_rows(path, run)) as rows:
            for line in islice(rows, run.position):
                judge.pass_by(line)
            while lines := list(islice(rows, size)):
                _finish(run, [judge.judge(line) for line in lines], resumes, clock)
    _close(run, clock())


def _rows(path: Path, run: Import) -> Generator[Line]:
    """The rows under the header."""
    with closing(tables.lines(path, Format(**run.mapping["format"]))) as lines:
        next(lines, None)
        for count, line in enumerate(lines, start=1):
            if count > tables.MOST_ROWS:
                raise tables.too_long()
            yield line


def _reading(run: Import, at: datetime) -> Reading:
    """How the rows are read, if whoever began this may still do so."""
    if run.job is None or run.by is None or not roles.recruits(run.by, run.job):
        raise Ended(_("Whoever began this import does not recruit for the job any more."))
    jobs: dict[str, Job | None] = {}
    for job in targets(run.by):
        title = job.title.casefold()
        jobs[title] = None if title in jobs else job
    return Reading(
        meanings=run.mapping["columns"],
        job=run.job,
        jobs=jobs,
        questions=JobQuestion.objects.filter(job__in=[job.pk for job in targets(run.by)]).in_bulk(),
        country=Company.current().country,
        language=settings.LANGUAGE_CODE,
        at=at,
        is_month_first=run.mapping.get("is_month_first", False),
        takes_ends=run.mapping.get("takes_ends", False),
    )


def targets(user: object) -> list[Job]:
    """The jobs into which `user` may import: those they recruit for, once opened (before, the plan is not theirs)."""
    jobs = Job.objects.visible_to(user).filter(opened_at__isnull=False).prefetch_related("recruiters")
    return [job for job in jobs.order_by("title", "pk") if roles.recruits(user, job)]


@contextmanager
def _files(run: Import) -> Iterator[tuple[Path, Resumes | None]]:
    """The table and the archive as local files, wherever documents are kept."""
    with ExitStack() as stack:
        path = stack.enter_context(local(run.table))
        resumes = None
        if run.resumes:
            resumes = Resumes.open(stack.enter_context(local(run.resumes)))
            stack.callback(resumes.close)
        yield path, resumes


@contextmanager
def local(document: Document | None) -> Iterator[Path]:
    """A copy of the document's file on this machine.

    Raises:
        Ended: it was deleted, as all files of imports are after a while.
    """
    if document is None:
        raise Ended(_("The file was deleted meanwhile. Choose it once more in a new import."))
    with tempfile.NamedTemporaryFile() as copy:
        try:
            with document.file.open("rb") as kept:
                for piece in kept.chunks():
                    copy.write(piece)
        except FileNotFoundError as error:
            raise Ended(_("The file was deleted meanwhile. Choose it once more in a new import.")) from error
        copy.flush()
        yield Path(copy.name)


def _finish(run: Import, judged: Sequence[Judged], resumes: Resumes | None, clock: Clock) -> None:
    """Finish a chunk; when it fails, row by row, so that one bad row is named and the others are taken."""
    try:
        _chunk(run, judged, resumes, clock())
    except (Overtaken, OperationalError, InterfaceError, documents.NotStored):
        raise  # the database or the disk is away: later, from here
    except Exception as error:
        logger.warning("import %s: %d rows failed: %s", run.pk, len(judged), type(error).__name__)
        if len(judged) > 1:
            for row in judged:
                _finish(run, [row], resumes, clock)
            return
        reason = _("It could not be kept (%s).") % type(error).__name__
        _chunk(run, [Judged(judged[0].number, judged[0].name, reason=reason)], resumes, clock())


def _chunk(run: Import, judged: Sequence[Judged], resumes: Resumes | None, at: datetime) -> None:
    """One chunk in one transaction, if the import still stands where `run` does."""
    with documents.atomic():
        locked = Import.objects.select_for_update(no_key=True).get(pk=run.pk)
        if (locked.state, locked.position) != (run.state, run.position):
            raise Overtaken
        is_run = run.state == State.RUNNING
        results = taking.take(judged, run, resumes, at=at) if is_run else taking.tell(judged, run)
        ImportRow.objects.bulk_create(results)
        fates = Counter(locked.counts_of_fates()) + Counter(str(row.fate) for row in results)
        counts = locked.counts | dict(fates)
        position = locked.position + len(judged)
        Import.objects.filter(pk=run.pk).update(position=position, counts=counts, claimed_at=at, attempts=0)
    run.position = position


@transaction.atomic
def _close(run: Import, at: datetime) -> None:
    """The end of the file: now the number of its rows is known for sure."""
    here = Import.objects.at_work().filter(pk=run.pk, state=run.state, position=run.position)
    done = State.DONE if run.state == State.RUNNING else State.CHECKED
    here.update(state=done, rows=run.position, claimed_at=None, finished_at=at, error="")
