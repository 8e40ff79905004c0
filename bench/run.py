"""Measure the speed of everything: `python -m bench.run`, or `make bench`. See `bench/README.md`.

SCALE=1k|10k|100k|1m people, or SCALES=1k,10k,100k for the growth besides.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ats.dev.servers import NotFound
from ats.dev.services import CannotStart
from bench import stand
from bench.growth import Size, report_growth

REPORT = stand.ROOT / "build" / "bench.json"
PART = REPORT.with_name("bench-part.json")  # of some lines only, so that it does not replace a whole report
SCALES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
DEFAULT = "10k"


class Refused(Exception):
    """What was asked for cannot be measured."""


def main(arguments: list[str]) -> int:
    """Measure at each size; `arguments` are the names of the lines, none means all."""
    try:
        report = PART if arguments else REPORT
        chosen = _chosen(report)
        codes = [_measure(name, file, arguments) for name, file in chosen.items()]
        if len(chosen) > 1:
            report_growth([Size(SCALES[name], _read(file)) for name, file in chosen.items()], report)
    except (Refused, CannotStart, NotFound, stand.Busy, stand.CannotStand) as refusal:
        sys.stderr.write(f"Cannot measure: {refusal}\n")
        return 1
    return max(codes)


def _chosen(report: Path) -> dict[str, Path]:
    """The sizes to measure, and where each is reported."""
    names = [name.strip().lower() for name in os.environ.get("SCALES", "").split(",") if name.strip()]
    names = names or [(os.environ.get("SCALE") or DEFAULT).lower()]
    if unknown := [name for name in names if name not in SCALES]:
        raise Refused(f"{unknown[0]!r} is no size; say one of {', '.join(SCALES)}")
    return {name: report.with_name(f"{report.stem}-{name}.json") if len(names) > 1 else report for name in names}


def _measure(name: str, file: Path, only: list[str]) -> int:
    with stand.servers() as environment:
        _manage(environment, "migrate", "--noinput", "-v0")
        _manage(environment, "collectstatic", "--noinput", "-v0")
        inside = ["-m", "bench.within", "--people", str(SCALES[name]), "--out", str(file), "--only", *only]
        code = subprocess.run([sys.executable, *inside], env=environment, cwd=stand.ROOT, check=False).returncode
        if code:
            sys.stderr.write(f"{stand.last_words()}\n")
        return code


def _manage(environment: Mapping[str, str], *words: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *words], env=environment, cwd=stand.ROOT, check=False)
    if done.returncode:
        raise Refused(f"manage.py {words[0]} failed")


def _read(file: Path) -> list[dict[str, object]]:
    return list(json.loads(file.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
