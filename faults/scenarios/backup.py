"""Yesterday's copy of the database is brought back, and the world has gone on since."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connections
from django.utils.timezone import now

from ats.dev.state import ROOT
from candidates.people.models import Application
from candidates.post.models import Ask, Message
from faults import people
from faults.stand.place import SWEEP_SECONDS
from faults.stand.stand import PARTS, Stand
from faults.verdict import expect, until

MANY = 20


def yesterday_restored(stand: Stand) -> str:
    """F44: PostgreSQL's folder is copied while mails and reminders wait; they leave, and more does; the copy is put
    back, twice. The outbox starts held. By `after_restore --cancel` nothing is sent twice; by `--send` an
    administrator lets all leave again, but for the solemn ones, which are for a person.

    No day passes: what would have been due meanwhile is due at the time of the copy.
    """
    copied = stand.place.home / "copy"
    _rest(stand)
    waiting = _let_them_wait(people.applications(MANY))
    _stop_database(stand)
    _copy(stand.postgres.data, copied)
    _work_again(stand)
    until(lambda: stand.count_mails() == MANY * 3, 60, lambda: f"{stand.count_mails()} of {MANY * 3} mails left")
    _goes_on(stand)
    left = stand.count_mails()
    _bring_back(stand, copied)
    _is_held(stand, left, waiting)
    _manage(stand, "after_restore", "--cancel")
    _goes_on(stand)
    doubled = [words for words, times in _said(stand).items() if times > 1]
    expect(not doubled, f"by --cancel {len(doubled)} mails came twice, for example {doubled[:1]}")
    left = stand.count_mails()
    _bring_back(stand, copied)
    _is_held(stand, left, waiting)
    _send_all(stand, waiting)
    shutil.rmtree(copied)
    return (
        f"held at once, both times; by --cancel none of {MANY * 3} mails came twice, by --send the ordinary ones did, "
        "with one Message-ID, and the solemn ones wait for a person; new mails leave"
    )


@dataclass(frozen=True)
class Waiting:
    """What waits at the time of the copy: two mails and a reminder for each."""

    letters: list[Message]
    solemn: list[Message]
    asked: list[Ask]


def _let_them_wait(applications: Sequence[Application]) -> Waiting:
    return Waiting(
        people.letters_at_once(applications),
        people.letters_at_once(applications, people.REJECTED),
        people.asks_at_once(applications, remind_at=now()),
    )


def _rest(stand: Stand) -> None:
    for name in PARTS:
        stand.stop(name)


def _stop_database(stand: Stand) -> None:
    connections.close_all()
    stand.stop("postgres")


def _copy(source: Path, target: Path) -> None:
    """As an operator copies it, owner and all: PostgreSQL takes no folder of somebody else."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _work_again(stand: Stand) -> None:
    for name in ("postgres", *PARTS):
        stand.start(name)
    until(lambda: stand.visitor().get("/", seconds=3).status == 200, 60, "no page is served")


def _bring_back(stand: Stand, copied: Path) -> None:
    _rest(stand)
    _stop_database(stand)
    _copy(copied, stand.postgres.data)
    _work_again(stand)


def _is_held(stand: Stand, left: int, waiting: Waiting) -> None:
    """All that waited in the copy is held, and stays so over several sweeps; a page still takes what people do."""
    mails = waiting.letters + waiting.solemn
    until(lambda: people.are_all(mails, "held"), 60, lambda: f"not held: {people.status_of(mails)}")
    new = people.letters([people.application()])
    time.sleep(3 * float(SWEEP_SECONDS) + 1)
    expect(stand.count_mails() == left, f"{stand.count_mails() - left} mails left while the outbox is held")
    expect(not people.are_all(new, "sent"), "a new mail left while the outbox is held")
    expect(not people.reminders_of(waiting.asked), "somebody was reminded while the outbox is held")
    told = stand.visitor().get("/readyz").text
    expect("the outbox is held" in told, f"monitoring is not told that it is held: {told[:200]}")


def _send_all(stand: Stand, waiting: Waiting) -> None:
    stand.may_twice(*[one.pk for one in waiting.letters])
    _manage(stand, "after_restore", "--send")
    until(lambda: people.are_all(waiting.letters, "sent"), 60, lambda: f"--send: {people.status_of(waiting.letters)}")
    expect(people.are_all(waiting.solemn, "uncertain"), f"solemn ones are {people.status_of(waiting.solemn)}")
    _goes_on(stand)
    copies = Counter(mail.key for mail in stand.mails())
    expect({copies[str(one.pk)] for one in waiting.letters} == {2}, "an ordinary mail has not one Message-ID twice")
    expect({copies[str(one.pk)] for one in waiting.solemn} == {1}, "a solemn mail came twice")


def _goes_on(stand: Stand) -> None:
    """New mails leave, and all is well."""
    stand.await_well()
    mails = people.letters(people.applications(3))
    until(lambda: people.are_all(mails, "sent"), 30, lambda: f"new mails are {people.status_of(mails)}")


def _said(stand: Stand) -> Counter[tuple[str, str]]:
    """How often each of our people got a mail of the same subject."""
    return Counter((mail.to, mail.subject) for mail in stand.mails())


def _manage(stand: Stand, *words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    env = stand.place.of_processes()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"{' '.join(words)}: {done.stderr[-500:]}")
