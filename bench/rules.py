"""The lines about rules: ten thousand new events looked at by eight rules, in a process of its own, as a worker would.

One line is its time against the stated thirty seconds; the other how much the process grew between the first and the
last thousand, against the stated nothing (some megabytes, for Python's own housekeeping).
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from functools import cache

from ats.automation.models import Rule
from bench.ground import Ground, NotMeasured
from bench.measure import Timings
from bench.report import Measured
from candidates.people.models import Application, Event

EVENTS = 10_000
EVERY = 20  # of so many events one is acted on
RULES = 8
NAME = "document.added"
STATED, STATED_MB = 30_000.0, 10.0
ACT = """
import json, resource, time
import django
django.setup()
import ats.celery
from django.utils.timezone import now
from ats.automation import actions, occasions
from ats.automation.models import Firing
def largest(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
sizes = []
act = actions._look_at
def look(*args):
    sizes.append(largest())
    return act(*args)
actions._look_at = look
begun = time.perf_counter()
acted = actions.act(at=now())
took = (time.perf_counter() - begun) * 1000
print(json.dumps([took, largest() - sizes[len(sizes) // 5], acted, Firing.objects.count()]))
"""


def duration(ground: Ground) -> Measured:
    """All of it, in milliseconds; the limit is the stated time."""
    took, _grew, acted, firings = _run(ground.at)
    note = f"in a worker, against a stated {STATED:g} ms; {firings:,.0f} looked at, {acted:,.0f} acted"
    return Measured(Timings([took]), Timings([STATED]), rows=EVENTS, note=note)


def growth(ground: Ground) -> Measured:
    """How much the process grew after the first fifth."""
    grew = Timings([max(_run(ground.at)[1], 0.01)])
    return Measured(grew, Timings([STATED_MB]), rows=EVENTS, unit="MB", note="after the first fifth of the events")


@cache
def _run(at: datetime) -> list[float]:
    _fill(at - timedelta(hours=1))
    done = subprocess.run([sys.executable, "-c", ACT], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasured(done.stderr[-500:])
    told = [float(number) for number in json.loads(done.stdout)]
    if told[2] < EVENTS // EVERY or told[3] < EVENTS * RULES:
        raise NotMeasured(f"not everything was looked at: {told}")
    return told


def _fill(at: datetime) -> None:
    """New events of open applications, and for each of their plans eight rules, of which one acts now and then."""
    found = list(Application.objects.open().order_by("pk").values_list("pk", "plan")[:EVENTS])
    rows = [found[number % len(found)] for number in range(EVENTS)]
    for plan in sorted({plan for _pk, plan in found}):
        Rule.objects.bulk_create(_rule(plan, number, at) for number in range(RULES))
    chosen = [pk for pk, _plan in found[::EVERY]]
    Application.objects.filter(pk__in=chosen).update(source="bench")
    Event.objects.bulk_create(
        (Event(application_id=pk, name=NAME, at=at, by_kind="candidate", by_name="Bench") for pk, _plan in rows),
        batch_size=5_000,
    )


def _rule(plan: int, number: int, at: datetime) -> Rule:
    """The first writes a note where the source is ours; the others ask for what nobody has."""
    source = "bench" if number == 0 else f"nowhere {number}"
    return Rule(
        plan_id=plan,
        name=f"Bench {number}",
        when=Rule.When.EVENT,
        event=NAME,
        conditions=[{"kind": "source", "value": source}],
        then=Rule.Then.NOTE,
        settings={"words": "A document came."},
        mode=Rule.Mode.ACT,
        since=at - timedelta(days=1),
    )
