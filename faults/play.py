"""Play the scenarios on one stand: `python -m faults.play`, started by `faults.run` with the settings of the stand."""

from __future__ import annotations

import importlib
import json
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import django

from ats.dev.services import CannotStart
from ats.dev.state import ROOT
from faults.stand import place
from faults.verdict import Failed

REPORT = ROOT / "build" / "faults.json"
SURVIVED, FAILED, MISSING = "survived", "FAILED", "MISSING"


@dataclass
class Played:
    """What became of one fault."""

    fault: str
    title: str
    verdict: str = SURVIVED
    rounds: int = 0
    seconds: float = 0.0
    told: str = ""
    invariants: dict[str, list[str]] = field(default_factory=dict)

    def line(self) -> str:
        """One line for the terminal."""
        if self.verdict == MISSING:
            return f"{self.fault} MISSING ({self.title})"
        rounds = f"{self.rounds} round{'s' if self.rounds != 1 else ''}"
        return f"{self.fault} {self.verdict} ({rounds}, {self.seconds:.1f} s: {self.told})"


class TimeUp(Failed):
    """The scenario took longer than it may."""


def main() -> int:
    """Play what is chosen; gives the exit code."""
    django.setup()
    logging.disable(logging.WARNING)  # of this process, which plays the operator: its lines are verdicts
    # What stands on Django's models can be loaded only now.
    table, stands = importlib.import_module("faults.table"), importlib.import_module("faults.stand.stand")
    invariants = importlib.import_module("faults.invariants")
    chosen, rounds = json.loads(os.environ["FAULTS_CHOSEN"]), int(os.environ["FAULTS_ROUNDS"])
    stand = stands.Stand(place.told())
    played: list[Played] = []
    signal.signal(signal.SIGTERM, _end)
    try:
        if any(table.FAULTS[number].play for number in chosen):
            stand.build()
        for number in chosen:
            played.append(_play(number, table.FAULTS[number], stand, rounds, invariants))
            _say(played[-1].line())
    except (Failed, CannotStart) as error:
        _say(f"The stand does not come up: {error}. The logs are in {_keep_logs('stand', stand)}")
        return 1
    finally:
        _write(played)
        stand.end()
    return 0 if played and all(one.verdict == SURVIVED for one in played) else 1


def _play(number: str, fault: Any, stand: Any, rounds: int, invariants: Any) -> Played:
    played = Played(number, fault.title)
    if fault.play is None:
        played.verdict = MISSING
        return played
    began = time.monotonic()
    while played.rounds < rounds and played.verdict == SURVIVED:
        played.rounds += 1
        _round(played, fault, stand, invariants)
    played.seconds = round(time.monotonic() - began, 1)
    return played


def _round(played: Played, fault: Any, stand: Any, invariants: Any) -> None:
    """One round; whatever goes wrong is the fault's failure, and the next one finds a stand that was built anew."""
    try:
        stand.begin()
        with _within(fault.seconds):
            played.told = fault.play(stand)
        stand.heal()
        if found := invariants.broken(stand):
            played.verdict, played.invariants = FAILED, found
            played.told = "; ".join(f"{name}: {lines[0]} ({len(lines)} in all)" for name, lines in found.items())
    except Exception as error:
        played.verdict, played.told = FAILED, _words(error)
    if played.verdict == FAILED:
        _keep_logs(played.fault, stand)
        stand.renew()


def _words(error: Exception) -> str:
    if isinstance(error, Failed):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"


def _keep_logs(name: str, stand: Any) -> Path:
    """Keep what the parts said while it failed, in build/faults/F12/."""
    folder = REPORT.parent / "faults" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in stand.place.logs.iterdir():
        (folder / file.name).write_text(stand.log(file.stem))
    return folder


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raise TimeUp in the block when it takes longer."""

    def over(number: int, frame: FrameType | None) -> None:
        raise TimeUp(f"not over after {seconds} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _write(played: list[Played]) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(one) for one in played], indent=1) + "\n")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
