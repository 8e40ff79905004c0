"""Rows that are not taken, for a spreadsheet: nothing in them can act there as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing

from django.utils.translation import gettext as _

from ats.importing import tables, work
from ats.importing.models import Import, ImportRow
from ats.importing.tables import Format, NotATable
from ats.spreadsheets import BOM, harmless


def refused(run: Import) -> Iterator[str]:
    """The file as text, piece by piece: number and reason first, then the row as it stood in the file."""
    header = [column["name"] for column in run.columns]
    yield BOM + _line([_("Row"), _("Not taken because"), *header])
    results = run.results.filter(fate=ImportRow.Fate.REFUSED).order_by("number")
    reasons = dict(results.values_list("number", "reason"))
    told = set()
    for number, cells in _cells(run, set(reasons)):
        told.add(number)
        yield _line([str(number), reasons[number], *cells])
    for number, name in results.exclude(number__in=told).values_list("number", "name"):  # the file is gone
        yield _line([str(number), reasons[number], name])


def _cells(run: Import, numbers: set[int]) -> Iterator[tuple[int, list[str]]]:
    if not numbers:
        return
    try:
        with work.local(run.table) as path, closing(tables.lines(path, Format(**run.mapping["format"]))) as lines:
            for line in lines:
                if line.number in numbers:
                    yield line.number, line.cells
    except (work.Ended, NotATable):
        return


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([harmless(cell) for cell in cells])
    return written.getvalue()
