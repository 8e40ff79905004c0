"""Reads an XLSX file in a process of its own, under limits (`candidates.people.extraction.limits`).

Called as `sheet.py FILE MOST_ROWS`; prints one JSON line for each row that is not empty: its number and its cells as
text. It imports nothing of Rapport.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime, time

from openpyxl import load_workbook  # type: ignore[import-untyped]

COLUMNS = 201
LONGEST_CELL = 100_000  # characters; a spreadsheet holds 32,767
BROKEN = 3  # exit code


def text(value: object) -> str:
    """What a cell shows, near enough: dates as ISO, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)[:LONGEST_CELL]


def main(path: str, most: int) -> None:
    """Print the rows of the first sheet, at most `most`."""
    # As a file and not by its name, whose ending would have to be right.
    book = load_workbook(open(path, "rb"), read_only=True, data_only=True, keep_links=False)  # noqa: SIM115
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its size may be anything
    printed = 0
    for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS, values_only=True), start=1):
        cells = [text(value) for value in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            print(json.dumps([number, cells]), flush=printed < 10)  # noqa: T201 - this is what the parent reads
            printed += 1
        if printed >= most:
            break


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]))
    except BrokenPipeError:
        os._exit(0)  # the parent has read enough
    except MemoryError:
        raise  # told apart by whoever keeps the limits
    except Exception:  # whatever a broken file makes the reader say, it is broken
        os._exit(BROKEN)
