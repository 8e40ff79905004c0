"""Workers killed, ended, doubled."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta

from faults import people
from faults.stand.stand import Stand
from faults.verdict import until

LEASE_AT_MOST = timedelta(minutes=3)  # by then another worker has to have what a killed one held


def child_killed_before_smtp(stand: Stand) -> str:
    """F4: a child dies by kill -9 while the server has not taken its mail; the mail leaves once, later.

    Three minutes pass by moving the row's times.
    """
    stand.mails_are("hang", times=1)
    [message] = people.letters([people.application()])
    until(stand.hanging, 30, "the mail was not begun")
    os.kill(stand.busy_child(), signal.SIGKILL)
    until(lambda: not stand.hanging(), 10, "the connection of a dead child stays open")
    stand.mail_takes()
    people.pass_time([message], LEASE_AT_MOST)
    until(lambda: people.are_all([message], "sent"), 30, "the mail did not leave three minutes later")
    return "the mail left once, three minutes of its row later"


def whole_worker_killed(stand: Stand) -> str:
    """F6: the whole worker dies by kill -9 with a mail in its hands and comes back; the lease frees it in real time."""
    application = people.application()
    stand.mails_are("hang", times=1)
    [message] = people.letters([application])
    until(stand.hanging, 30, "the mail was not begun")
    stand.kill("worker")
    began = time.monotonic()
    stand.mail_takes()
    others = people.letters(people.applications(20))
    stand.start("worker")
    until(lambda: people.are_all(others, "sent"), 60, "other mails wait for the one that was lost")
    seconds = time.monotonic() - began
    until(lambda: people.are_all([message], "sent"), 180 - seconds, "not recovered within 3 minutes")
    return f"20 others left after {seconds:.1f} s, the lost one after {time.monotonic() - began:.0f} s"
