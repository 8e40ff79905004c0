"""Which data an instance works on: the rule in ats/dev/README.md."""

import os

import pytest

from ats.dev import state


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RAPPORT_HOME", str(tmp_path / "with space"))
    return tmp_path / "with space"


def test_the_first_instance_takes_the_default_on_any_port():
    assert state.hold_for(8123, chosen=True).folder.name == "default"


def test_a_second_instance_gets_data_of_its_own():
    state.hold_for(8000, chosen=False)
    assert state.hold_for(8001, chosen=False).folder.name == "8001"


def test_a_port_that_has_data_of_its_own_keeps_them():
    first = state.hold_for(8000, chosen=False)
    state.hold_for(8123, chosen=True).release()
    first.release()
    assert state.hold_for(8123, chosen=True).folder.name == "8123"


def test_without_a_chosen_port_the_default_is_taken_again():
    first = state.hold_for(8000, chosen=False)
    state.hold_for(8001, chosen=False).release()
    first.release()
    assert state.hold_for(8001, chosen=False).folder.name == "default"


def test_one_folder_is_held_once():
    held = state.hold_for(8000, chosen=False)
    with pytest.raises(state.Busy):
        state.State(held.folder).hold()


def test_the_secret_key_is_made_once_and_private(home):
    one = state.hold_for(8000, chosen=False)
    assert one.secret_key() == one.secret_key()
    assert os.stat(one.folder / "secret-key").st_mode & 0o777 == 0o600
