"""What a file is by its content."""

import io
import time

import pytest

from candidates.people import filetypes
from candidates.people.tests import files

RTF = rb"{\rtf1\ansi Cara Candidate\par}"
TAKEN = {
    "a pdf": (files.pdf(), filetypes.PDF),
    "a docx": (files.docx(), filetypes.DOCX),
    "an odt": (files.odt(), filetypes.ODT),
    "an rtf": (RTF, filetypes.RTF),
    "text": (b"Cara Candidate\r\n\tsupport since 2019\n", filetypes.TXT),
    "text in utf-8": ("Zoë Brontë, 雪".encode(), filetypes.TXT),
    "text with a byte order mark": ("\ufeffCara".encode(), filetypes.TXT),
    "text in latin-1": ("Zoë Brontë".encode("latin-1"), filetypes.TXT),
    "text with the quotation marks of Windows": ("“helpful”".encode("cp1252"), filetypes.TXT),
    "text about HTML": (b"I know HTML, CSS & a < b > c.", filetypes.TXT),
}
REFUSED = {
    "nothing": b"",
    "blanks": b" \n ",
    "html": files.HTML,
    "html after blanks": b"\n\n   " + files.HTML,
    "html below text": b"Dear team,\n" + files.HTML,
    "svg": files.SVG,
    "svg as xml": b'<?xml version="1.0"?>' + files.SVG,
    "a script": b"#!/bin/sh\nrm -rf /",
    "php": b"<?php system($_GET['c']); ?>",
    "postscript": b"%!PS-Adobe-3.0\nshowpage",
    "a pdf that broke off": files.pdf()[:200],
    "a pdf's first line before html": b"%PDF-1.7\n" + files.HTML,
    "a pdf after html": files.HTML + files.pdf(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "a program": b"MZ\x90\x00" + bytes(64),
    "text with NUL": b"Cara\x00Candidate",
    "text with escapes": b"\x1b[2Jboo",
    "a zip": files.archive({"cv.pdf": files.pdf()}),
    "a spreadsheet": files.archive({"[Content_Types].xml": "", "xl/workbook.xml": ""}),
    "a docx with macros": files.archive(
        {"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": "x"}
    ),
    "a presentation": files.archive({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": ""}),
    "a zip that broke off": files.docx()[:-40],
    "a zip whose directory is rubbish": b"PK\x03\x04" + bytes(30) + b"PK\x05\x06" + bytes(18),
    "rubbish called zip": b"PK\x03\x04" + b"\xff" * 100,
}


@pytest.mark.parametrize(("content", "kind"), TAKEN.values(), ids=TAKEN.keys())
def test_what_people_write_their_resume_with_is_recognised(content, kind):
    assert filetypes.recognise(io.BytesIO(content)) == kind


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_everything_else_is_not(content):
    assert filetypes.recognise(io.BytesIO(content)) is None


def test_the_file_is_left_at_its_beginning():
    file = io.BytesIO(files.docx())
    filetypes.recognise(file)
    assert file.tell() == 0


def test_a_zip_with_more_members_than_a_document_has_is_not_even_listed():
    crowd = {"[Content_Types].xml": "", "word/document.xml": ""} | {f"word/{number}": "" for number in range(2000)}
    assert filetypes.recognise(io.BytesIO(files.archive(crowd))) is None


def test_a_bomb_stays_folded():
    content = io.BytesIO()
    with files.zipfile.ZipFile(content, "w", files.zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "")
        bomb.writestr("word/document.xml", bytes(200 * 1024 * 1024))
    began = time.monotonic()
    assert filetypes.recognise(content) == filetypes.DOCX
    assert time.monotonic() - began < 0.1
