"""The supervisor starts again what dies, says so, gives up in the end, and leaves nothing behind."""

import os
import signal
import sys
import time

import pytest

from ats.dev import leftovers, supervisor
from ats.dev.parts import Part

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEP!r}])"


@pytest.fixture
def watched(tmp_path):
    one = supervisor.Supervisor(tmp_path / "log")
    yield one
    one.end()
    one.log.close()
    one.selector.close()


def part(code, tmp_path, name="worker"):
    """A Python process as a part, marked with the folder of this test."""
    environment = {"PATH": os.environ["PATH"], **leftovers.mark(tmp_path)}
    return Part(name, [sys.executable, "-c", code], environment)


def said(watched):
    """What is in the log, without the times."""
    with open(watched.log.name) as log:
        return [line[20:].rstrip() for line in log]


def test_what_a_part_says_is_logged_with_its_name(watched, tmp_path):
    watched.run_once(part("print('one'); print('two', end='')", tmp_path))
    assert said(watched) == ["worker   | one", "worker   | two"]


def test_a_killed_part_is_started_again_and_named(watched, tmp_path):
    one = part(SLEEP, tmp_path)
    watched.add(one)
    first = one.process.pid
    os.kill(first, signal.SIGKILL)
    assert watched.wait(lambda: one.is_running() and one.process.pid != first, 10)
    assert "worker died (signal 9); started again" in said(watched)


def test_a_part_that_dies_again_and_again_is_given_up_and_named(watched, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LONGEST_WAIT", 0.05)
    watched.add(part("raise SystemExit(3)", tmp_path))
    assert watched.wait(lambda: not watched.parts, 20)
    assert said(watched)[-1].startswith("worker is gone: it ended 6 times within a minute (exit code 3).")


def test_a_step_that_fails_is_named(watched, tmp_path):
    with pytest.raises(supervisor.Broken, match=r"migrate failed \(exit code 2\)"):
        watched.run_once(part("raise SystemExit(2)", tmp_path, "migrate"))


def test_the_end_takes_the_children_of_a_part_too(watched, tmp_path):
    watched.add(part(PARENT, tmp_path))
    assert watched.wait(lambda: len(leftovers.find(tmp_path)) == 2, 10)
    watched.end()
    time.sleep(0.1)
    assert leftovers.find(tmp_path) == []


def test_a_part_that_does_not_end_is_ended_by_force(watched, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    watched.add(part(STUBBORN, tmp_path))
    assert watched.wait(lambda: "worker   | up" in said(watched), 10)
    watched.end()
    assert said(watched)[-1] == "worker did not end in time; ended by force"


def test_what_was_left_behind_is_found_by_its_mark_and_ended(watched, tmp_path):
    one = part(SLEEP, tmp_path)
    watched.add(one)
    assert leftovers.end(tmp_path, patience=5) == [one.process.pid]
    assert leftovers.find(tmp_path) == []
