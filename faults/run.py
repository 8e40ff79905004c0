"""Make the faults and see what survives: `python -m faults.run`, or `make faults`. See `faults/README.md`.

FAULTS=F5,F6 chooses (without: all 46; `gate`: those of the gate), ROUNDS=20 says how often each is played.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

from ats.dev import births, servers, throwaway
from ats.dev.state import ROOT
from faults.stand import clock, place

NUMBERS = [f"F{number}" for number in range(1, 47)]
GATE = ROOT / "faults" / "gate.txt"  # what the gate plays with every change


class Refused(Exception):
    """What was asked for cannot be played."""


def main() -> int:
    """Play what the environment says; gives the exit code."""
    try:
        chosen, rounds = _chosen(), _rounds()
        servers.postgres_folder(), servers.redis_binary(), clock.library()
    except (Refused, servers.NotFound, clock.NoFaketime) as refusal:
        sys.stderr.write(f"Cannot make faults: {refusal}\n")
        return 1
    with throwaway.folder() as folder:
        environment = place.environment(place.choose(folder))
        environment |= {"FAULTS_CHOSEN": json.dumps(chosen), "FAULTS_ROUNDS": str(rounds)}
        return _play(environment)


def _play(environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "faults.play"]
    prepare = births.before_exec(signal.SIGTERM)
    player = subprocess.Popen(command, env=environment, cwd=ROOT, preexec_fn=prepare)  # noqa: PLW1509 - one thread
    signal.signal(signal.SIGTERM, lambda *_: player.terminate())
    while True:
        try:
            return player.wait()
        except KeyboardInterrupt:
            continue  # the player heard it too, and ends what it started


def _chosen() -> list[str]:
    told = os.environ.get("FAULTS", "").strip()
    if told.lower() == "gate":
        told = GATE.read_text()
    names = [name.upper() for name in re.split(r"[\s,]+", told) if name]
    if unknown := [name for name in names if name not in NUMBERS]:
        raise Refused(f"{unknown[0]!r} is no fault; say F1 to F46, for example FAULTS=F5,F6")
    return list(dict.fromkeys(names)) or NUMBERS


def _rounds() -> int:
    told = os.environ.get("ROUNDS", "").strip() or "1"
    if not (told.isascii() and told.isdigit() and 0 < int(told) <= 10_000):
        raise Refused(f"ROUNDS is {told!r}; it must be a whole number above zero")
    return int(told)


if __name__ == "__main__":
    sys.exit(main())
