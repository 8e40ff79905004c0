"""What is played, and how it is told."""

import re

import pytest

from ats.dev.state import ROOT
from faults import run
from faults.play import FAILED, MISSING, Played
from faults.table import FAULTS

NEED_PROCESSES = {"F4", "F6", "F7", "F12", "F16", "F17", "F20", "F21"}
PACKAGES = ["ats", "candidates", "interviews", "references", "trials"]


def test_the_table_knows_every_fault():
    assert list(FAULTS) == run.NUMBERS


def test_the_gate_plays_what_has_a_scenario():
    assert all(FAULTS[number].play for number in run.GATE.read_text().split())


def test_without_a_choice_all_are_played(monkeypatch):
    monkeypatch.delenv("FAULTS", raising=False)
    assert run._chosen() == run.NUMBERS


def test_chosen_ones_are_played_once_in_their_order(monkeypatch):
    monkeypatch.setenv("FAULTS", " f6,F5, F6")
    assert run._chosen() == ["F6", "F5"]


@pytest.mark.parametrize(("name", "value"), [("FAULTS", "F47"), ("FAULTS", "FIVE"), ("ROUNDS", "0"), ("ROUNDS", "²")])
def test_nonsense_is_refused_in_words(monkeypatch, capsys, name, value):
    monkeypatch.setenv(name, value)
    assert run.main() == 1
    assert value in capsys.readouterr().err


def test_each_fault_is_told_in_one_line():
    assert Played("F12", "much", rounds=3, seconds=14.21, told="all left").line() == (
        "F12 survived (3 rounds, 14.2 s: all left)"
    )
    assert Played("F12", "much", FAILED, 1, 2.0, "none left").line() == "F12 FAILED (1 round, 2.0 s: none left)"
    assert Played("F33", "a job deleted", MISSING).line() == "F33 MISSING (a job deleted)"


def test_what_is_quick_of_a_fault_runs_with_every_test():
    """A function-level test names its fault in a comment or a docstring; some faults need processes."""
    files = [file.read_text() for package in PACKAGES for file in (ROOT / package).rglob("test_*.py")]
    named = {number for text in files for number in re.findall(r"\bF\d+\b", text)}
    assert [number for number in run.NUMBERS[:27] if number not in named and number not in NEED_PROCESSES] == []
