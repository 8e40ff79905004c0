"""The verbs of figures: receive a file, say what its columns mean, go on, and say who somebody in a help desk is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.people import documents
from candidates.people.actors import Actor
from candidates.people.filetypes import FileType
from candidates.people.models import Application, Document
from candidates.pipeline import NotAllowed, record
from candidates.post.doorbell import ring_on_commit
from candidates.staff.models import User
from trials.figures import columns
from trials.figures.models import Agent, FigureImport, FigureMapping
from trials.figures.periods import Period
from trials.figures.tables import Table

KEPT = timedelta(days=30)
CSV = FileType("CSV", "text/csv", ".csv")
MOST_REMEMBERED = 500  # columns of a tool
State = FigureImport.State


def receive(tool: str, *, table: UploadedFile, looked: Table, at: datetime, by: User) -> FigureImport:
    """Keep an export for thirty days; what its columns mean is asked next.

    Args:
        tool: which help desk it is from, as its sender says.
        table: the file.
        looked: what a look at it told.
        at: now.
        by: who imports.

    Raises:
        documents.NotStored: the disk is full or away; nothing is kept.
    """
    told: dict[str, Any] = {"format": looked.format.as_json(), "dates": looked.dates, "decimal": looked.decimal}
    told |= {"is_decimal_open": looked.is_decimal_open}
    header = [look.name for look in looked.looks]
    with documents.atomic():
        kept = documents.hold(table, kind=Document.Kind.IMPORT, at=at, until=at + KEPT, found=CSV)
        return FigureImport.objects.create(
            tool=tool,
            by=by,
            by_name=str(by),
            at=at,
            table=kept,
            name=kept.name,
            columns=[look.as_json() for look in looked.looks],
            mapping=told | {"recognised": columns.recognise(header)},
            rows=looked.rows,
        )


@transaction.atomic
def settle_tool(run: FigureImport, tool: str, *, at: datetime) -> None:
    """Say which help desk a file is from after all; its columns are guessed anew, the file stays.

    Raises:
        NotAllowed: it is under way.
    """
    locked = _lock(run)
    _refuse_at_work(locked)
    locked.mapping = {key: told for key, told in locked.mapping.items() if key != "columns"} | {"is_settled": True}
    locked.tool = tool
    locked.save(update_fields=["mapping", "tool"])


@transaction.atomic
def start(
    run: FigureImport, *, meanings: list[str], period: Period | None, is_month_first: bool, decimal: str, at: datetime
) -> None:
    """Read the file with these meanings of its columns, from its first row, and remember them for this tool.

    Args:
        run: the import.
        meanings: for each column of the file a key of `columns.meanings`.
        period: for when all its figures are, where no column tells it.
        is_month_first: how dates like 03/04/2026 are meant.
        decimal: the sign before decimals, for numbers like 1,234.
        at: now.

    Raises:
        NotAllowed: it is under way, or it looks like the export of another tool and nobody has settled that.
    """
    locked = _lock(run)
    _refuse_at_work(locked)
    if locked.recognised:
        raise NotAllowed(_("Say first which help desk this file is from."))
    told = [period.starts_on.isoformat(), period.ends_on.isoformat()] if period else None
    locked.mapping |= {"columns": meanings, "period": told, "is_month_first": is_month_first, "chosen_decimal": decimal}
    _remember(locked, meanings, at)
    locked.refusals.all().delete()
    locked.position = locked.added = locked.changed = locked.same = locked.refused = 0
    _run(locked)


def _remember(run: FigureImport, meanings: list[str], at: datetime) -> None:
    """What was named last for this tool, newest last, so that a file with other columns forgets nothing."""
    named = {columns.plain(column["name"]): meaning for column, meaning in zip(run.columns, meanings, strict=True)}
    FigureMapping.objects.bulk_create([FigureMapping(tool=run.tool, changed_at=at)], ignore_conflicts=True)
    kept = FigureMapping.objects.select_for_update().get(tool=run.tool)
    older = {name: meaning for name, meaning in kept.columns.items() if name not in named}
    kept.columns = dict(list((older | {name: told for name, told in named.items() if name}).items())[-MOST_REMEMBERED:])
    kept.changed_at = at
    kept.save()


@transaction.atomic
def go_on(run: FigureImport, *, at: datetime) -> None:
    """Go on from the row at which it failed.

    Raises:
        NotAllowed: it did not fail.
    """
    locked = _lock(run)
    if locked.state != State.FAILED or "columns" not in locked.mapping:
        raise NotAllowed(_("Only an import that failed can go on."))
    _run(locked)


@transaction.atomic
def take_back(run: FigureImport, *, at: datetime) -> int:
    """Delete the figures that this import added or corrected last; returns how many. Its file and agents stay.

    Raises:
        NotAllowed: it is under way.
    """
    locked = _lock(run)
    _refuse_at_work(locked)
    number, _by_model = locked.figures.all().delete()
    locked.refusals.all().delete()
    locked.state, locked.finished_at, locked.error = State.MAPPING, None, ""
    locked.position = locked.added = locked.changed = locked.same = locked.refused = 0
    locked.save()
    return number


def _run(locked: FigureImport) -> None:
    locked.state = State.RUNNING
    locked.claimed_at, locked.attempts, locked.finished_at, locked.error = None, 0, None, ""
    locked.save()
    ring_on_commit("trials.tasks.import_figures", locked.pk)


@transaction.atomic
def match(agent: Agent, part: str, *, application: Application | None = None, at: datetime, by: User) -> None:
    """Say who an agent is; a wrong answer is corrected by another. Applications note who was taken for whom.

    Args:
        agent: somebody in a help desk.
        part: a value of `Agent.Part`; "new" takes the answer back.
        application: whose trial it is, for "trial".
        at: now.
        by: who says so.
    """
    locked = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    before, chosen = locked.application, application if part == Agent.Part.TRIAL else None
    if (locked.part, before) == (part, chosen):
        return
    locked.part, locked.application = part, chosen
    is_open = part == Agent.Part.NEW
    locked.matched_at, locked.matched_by_name = (None, "") if is_open else (at, str(by))
    locked.save()
    told = {"agent": str(locked), "tool": locked.get_tool_display()}
    if before:
        record(before, "figures.agent_removed", at=at, by=Actor.person(by), **told)
    if chosen:
        record(chosen, "figures.agent_matched", at=at, by=Actor.person(by), **told)


def _refuse_at_work(locked: FigureImport) -> None:
    if locked.is_at_work:
        raise NotAllowed(_("This import is under way. Wait until it is done."))


def _lock(run: FigureImport) -> FigureImport:
    return FigureImport.objects.select_for_update(no_key=True).get(pk=run.pk)
