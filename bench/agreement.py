"""The lines about agreement: five thousand scorecards compared in a process of its own, as a worker would.

One line is its time, from the first row read to the last number, against the stated ten seconds; the other the most
memory that the process ever took, Django and numpy included.
"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from datetime import datetime, timedelta
from functools import cache

from bench.ground import Ground, NotMeasured
from bench.measure import Timings
from bench.report import Measured
from candidates.jobs.models import Competency
from candidates.judging.models import Rating, Scorecard
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.stages import CLOSED, Stage

CARDS = 5_000
RATERS = 40
TRAITS = 8  # rated on a card
TURNS = 5
STATED, STATED_MB = 10_000.0, 200.0
COMPUTE = """
import json, resource, time
import django
django.setup()
import ats.celery
from django.utils.timezone import now
from interviews.agreement.models import AgreementReport
from interviews.agreement.tasks import compute
AgreementReport.objects.create(asked_at=now())
begun = time.perf_counter()
compute()
took = (time.perf_counter() - begun) * 1000
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
told = AgreementReport.objects.done().latest("pk").results
print(json.dumps([took, most, sum(line["ratings"] for line in told["lines"]), len(told["raters"])]))
"""


def duration(ground: Ground) -> Measured:
    """The statistics of five thousand scorecards, in milliseconds; the limit is the stated time."""
    runs = _runs(ground.at)
    note = f"in a worker, against a stated {STATED:g} ms, {runs[0][2]:,.0f} ratings compared"
    return Measured(Timings([run[0] for run in runs]), Timings([STATED] * TURNS), rows=CARDS, note=note)


def memory(ground: Ground) -> Measured:
    """The most that the process took; the limit is the stated size."""
    seen = Timings([run[1] for run in _runs(ground.at)])
    return Measured(seen, Timings([STATED_MB] * TURNS), rows=CARDS, unit="MB", note="the whole process at its largest")


@cache
def _runs(at: datetime) -> list[list[float]]:
    _fill(at - timedelta(days=1))
    runs = [_run() for _turn in range(TURNS)]
    if any(run[2] < CARDS * TRAITS or run[3] < RATERS for run in runs):
        raise NotMeasured(f"not everything was compared: {runs[0]}")
    return runs


def _run() -> list[float]:
    done = subprocess.run([sys.executable, "-c", COMPUTE], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasured(done.stderr[-500:])
    return [float(number) for number in json.loads(done.stdout)]


def _fill(at: datetime) -> None:
    """Locked cards of two interviewers (more in a small dataset) for ended applications; chance is seeded."""
    chance = random.Random(20300107)
    ended = list(Application.objects.filter(stage__in=CLOSED).order_by("pk").values_list("pk", flat=True)[: CARDS // 2])
    each = math.ceil(CARDS / len(ended))
    raters = [f"rater{number}@example.com" for number in range(RATERS)]
    pairs = [(pk, email) for pk in ended for email in chance.sample(raters, each)]
    asks = Ask.objects.bulk_create(
        Ask(
            application_id=pk, stage=Stage.INTERVIEWS, page="interviews:scorecard", template="interviews/scorecard",
            title="Your scorecard", role=Ask.Role.INTERVIEWER, name=email, email=email, created_at=at, opens_at=at,
            due_at=at, expires_at=at, answered_at=at,
        )
        for pk, email in pairs
    )  # fmt: skip
    cards = Scorecard.objects.bulk_create(
        Scorecard(
            application_id=asked.application_id, ask=asked, kind=Scorecard.Kind.INTERVIEW, stage=Stage.INTERVIEWS,
            rater_name=asked.name,
        )
        for asked in asks
    )  # fmt: skip
    traits = [_trait(number) for number in range(TRAITS)]
    Rating.objects.bulk_create(
        (
            Rating(scorecard=card, competency_id=trait, score=chance.choice([1, 2, 3, 3, 4, 4, 5]), evidence="Seen.")
            for card in cards
            for trait in traits
        ),
        batch_size=5_000,
    )
    Scorecard.objects.filter(pk__in=[card.pk for card in cards]).update(locked_at=at)


def _trait(number: int) -> int:
    fields = {"meaning": "What is measured", "trainable": "hard", "anchors": list("12345"), "position": 100 + number}
    return Competency.objects.get_or_create(name=f"Trait {number}", defaults=fields)[0].pk
