"""Tables that people send us: what kind of file it is, its header, and its rows one after another.

Rows are read as a stream, so that a hundred thousand take no more memory than ten. Files made by spreadsheet programs
are read by a process of its own (`sheet.py`).
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ats.importing import archive
from candidates.people.extraction.child import START

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 1_000_000  # characters
SAMPLES = 2
PIECE = 1024 * 1024
DELIMITERS = ",;\t|"
CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
CSV, XLSX = "csv", "xlsx"
SHEET = Path(__file__).with_name("sheet.py")  # never imported: its reader stays out of our own processes
MEMORY = 1024 * 1024 * 1024  # bytes of address space for its reader
SECONDS = 120  # of computing
SHEET_IS_BROKEN = 3  # its exit code
WITH_GUARD = {"OPENPYXL_LXML": "False"}  # else it reads XML without its guard against bombs
ENCRYPTED_OR_OLD = b"\xd0\xcf\x11\xe0"
csv.field_size_limit(LONGEST_CELL)  # of the whole process; nobody else here reads CSV


class NotATable(Exception):
    """The file cannot be read as a table; `str()` says why and what to do next."""


@dataclass(frozen=True)
class Format:
    """How the file is written."""

    kind: str
    encoding: str = ""
    delimiter: str = ""

    def as_json(self) -> dict[str, str]:
        """To be kept with the import."""
        return asdict(self)


@dataclass(frozen=True)
class Line:
    """A row, numbered as a spreadsheet does (the header is mostly 1). `wrong` says why it could not be read."""

    number: int
    cells: list[str]
    wrong: str = ""


@dataclass(frozen=True)
class Table:
    """What a look at the whole file tells. `rows` is 0 where only reading everything would tell."""

    format: Format
    header: list[str]
    samples: list[list[str]] = field(default_factory=list)
    rows: int = 0

    def columns(self) -> list[dict[str, Any]]:
        """Each column with its name and some of what stands in it."""
        return [
            {"name": name, "samples": [row[place][:200] for row in self.samples if place < len(row)]}
            for place, name in enumerate(self.header)
        ]


def examine(path: Path) -> Table:
    """Look at the file.

    Raises:
        NotATable: it is none, or has no header, no rows, or more than we take.
    """
    form = _format(path)
    with closing(lines(path, form)) as found:
        header = next(found, None)
        if header is None:
            raise NotATable(_("This file is empty. Export it again and choose it once more."))
        names = [_plain(cell) for cell in header.cells]
        _refuse_header(names)
        samples = [line.cells for line in islice(found, SAMPLES)]
        if not samples:
            raise NotATable(_("This file has a header but no rows under it."))
        rows = SAMPLES + sum(1 for _line in found) if form.kind == CSV and len(samples) == SAMPLES else 0
    if rows > MOST_ROWS:
        raise too_long()
    return Table(form, names, [[_plain(cell) for cell in row] for row in samples], rows)


def too_long() -> NotATable:
    """What to say of a table with more rows than we take."""
    return NotATable(_("This file has more than 100,000 rows. Split it into several imports."))


def lines(path: Path, form: Format) -> Generator[Line]:
    """Every row of the file that is not empty, the header first; close it when you do not read to the end.

    Raises:
        NotATable: a spreadsheet that its reader gave up on.
    """
    return _sheet_lines(path) if form.kind == XLSX else _csv_lines(path, form)


def _refuse_header(names: list[str]) -> None:
    if len(names) > MOST_COLUMNS:
        raise NotATable(_("This file has more than 200 columns. Leave out those that you do not need."))
    if len([name for name in names if name]) < 2:  # a name and an address stand in two columns at least
        raise NotATable(
            _("We found no columns in this file. It must begin with a row of names, separated by commas, semicolons "
              "or tabs.")
        )  # fmt: skip
    if any("@" in name for name in names):
        raise NotATable(_("The first row must hold the names of the columns; here it holds a mail address."))


def _plain(cell: str) -> str:
    """A cell as a page can show it, without what no database keeps."""
    return " ".join(cell.replace("\0", "").split())[:300]


def _format(path: Path) -> Format:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise NotATable(_("This file is empty. Export it again and choose it once more."))
    if start.startswith(b"PK\x03\x04"):
        return _of_archive(path)
    if start.startswith(ENCRYPTED_OR_OLD):
        raise NotATable(_("This file is encrypted, or of an old Excel. Save it as CSV or XLSX without a password."))
    if start.startswith(b"%PDF") or start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise _no_table()
    encoding = _encoding(path, start)
    return Format(CSV, encoding, _delimiter(path, encoding))


def _no_table() -> NotATable:
    return NotATable(_("This is not a table that we can read. Save it as CSV or XLSX and choose it again."))


def _of_archive(path: Path) -> Format:
    try:
        with path.open("rb") as file, archive.directory(file) as found:
            names = {name.lower() for name in found.namelist()}
    except archive.NotAnArchive as error:
        raise NotATable(str(error)) from error
    if any(name.endswith("vbaproject.bin") for name in names):
        raise NotATable(_("This file holds macros, which are programs. Save it as plain XLSX or CSV."))
    if "xl/workbook.xml" not in names:
        raise NotATable(_("This is a ZIP, not a table. Résumés go into the second box; the table goes here."))
    return Format(XLSX)


def _encoding(path: Path, start: bytes) -> str:
    likely: tuple[str, ...]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        likely = ("utf-16",)
    elif start[1::2].count(0) > len(start) // 4:
        likely = ("utf-16-le",)
    elif start[0::2].count(0) > len(start) // 4:
        likely = ("utf-16-be",)
    elif len(BINARY.findall(start)) > 10:
        raise _no_table()
    else:
        likely = ("utf-8-sig", "windows-1252")
    found = next((name for name in likely if _reads_as(path, name)), None)
    if found is None:
        raise NotATable(_("We cannot tell the letters of this file. Save it as CSV in UTF-8 and choose it again."))
    return found


def _reads_as(path: Path, encoding: str) -> bool:
    """Whether all of it decodes.

    Raises:
        NotATable: it decodes, but holds what no text holds.
    """
    controls = length = 0
    try:
        with path.open(encoding=encoding, newline="") as text:
            while piece := text.read(PIECE):
                controls, length = controls + len(CONTROLS.findall(piece)), length + len(piece)
    except UnicodeError:
        return False
    if controls > 10 + length // 1000:
        raise _no_table()
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """The sign that cuts the header into the most columns; a comma when none does."""
    widths: dict[str, int] = {}
    for sign in DELIMITERS:
        first = next(_csv_lines(path, Format(CSV, encoding, sign)), None)
        widths[sign] = len(first.cells) if first else 0
    return max(widths, key=lambda sign: widths[sign])


def _csv_lines(path: Path, form: Format) -> Generator[Line]:
    with path.open(encoding=form.encoding, newline="") as text:
        reader, number = csv.reader(text, delimiter=form.delimiter), 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Line(number, [], _("It cannot be read; perhaps a quotation mark is not closed."))
                continue
            if any(cell.strip() for cell in cells):
                yield Line(number, cells)


def _sheet_lines(path: Path) -> Generator[Line]:
    bounded = [sys.executable, "-I", "-B", str(START), str(MEMORY), str(SECONDS)]
    with subprocess.Popen(
        [*bounded, str(SHEET), str(path), str(MOST_ROWS + 2)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=WITH_GUARD,
        start_new_session=True,
    ) as reader:
        try:
            assert reader.stdout
            for row in reader.stdout:
                number, cells = json.loads(row)
                yield Line(number, cells)
            _refuse_failure(reader.wait())
        finally:
            reader.kill()


def _refuse_failure(code: int) -> None:
    if code == SHEET_IS_BROKEN:
        raise NotATable(_("This XLSX file is broken or locked by a password. Save it once more, or as CSV."))
    if code:
        raise NotATable(_("This XLSX file takes too long or too much memory to read. Save it as CSV."))
