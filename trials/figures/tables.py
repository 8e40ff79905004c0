"""Exports of help desks as tables: how the file is written, its header, and its rows one after another.

Rows are read as a stream, so that a hundred thousand take no more memory than ten. Each line is read for itself: a
quotation mark that nobody closed spoils its own row and no other.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _

from trials.figures import numbers, periods

MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_LINE = 100_000  # characters
LONGEST_CELL = 1_000
MOST_JOINED = 5  # lines that one quoted cell may reach over
MOST_BEFORE_HEADER = 20  # titles that some reports write above it
SAMPLES = 3
LOOKED_AT = 1_000  # rows whose numbers are looked at
PIECE = 1024 * 1024
DELIMITERS = ",;\t|"
BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


class NotATable(Exception):
    """The file cannot be read as a table; `str()` says why and what to do next."""


@dataclass(frozen=True)
class Format:
    """How the file is written: its letters, what parts its cells, and how many lines stand above the header."""

    encoding: str
    delimiter: str
    before: int = 0

    def as_json(self) -> dict[str, Any]:
        """To be kept with the import."""
        return asdict(self)


@dataclass(frozen=True)
class Line:
    """A row, numbered as its line in the file. `wrong` says why it could not be read."""

    number: int
    cells: list[str]
    wrong: str = ""


@dataclass
class Look:
    """What a column looks like: its first cells, and whether its numbers are clocks, have a % sign, stay below 1."""

    name: str
    samples: list[str] = field(default_factory=list)
    has_clocks: bool = False
    has_signs: bool = False
    has_numbers: bool = False
    is_fraction: bool = True

    def note(self, cell: str) -> None:
        """Take one more cell into account."""
        if numbers.is_empty(cell):
            return
        if len(self.samples) < SAMPLES and cell not in self.samples:
            self.samples.append(cell[:100])
        self.has_signs = self.has_signs or "%" in cell
        self.has_clocks = self.has_clocks or bool(re.search(r"[0-9] ?[:hmsd]", cell[:60]))
        try:
            found = numbers.number(cell, ".")
        except numbers.Unreadable:
            return
        self.has_numbers = True
        self.is_fraction = self.is_fraction and 0 <= found <= 1

    def as_json(self) -> dict[str, Any]:
        """To be kept with the import."""
        return asdict(self)


@dataclass(frozen=True)
class Table:
    """What a look at the whole file tells.

    `dates` is "day" or "month", whichever its dates put first, "either" where that is open, or nothing. `decimal` is
    the sign before decimals, or nothing where no number tells; `is_decimal_open` where one like "1,234" asks for it.
    """

    format: Format
    looks: list[Look]
    rows: int
    dates: str
    decimal: str
    is_decimal_open: bool


def examine(file: IO[bytes]) -> Table:
    """Look at the file.

    Raises:
        NotATable: it is none, or has no header, no rows, or more than we take.
    """
    encoding = _encoding(file)
    with _text(file, encoding) as text:
        above = list(islice(_physical(text), MOST_BEFORE_HEADER))
    form = _format(encoding, above)
    with closing(lines(file, form)) as found:
        header = next(found)
        if len(header.cells) > MOST_COLUMNS:
            raise NotATable(_("This file has more than 200 columns. Leave out those that you do not need."))
        return _look(form, [Look(plain_text(name)) for name in header.cells], found)


def _look(form: Format, looks: list[Look], found: Iterator[Line]) -> Table:
    dates, signs, is_open, count = "", set(), False, 0
    for count, line in enumerate(found, start=1):
        if count > MOST_ROWS:
            raise NotATable(_("This file has more than 200,000 rows. Split it into several files."))
        if dates in ("", "either"):
            dates = periods.order("\n".join(line.cells)) or dates
        if count <= LOOKED_AT:
            for look, cell in zip(looks, line.cells, strict=False):
                look.note(cell)
                signs.add(_sign(cell))
    if not count:
        raise NotATable(_("This file has a header but no rows under it."))
    is_open = "open" in signs
    signs -= {"", "open"}
    return Table(form, looks, count, dates, signs.pop() if len(signs) == 1 else "." if signs else "", is_open)


def _sign(cell: str) -> str:
    """The sign before the decimals of a number, "open" for one like 1,234, nothing for all else."""
    bare = cell.strip("% ").translate(numbers.SPACES)
    if not ("," in bare or "." in bare) or not numbers.PLAIN.fullmatch(bare):
        return ""
    return numbers.decimal_sign(bare) or "open"


def lines(file: IO[bytes], form: Format) -> Generator[Line]:
    """The header, then every row under it that is not empty; close it when you do not read to the end."""
    with _text(file, form.encoding) as text:
        for line in _records(text, form):
            if line.wrong or any(line.cells):
                yield line


def plain_text(cell: str) -> str:
    """A cell as a page can show it."""
    return " ".join(cell.split())[:200]


def _records(text: IO[str], form: Format) -> Generator[Line]:
    """Each record with the number of its first line; the titles above the header are left out."""
    physical = _physical(text)
    waiting: deque[tuple[int, str]] = deque()
    for number, line in islice(enumerate(physical, start=1), form.before, None):
        waiting.append((number, line))
        yield from _parsed(waiting, form.delimiter)
    while waiting:  # nothing can close the first any more
        first, line = waiting.popleft()
        yield Line(first, [line[:LONGEST_CELL]], _unclosed())
        yield from _parsed(waiting, form.delimiter)


def _parsed(waiting: deque[tuple[int, str]], delimiter: str) -> Generator[Line]:
    """Those of the lines that make records; the last ones wait for more when a quotation mark is open."""
    while waiting:
        number, first = waiting[0]
        for used in range(1, len(waiting) + 1):
            cells = _cells("".join(line for _number, line in islice(waiting, used)), delimiter)
            if cells is not None:
                yield Line(number, cells)
                break
        else:
            if len(waiting) < MOST_JOINED and '"' in first:
                return
            used = 1
            yield Line(number, [first[:LONGEST_CELL]], _unclosed() if '"' in first else _("It is too long to be read."))
        for _used in range(used):
            waiting.popleft()


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record; None when it ends inside of a quoted cell, or is broken."""
    if len(text) >= LONGEST_LINE:
        return None
    if '"' not in text:
        found = text.rstrip("\r\n").split(delimiter)
    else:
        try:
            found = next(csv.reader([text], delimiter=delimiter, strict=True), [])
        except csv.Error:
            return None
    return [cell.replace("\0", "").strip()[:LONGEST_CELL] for cell in found]


def _unclosed() -> str:
    return _("It cannot be read; perhaps a quotation mark is not closed.")


def _physical(text: IO[str]) -> Generator[str]:
    """The lines of the file; of one longer than any table's the rest is passed over."""
    while line := text.readline(LONGEST_LINE):
        yield line
        is_whole = line.endswith(("\n", "\r"))
        while not is_whole and (rest := text.readline(LONGEST_LINE)):
            is_whole = rest.endswith(("\n", "\r"))


@contextmanager
def _text(file: IO[bytes], encoding: str) -> Generator[IO[str]]:
    """The file as text, from its beginning; it stays open."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding)
    try:
        yield text
    finally:
        text.detach()


def _format(encoding: str, above: list[str]) -> Format:
    """How cells are parted and where the header stands: the first line with at least two names."""
    for before, line in enumerate(above):
        cells = {sign: _cells(line, sign) or [] for sign in DELIMITERS}
        sign = max(DELIMITERS, key=lambda sign: len(cells[sign]))
        if sum(bool(cell) for cell in cells[sign]) > 1:
            if any("@" in cell for cell in cells[sign]):
                raise NotATable(_("The first row must hold the names of the columns; here it holds a mail address."))
            return Format(encoding, sign, before)
    raise NotATable(
        _("We found no columns in this file. It must begin with a row of names, parted by commas, semicolons or tabs.")
    )


def _encoding(file: IO[bytes]) -> str:
    file.seek(0)
    start = file.read(4096)
    if not start.strip():
        raise NotATable(_("This file is empty. Export it again and choose it once more."))
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotATable(_("This is a file of Excel. Save it there as CSV, or export it as CSV, and choose that file."))
    if start.startswith(b"%PDF") or start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<", b"{", b"[")):
        raise _no_table()
    likely = _likely(start)
    found = next((name for name in likely if _reads_as(file, name)), None)
    if found is None:
        raise NotATable(_("We cannot tell the letters of this file. Save it as CSV in UTF-8 and choose it again."))
    return found


def _likely(start: bytes) -> tuple[str, ...]:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if start[1::2].count(0) > len(start) // 4:
        return ("utf-16-le",)
    if start[0::2].count(0) > len(start) // 4:
        return ("utf-16-be",)
    if len(BINARY.findall(start)) > 10:
        raise _no_table()
    return ("utf-8-sig", "windows-1252")


def _reads_as(file: IO[bytes], encoding: str) -> bool:
    """Whether all of it decodes."""
    with _text(file, encoding) as text:
        try:
            while text.read(PIECE):
                pass
        except UnicodeError:
            return False
    return True


def _no_table() -> NotATable:
    return NotATable(_("This is not a table that we can read. Export it as CSV and choose it again."))
