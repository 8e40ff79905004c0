"""Files that may be tables: in every way in which programs write them, broken, hostile, or no table at all."""

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ats.importing import archive, presets, tables
from ats.importing.rows import NEUTRALISED
from ats.importing.tables import NotATable
from ats.importing.tests.making import CARA, HEADER, make_csv, make_xlsx, make_zip
from ats.spreadsheets import harmless
from candidates.people.tests import files


def examine(tmp_path, content):
    path = tmp_path / "upload"  # without an ending, as uploads are
    path.write_bytes(content)
    return tables.examine(path)


def rows(tmp_path, content):
    found = examine(tmp_path, content)
    return [line.cells for line in tables.lines(tmp_path / "upload", found.format)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_every_usual_way_of_writing_it(tmp_path, encoding, delimiter):
    row = ["Zoë Müller", "zoe@example.org", "", "", "One, two;\nthree\ttabs"]
    assert rows(tmp_path, make_csv(row, encoding=encoding, delimiter=delimiter)) == [HEADER, row]


@pytest.mark.parametrize("name", ["Łukasz Żółć", "ليلى", "लीला", "Οδυσσέας"])
def test_utf_16_is_told_from_programs_in_every_script(tmp_path, name):
    content = make_csv(*[[name * 20, "x@example.org", "", "", ""]] * 3, encoding="utf-16")
    assert rows(tmp_path, content)[1][0] == name * 20


def test_an_xlsx_is_read_as_text(tmp_path):
    found = rows(tmp_path, make_xlsx(["Cara", "cara@example.org", 31.0, True, None, 1.5]))
    assert found == [HEADER, ["Cara", "cara@example.org", "31", "yes", "", "1.5"]]


def test_rows_are_counted_and_two_of_them_shown(tmp_path):
    table = examine(tmp_path, make_csv(CARA, CARA, CARA))
    assert (table.rows, len(table.samples), table.columns()[0]["samples"]) == (3, 2, [CARA[0], CARA[0]])


def test_empty_rows_do_not_count(tmp_path):
    assert len(rows(tmp_path, make_csv(CARA) + b"\r\n,,,,\r\n" + b"x,y\r\n")) == 3


def test_a_cell_longer_than_any_text_spoils_its_row_alone(tmp_path):
    content = make_csv(["x" * 1_000_001], CARA)
    found = examine(tmp_path, content)
    lines = list(tables.lines(tmp_path / "upload", found.format))
    assert ("cannot be read" in lines[1].wrong, lines[2].cells) == (True, CARA)


def macros():
    return make_zip({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>", "xl/vbaProject.bin": "x"})


def many_rows():
    return b"Name,Email\r\n" + b"x,y\r\n" * 100_001


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(change):
    """An XLSX whose sheet is written by `change(text, file)`."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_xlsx(CARA))) as good, zipfile.ZipFile(content, "w", 8) as bad:
        for member in good.namelist():
            with bad.open(member, "w") as file:
                change(good.read(member), file) if member == SHEET else file.write(good.read(member))
    return content.getvalue()


def entity_bomb():
    """A sheet with a cell that would unfold to gigabytes."""
    chain = zip("abcdef", "bcdefg", strict=True)
    entities = "".join(f'<!ENTITY {name} "{f"&{before};" * 100}">' for before, name in chain)
    bomb = f'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">{entities}]><worksheet'.encode()
    return with_sheet(lambda text, file: file.write(text.replace(b"<worksheet", bomb, 1).replace(b"Dear team", b"&g;")))


def size_bomb():
    """Some hundred kilobytes with a cell of 700 megabytes."""

    def write(text, file):
        before, after = text.split(b"Dear team")
        file.write(before)
        for _megabyte in range(700):
            file.write(b"a" * 1024 * 1024)
        file.write(after)

    return with_sheet(write)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b" \r\n", "is empty"),
        (b"Name,Email\r\n", "no rows under it"),
        (b"just some words\r\nand more\r\n", "no columns"),
        (b"cara@example.org,Cara\r\nomar@example.org,Omar\r\n", "names of the columns"),
        (files.pdf(), "not a table"),
        (files.HTML, "not a table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted, or of an old Excel"),
        (b"Name,Email\r\n\x81\x8d,x\r\n", "cannot tell the letters"),
        (make_zip({"cv.pdf": "x"}), "a ZIP, not a table"),
        (b"PK\x03\x04 and nothing more", "broken"),
        (make_zip({"xl/workbook.xml": "<x/>"}), "broken or locked"),
        (macros(), "macros"),
        (many_rows(), "more than 100,000 rows"),
        (b",".join(b"c%d" % number for number in range(201)) + b"\r\nx,y\r\n", "more than 200 columns"),
        (entity_bomb(), "broken or locked"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_with_a_reason(tmp_path, content, words):
    with pytest.raises(NotATable, match=words):
        examine(tmp_path, content)


def test_a_bomb_ends_its_reader_and_nobody_else(tmp_path):
    with pytest.raises(NotATable):
        examine(tmp_path, size_bomb())


@given(content=st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    with suppress(NotATable):
        assert tables.examine(path).header


def test_an_archive_with_too_many_files_is_refused(tmp_path):
    content = bytearray(make_zip({"a.pdf": "x"}))
    end = content.rindex(archive.END)
    content[end + 12 : end + 16] = struct.pack("<L", archive.MOST_DIRECTORY + 1)
    with pytest.raises(archive.NotAnArchive, match="too many files"):
        archive.Resumes(io.BytesIO(bytes(content)))


@pytest.mark.parametrize("where", [0, 10, 40, -30])
def test_a_broken_archive_is_refused_or_its_member_named(where):
    content = bytearray(make_zip({"cv.pdf": files.pdf()}))
    content[where] ^= 0xFF
    with suppress(archive.NotAnArchive, archive.NotThere):
        assert archive.Resumes(io.BytesIO(bytes(content))).take("cv.pdf").size


def test_an_encrypted_member_is_named():
    content = bytearray(make_zip({"cv.pdf": files.pdf()}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(archive.NotThere, match="encrypted"):
        archive.Resumes(io.BytesIO(bytes(content))).take("cv.pdf")


def test_a_member_is_measured_by_what_comes_out_of_it():
    content = bytearray(make_zip({"cv.txt": b"a" * 11_000_000}))
    for start, offset in ((content.index(b"PK\x03\x04"), 22), (content.rindex(b"PK\x01\x02"), 24)):
        content[start + offset : start + offset + 4] = struct.pack("<L", 100)  # it says a hundred bytes
    with pytest.raises(archive.NotThere):
        archive.Resumes(io.BytesIO(bytes(content))).take("cv.txt")


def test_names_of_members_are_found_whatever_their_letters_were_written_as():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        written.writestr("CVs/re\u0301sume\u0301 Zoe\u0308.pdf", files.pdf())
    assert archive.Resumes(content).take("Résumé Zoë.PDF").size > 100


@pytest.mark.parametrize(
    ("header", "system"),
    [
        (["First Name", "Last Name", "Email", "Phone", "Job", "Milestone", "Notes"], "greenhouse"),
        (["Candidate Name", "Candidate ID", "Application Status", "Job Name", "Email Addresses"], "greenhouse"),
        (["Full-Name", "Email", "Date-Added", "Stage", "Archive-Reason", "Sources", "Origin"], "lever"),
        (["Name", "Headline", "Email", "Phone", "Stage", "Disqualified", "Source"], "workable"),
    ],
)
def test_an_export_is_recognised_by_its_columns(header, system):
    preset = presets.recognise(header)
    assert preset is not None
    assert preset.key == system
    meanings = presets.guess(header, preset, [])
    assert ("email" in meanings, bool({"name", "first_name"} & set(meanings))) == (True, True)


def test_a_table_of_ones_own_is_no_export_of_another_system():
    assert presets.recognise(HEADER) is None


@pytest.mark.parametrize("cell", ["=1+1", "+31 20", "-1", "@cmd", "\t=1", "\r=1", " =1", "\n=1", "=\0x"])
def test_a_formula_is_neutralised_for_a_spreadsheet(cell):  # V25
    written = harmless(cell)
    assert (written[0], "\0" in written) == ("'", False)


def test_a_neutralised_number_comes_back_as_it_was():
    assert NEUTRALISED.match(harmless("+31201234567"))
