"""From a file to applications: receive it, name its columns, try it, run it, stop it, go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from ats.importing import presets
from ats.importing.models import Import, ImportMapping
from ats.importing.tables import Table
from ats.importing.uploads import TYPES, ZIP
from candidates.jobs.models import Job
from candidates.people import documents
from candidates.people.models import Document
from candidates.pipeline import NotAllowed
from candidates.post.doorbell import ring_on_commit
from candidates.staff.models import User

KEPT = timedelta(days=30)
DOORBELL = "ats.importing.tasks.work"
State = Import.State


def receive(
    job: Job, *, table: UploadedFile, looked: Table, resumes: UploadedFile | None, at: datetime, by: User
) -> Import:
    """Keep the files of an import for thirty days; what its columns mean is asked next.

    Args:
        job: where the applications go.
        table: the file.
        looked: what a look at it told.
        resumes: a ZIP of résumés, or nothing.
        at: now.
        by: who imports; they may do so (`work.targets`).

    Raises:
        documents.NotStored: the disk is full or away; nothing is kept.
    """
    header = [column["name"] for column in looked.columns()]
    preset = presets.recognise(header)
    with documents.atomic():
        kept = _hold(table, at, TYPES[looked.format.kind])
        return Import.objects.create(
            job=job,
            by=by,
            by_name=str(by),
            at=at,
            table=kept,
            resumes=_hold(resumes, at, ZIP) if resumes else None,
            name=kept.name,
            preset=preset.key if preset else "",
            columns=looked.columns(),
            mapping={"format": looked.format.as_json()},
            rows=looked.rows,
        )


def _hold(upload: UploadedFile, at: datetime, found: documents.FileType) -> Document:
    return documents.hold(upload, kind=Document.Kind.IMPORT, at=at, until=at + KEPT, found=found)


@transaction.atomic
def check(run: Import, *, columns: list[str], is_month_first: bool, takes_ends: bool, at: datetime) -> None:
    """Begin the dry run with these meanings of the columns, and remember them for files with the same header.

    Args:
        run: the import.
        columns: for each column of the file a key of `presets.FIELDS`, or a question of the job.
        is_month_first: how dates with slashes are meant.
        takes_ends: whether what is closed there is closed here.
        at: now.

    Raises:
        NotAllowed: it is under way or was carried out.
    """
    locked = _lock(run)
    if locked.is_at_work or locked.has_run:
        raise NotAllowed(_("This import is under way or done; begin a new one to name the columns otherwise."))
    chosen = {"columns": columns, "is_month_first": is_month_first, "takes_ends": takes_ends}
    header = presets.fingerprint([column["name"] for column in locked.columns])
    ImportMapping.objects.update_or_create(header=header, defaults={"columns": chosen, "used_at": at})
    locked.mapping = locked.mapping | chosen
    _begin(locked, State.CHECKING, {"began_at": at.isoformat()})


@transaction.atomic
def start(run: Import, *, at: datetime) -> None:
    """Carry out what the dry run told.

    Raises:
        NotAllowed: there was no dry run, or it was carried out already.
    """
    locked = _lock(run)
    if locked.state != State.CHECKED:
        raise NotAllowed(_("Only an import whose dry run is done can be started."))
    _begin(locked, State.RUNNING, {"began_at": at.isoformat(), "is_run": True})


def _begin(locked: Import, state: Import.State, counts: dict[str, object]) -> None:
    locked.results.all().delete()
    locked.state, locked.position, locked.counts = state, 0, counts
    locked.claimed_at, locked.attempts, locked.finished_at, locked.error = None, 0, None, ""
    locked.save()
    ring_on_commit(DOORBELL, locked.pk)


@transaction.atomic
def stop(run: Import, *, at: datetime) -> None:
    """Stop after the rows that are being worked on; what is done stays done.

    Raises:
        NotAllowed: it is not under way (any more).
    """
    at_work = Import.objects.at_work().filter(pk=run.pk)
    if not at_work.update(state=State.STOPPED, claimed_at=None, finished_at=at):
        raise NotAllowed(_("It is not under way any more."))


@transaction.atomic
def go_on(run: Import, *, at: datetime) -> None:
    """Go on from the row at which it was stopped or failed.

    Raises:
        NotAllowed: it was neither.
    """
    locked = _lock(run)
    if locked.state not in {State.STOPPED, State.FAILED}:
        raise NotAllowed(_("Only an import that was stopped or failed can go on."))
    locked.state = State.RUNNING if locked.has_run else State.CHECKING
    locked.counts = locked.counts | {"began_at": at.isoformat(), "began_from": locked.position}
    locked.claimed_at, locked.attempts, locked.finished_at, locked.error = None, 0, None, ""
    locked.save()
    ring_on_commit(DOORBELL, locked.pk)


def _lock(run: Import) -> Import:
    return Import.objects.select_for_update(no_key=True).get(pk=run.pk)
