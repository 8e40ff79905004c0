"""One measurement, inside the settings that `bench.stand` gives: fill, serve, measure every line, report.

`python -m bench.within --people 10000 --out build/bench.json`; started by `bench.run`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

django.setup()

from django.utils.timezone import now  # noqa: E402

from bench import dataset, report, stand  # noqa: E402
from bench.ground import Ground, NotMeasured, signed_in  # noqa: E402
from bench.lines import LINES, MEMORY, Line  # noqa: E402
from bench.measure import Site, Timings  # noqa: E402
from bench.report import Measured, Result  # noqa: E402


def main() -> int:
    """Measure; 1 when a line could not be measured, 0 also when one is short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    company = _filled(options.people)
    with stand.web("ats.wsgi", os.environ) as ours, stand.web("bench.floor:application", os.environ) as limit:
        user = company.recruiter
        sites = [signed_in(Site(web.port), user) for web in (ours, limit)]
        results = _measured(Ground(company, ours, sites[0], sites[1], now()), options.only)
    report.write(results, options.out)
    _say(f"\n{report.table(results)}\n")
    return 1 if any(result.failure for result in results) else 0


def _filled(people: int) -> dataset.Company:
    start = time.monotonic()
    company = dataset.fill(people=people, at=now())
    dataset.settle()
    _say(f"{people:,} people in {time.monotonic() - start:.1f} s")
    return company


def _measured(ground: Ground, only: list[str]) -> list[Result]:
    at_start = _memory(ground)
    results = [_result(line, ground) for line in LINES if not only or line.name in only]
    seen = Measured(Timings(_memory(ground)), Timings(at_start), unit="MB", note="a web worker after all, and at start")
    return [*results, Result("memory", MEMORY, seen)]


def _result(line: Line, ground: Ground) -> Result:
    """One line; what fails does not keep the others from being measured."""
    if line.measure is None:
        return Result(line.name, line.goal)
    _say(f"{line.name} ...")
    try:
        return Result(line.name, line.goal, line.measure(ground))
    except NotMeasured as reason:
        return Result(line.name, line.goal, failure=str(reason))
    except Exception as error:
        _say(traceback.format_exc())
        return Result(line.name, line.goal, failure=f"{type(error).__name__}: {error}")


def _memory(ground: Ground) -> list[float]:
    """What each web worker takes, once each has answered something."""
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _number: ground.ours.ask("/", public=True), range(16)))
    return [stand.memory(pid) for pid in ground.web.workers()]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
