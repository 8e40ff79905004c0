"""`make run` recovers from the death of any of its processes and leaves none behind. Run by `make journeys`."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from ats.dev import leftovers

pytestmark = pytest.mark.journeys
PATIENCE = 60


@pytest.fixture
def instance(product):
    return product


def is_healthy(instance):
    try:
        with urllib.request.urlopen(f"{instance.base}/healthz", timeout=5) as answer:
            return bool(json.load(answer)["ok"])
    except (urllib.error.URLError, OSError):
        return False


def process(instance, words):
    """The oldest process of the instance with `words` in its command line: the first of its group."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    lines = {number: command_line(number) for number in numbers}
    place = str(instance.folder)
    ours = leftovers.find(instance.folder) + [number for number, line in lines.items() if place in line]
    return min(number for number in ours if words in lines.get(number, ""))


def command_line(number):
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


PARTS = {
    "database": "bin/postgres -D",
    "redis": "unixsocket",
    "mail": "ats.dev.mailsink",
    "web": "gunicorn ats.wsgi",
    "worker": "ats.celery worker",
    "beat": "ats.celery beat",
}


@pytest.mark.parametrize("name", PARTS)
def test_a_killed_process_is_named_and_started_again(instance, name):
    killed = process(instance, PARTS[name])
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while f"{name} died (signal 9); started again" not in (instance.folder / "log").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.2)
    # A heartbeat younger than the kill shows that the new process does its work.
    time.sleep(2)
    while not is_healthy(instance):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert process(instance, PARTS[name]) != killed
