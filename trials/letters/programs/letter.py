"""Draws an offer letter: a sheet as JSON comes in, a PDF goes out. Runs alone, in a bounded process.

The library that draws takes fifty megabytes, which no web process should carry for a letter a month.

The font is Open Sans, which knows Latin, Greek and Cyrillic with their accents. What it has no shape for is drawn as
a question mark: Arabic, Hebrew, Chinese, Japanese, Korean, signs. With the argument "shapes" the program says instead
which characters these are.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import unicodedata
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

FONTS = files("ttf_opensans") / "ttf"
REGULAR, BOLD = str(FONTS / "OpenSans-Regular.ttf"), str(FONTS / "OpenSans-Bold.ttf")
FAMILY = "letter"
MARGIN, LINE, GAP, INDENT = 25, 6, 3, 6  # millimetres
SIZE, SMALL, LARGE = 11, 8, 15  # points
LOGO_HEIGHT = 14


def main() -> None:
    """Read the sheet, write what was asked for."""
    sheet = json.load(sys.stdin.buffer)
    wants_shapes = sys.argv[1:] == ["shapes"]
    sys.stdout.buffer.write(json.dumps(without_shape(sheet["text"])).encode() if wants_shapes else draw(sheet))


def draw(sheet: dict[str, Any]) -> bytes:
    """The letter on sheets of A4, numbered, with its title and language told."""
    pdf = _Letter(sheet)
    pdf.add_page()
    pdf.head()
    for kind, lines in sheet["parts"]:
        pdf.part(kind, [printable(line) for line in lines])
    return bytes(pdf.output())


def without_shape(text: str) -> list[str]:
    """The characters of `text` that the font cannot draw, each once, in their order."""
    shapes = _shapes()
    return list(dict.fromkeys(char for char in text if not char.isspace() and ord(char) not in shapes))


def printable(text: str) -> str:
    """`text` as it is drawn: without control characters, a question mark for what has no shape."""
    shapes = _shapes()
    composed = unicodedata.normalize("NFC", text).replace("\t", " ")
    kept = (char for char in composed if char in "\n " or unicodedata.category(char)[0] != "C")
    return "".join(char if char.isspace() or ord(char) in shapes else "?" for char in kept)


@cache
def _shapes() -> frozenset[int]:
    with TTFont(REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap())


class _Letter(FPDF):
    """A sheet with our margins, a number at its foot, and parts one below the other."""

    def __init__(self, sheet: dict[str, Any]) -> None:
        super().__init__(format="A4")
        self.sheet = sheet
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.add_font(FAMILY, "", REGULAR)
        self.add_font(FAMILY, "B", BOLD)
        self.set_creation_date(datetime.fromisoformat(sheet["at"]))
        self.set_lang(sheet["language"])
        self.set_title(_one_line(sheet["subject"]))
        self.set_author(_one_line(sheet["company"]))
        self.alias_nb_pages()

    def head(self) -> None:
        """The company, with its logo, and the subject."""
        if self.sheet["logo"]:
            self.image(io.BytesIO(base64.b64decode(self.sheet["logo"])), h=LOGO_HEIGHT)
            self.ln(GAP)
        self._write(_one_line(self.sheet["company"]), size=SIZE, style="B")
        self.ln(LINE)
        self._write(_one_line(self.sheet["subject"]), size=LARGE, style="B", height=LINE + 2)
        self.ln(GAP)

    def part(self, kind: str, lines: list[str]) -> None:
        """A heading, a paragraph, or a list with a line for each item."""
        if kind == "heading":
            self.ln(GAP)
            self._write("\n".join(lines), size=SIZE + 1, style="B")
        elif kind == "list":
            for item in lines:
                self._write(f"•  {item}", indent=INDENT)
        else:
            self._write("\n".join(lines))
        self.ln(GAP)

    def footer(self) -> None:
        """The number of the page, out of how many."""
        self.set_y(-MARGIN + GAP)
        self.set_font(FAMILY, size=SMALL)
        self.cell(0, LINE, f"{self.page_no()} / {{nb}}", align="C")

    def _write(self, text: str, *, size: int = SIZE, style: Any = "", height: int = LINE, indent: int = 0) -> None:
        self.set_font(FAMILY, style=style, size=size)
        self.set_x(MARGIN + indent)
        self.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.WORD)


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


if __name__ == "__main__":
    main()
