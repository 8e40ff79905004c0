"""What cells, headers and files say: in the ways in which help desks write them, and when they say nothing."""

import csv
import io
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trials.figures import columns, numbers, periods, tables
from trials.figures.metrics import Tool
from trials.figures.numbers import Unreadable
from trials.figures.periods import Period
from trials.figures.rows import READERS, Reading
from trials.figures.tests.exports import FRESHDESK, HELP_SCOUT, LIVE_AGENT, OTHER, ZENDESK, look

DAY = date(2026, 1, 12)
SHARED = "Agent;Date;First reply\nCara;2026-01-12;5\nTom;2026-01-12;6\n"


@pytest.mark.parametrize(
    ("cell", "decimal", "found"),
    [
        ("93", ".", "93"),
        ("93.5", ",", "93.5"),
        ("93,5", ".", "93.5"),
        ("1,234.5", ",", "1234.5"),
        ("1.234,5", ".", "1234.5"),
        ("1 234,5", ".", "1234.5"),
        ("1'234", ".", "1234"),
        ("1\u202f234\u00a0567", ".", "1234567"),
        ("1,234,567", ",", "1234567"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("0,125", ".", "0.125"),
        ("0.125", ",", "0.125"),
        ("1234.567", ",", "1234.567"),
        ("−5", ".", "-5"),
        ("+5", ".", "5"),
    ],
)
def test_a_number_is_read_as_it_is_written(cell, decimal, found):
    assert numbers.number(cell, decimal) == Decimal(found)


@pytest.mark.parametrize(
    "cell",
    ["abc", "1e5", "nan", "inf", "1,2,3", "1.2.3", "12,34.567.8", "1,234,5", "٩٣", ".", "5 of 6", "9" * 61, "1-2", "²"],
)
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(Unreadable, match="is no number"):
        numbers.number(cell, ".")


@pytest.mark.parametrize(
    ("cell", "unit", "found"),
    [
        ("90", "seconds", 90),
        ("1.5", "minutes", 90),
        ("0,5", "hours", 1800),
        ("2", "days", 172800),
        ("01:05:30", "clock", 3930),
        ("01:05:30", "minutes", 3930),
        ("125:00:00", "hours", 450000),
        ("1:05", "clock", 3900),
        ("1:05", "minutes", 65),
        ("1 day, 2:03:04", "clock", 93784),
        ("2d 01:00:00", "clock", 176400),
        ("1h 5m", "clock", 3900),
        ("1h5m30s", "seconds", 3930),
        ("2 days 3 hrs", "clock", 183600),
        ("45 minutes", "hours", 2700),
        ("1.5 hours", "clock", 5400),
        ("1 hour and 5 minutes", "clock", 3900),
    ],
)
def test_a_time_is_read_off_a_clock_in_words_or_in_its_columns_unit(cell, unit, found):
    assert numbers.seconds(cell, ".", unit=unit) == found


@pytest.mark.parametrize(
    ("cell", "unit", "why"),
    [
        ("-5", "minutes", "negative"),
        ("-1:00:00", "clock", "negative"),
        ("90", "clock", "does not say whether"),
        ("soon", "minutes", "no time"),
        ("1h later", "minutes", "no time"),
        ("1:2:3:4", "clock", "no time"),
        ("9" * 40, "days", "longer than ten years"),
        ("1h" * 40, "minutes", "no time"),
    ],
)
def test_what_is_no_time_is_refused(cell, unit, why):
    with pytest.raises(Unreadable, match=why):
        numbers.seconds(cell, ".", unit=unit)


@pytest.mark.parametrize(
    ("cell", "is_fraction", "found"),
    [("93%", False, "93"), ("93 %", True, "93"), ("93", False, "93"), ("0.93", True, "93"), ("0,935%", False, "0.935")],
)
def test_a_percentage_is_read_with_or_without_its_sign(cell, is_fraction, found):
    assert numbers.percentage(cell, ".", is_fraction=is_fraction) == Decimal(found)


@pytest.mark.parametrize(
    ("cell", "is_fraction"), [("101%", False), ("93", True), ("-1%", False), ("%", False), ("A", True)]
)
def test_no_share_of_a_whole_is_refused(cell, is_fraction):
    with pytest.raises(Unreadable):
        numbers.percentage(cell, ".", is_fraction=is_fraction)


@pytest.mark.parametrize("cell", ["-1", "1.5", "2147483648", "9" * 50, "some"])
def test_what_counts_nothing_is_refused(cell):
    with pytest.raises(Unreadable):
        numbers.count(cell, ".")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-12", "2026/1/12", "20260112", "2026-01-12 00:00:00", "2026-01-12T09:30Z", "2026-01-12T09:30:00+01:00",
        "12.01.2026", "12.1.26", "12/01/2026", "12-01-2026", "12 Jan 2026", "12-Jan-2026", "Mon, 12 January 2026",
        "Jan 12, 2026", "Monday, January 12th, 2026", "12/01/2026 9:30 AM",
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(cell):
    assert periods.day(cell, is_month_first=False) == DAY


def test_with_slashes_the_month_may_come_first_but_with_points_never():
    assert periods.day("01/12/2026", is_month_first=True) == DAY
    assert periods.day("12.01.2026", is_month_first=True) == DAY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13/01/2026", "day"),
        ("01/13/2026", "month"),
        ("01/02/2026", "either"),
        ("01/02/2026\n25-12-2026", "day"),
        ("2026-01-13 and 12.01.2026", ""),
    ],
)
def test_the_order_of_dates_is_told_by_one_that_can_be_read_in_one_way(text, found):
    assert periods.order(text) == found


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2026-W03", ""), ("2026 W3", ""), ("W03 2026", ""), ("Week 3", "2026"), ("3", "2026.0"), ("W3", "2,026"),
        ("2026-01-12", ""), ("12/01/2026 - 18/01/2026", ""), ("Jan 12, 2026 – Jan 18, 2026", ""),
    ],
)  # fmt: skip
def test_a_week_is_read_as_it_is_written(cell, year):
    assert periods.week(cell, year, is_month_first=False) == Period(DAY, date(2026, 1, 18))


@pytest.mark.parametrize(
    ("cell", "year"),
    [("2026-02", ""), ("02/2026", ""), ("February 2026", ""), ("Feb", "2026"), ("2", "2026"), ("2026-02-01", "")],
)
def test_a_month_is_read_as_it_is_written(cell, year):
    assert periods.month(cell, year) == Period(date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize("read", [periods.week, lambda cell, year, **_: periods.month(cell, year)])
@pytest.mark.parametrize("cell", ["", "soon", "53", "W99 2026", "9999-W53", "9999-12-31 ", "13/2026", "0000-00", "99"])
def test_what_is_no_time_at_all_is_refused_and_never_breaks(read, cell):
    with suppress(Unreadable):
        assert read(cell, "", is_month_first=False).starts_on.year > 0


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_a_row(text):
    meanings = sorted(columns.meanings() - {""})
    row = Reading(meanings, DAY, Period(DAY, DAY)).row(tables.Line(2, [text] * len(meanings)))
    assert row.figures or row.reason


@given(st.binary(max_size=300))
def test_no_file_breaks_the_look_at_it(content):
    with suppress(tables.NotATable):
        assert look(content).rows > 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_in_every_usual_way_of_writing_it(encoding, delimiter, end):
    text = io.StringIO()
    rows = [["Agent", "Date", "CSAT"], ["Zoë Müller", "2026-01-12", f"9{delimiter}5"], ["O'Neil", "", 'a "b"']]
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    content = text.getvalue().encode(encoding)
    found = tables.lines(io.BytesIO(content), look(content).format)
    assert [(line.number, line.cells) for line in found] == list(enumerate(rows, start=1))


def test_a_title_above_the_header_is_passed_over():
    table = look("Agent report,,\n\nJan 2026,,\nAgent,CSAT,Date\nCara,90,2026-01-12\n")
    assert ([column.name for column in table.looks], table.format.before, table.rows) == (
        ["Agent", "CSAT", "Date"],
        3,
        1,
    )


def test_a_quotation_mark_that_is_not_closed_spoils_its_own_row():
    content = b'Agent,Date\n"Ann,1\nBob,2\n"Cy\nLine two",3\nDan,4\n"Eve,5'
    found = list(tables.lines(io.BytesIO(content), look(content).format))
    assert [(line.number, line.cells[0], bool(line.wrong)) for line in found] == [
        (1, "Agent", False),
        (2, '"Ann,1\n', True),
        (3, "Bob", False),
        (4, "Cy\nLine two", False),
        (6, "Dan", False),
        (7, '"Eve,5', True),
    ]


def test_a_line_longer_than_any_is_named_and_the_next_one_read():
    content = b"Agent,Date\n" + b"x" * 250_000 + b",1\nBob,2\n"
    found = list(tables.lines(io.BytesIO(content), look(content).format))
    assert [(line.number, line.wrong) for line in found[1:]] == [(2, "It is too long to be read."), (3, "")]


def test_a_file_with_more_rows_than_we_take_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    assert look(SHARED).rows == 2
    with pytest.raises(tables.NotATable, match="more than 200,000 rows"):
        look(SHARED + "Zoe;2026-01-12;6\n")


@pytest.mark.parametrize(
    ("text", "tool"),
    [(ZENDESK, "zendesk"), (FRESHDESK, "freshdesk"), (HELP_SCOUT, "helpscout"), (LIVE_AGENT, "liveagent"), (OTHER, "")],
)
def test_a_tool_is_told_by_what_only_its_exports_hold(text, tool):
    assert columns.recognise([column.name for column in look(text).looks]) == tool


@pytest.mark.parametrize(
    ("name", "sample", "meaning"),
    [
        ("First reply time (min)", "5", "first_reply:minutes"),
        ("AVG(First reply time (hrs))", "5", "first_reply:hours"),
        ("Full resolution time - min", "5", "resolution:minutes"),
        ("MED(Full resolution time - Business hours (hrs))", "5", "resolution:hours"),
        ("First reply time - Business hours", "5", ""),
        ("First reply time", "5", ""),
        ("First reply time", "0:05:00", "first_reply:clock"),
        ("D_COUNT(Solved tickets)", "5", "solved:number"),
        ("% Satisfaction score", "93%", "satisfaction:percent"),
        ("% Satisfaction score", "0.93", "satisfaction:fraction"),
        ("% Satisfaction score", "93", "satisfaction:percent"),
        ("Ticket solved - Week of year", "3", "week"),
        ("Something else", "5", ""),
    ],
)
def test_a_column_is_guessed_by_its_name_its_unit_and_what_stands_in_it(name, sample, meaning):
    looks = [one.as_json() for one in look(f"Nothing;{name}\nx;{sample}\n").looks]
    assert columns.guess(looks, "zendesk", {})[1] == meaning


def test_what_was_named_last_wins_over_every_guess():
    looks = [one.as_json() for one in look("Who;% Satisfaction score\nx;93\n").looks]
    remembered = {"who": "agent_name", "% satisfaction score": "quality:percent"}
    assert columns.guess(looks, "zendesk", remembered) == ["agent_name", "quality:percent"]


@pytest.mark.parametrize(
    ("chosen", "place"),
    [
        (["agent_name", "agent_name", "solved:number"], 1),
        (["agent_name", "first_reply:minutes", "first_reply:hours"], 2),
        (["day", "solved:number"], None),
        (["agent_name", "satisfaction:n"], None),
    ],
)
def test_meanings_that_do_not_fit_together_are_named(chosen, place):
    assert [where for where, _why in columns.wrongs(chosen)] == [place]


def test_every_meaning_that_ships_is_one_that_can_be_chosen_and_read():
    shipped = {meaning for preset in columns.presets().values() for meaning in preset.columns.values()}
    assert {meaning for meaning in shipped if meaning not in columns.meanings()} == {"first_reply", "resolution"}
    assert (set(columns.presets()), set(READERS)) == (set(Tool.values), set(columns.FORMS_OF))
    assert all(columns.bare(name) == name for preset in columns.presets().values() for name in preset.columns)
