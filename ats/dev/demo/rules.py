"""What rules do in the demo: three act, two suggest, and all of it can be looked at and undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ats.automation import actions as automation
from ats.automation.models import Rule
from candidates.jobs.models import HiringPlan, Job

AT_WORK = timedelta(days=120)  # since before anybody applied
LATELY = timedelta(days=10)
A_MOMENT = timedelta(minutes=3)
ON_THE_WAY = {"interviews-over": Rule.Mode.ACT}  # from the template on, so that stories are moved by it
AT_THE_END: dict[str, dict[str, Any]] = {
    "stands-still": {"mode": Rule.Mode.ACT, "days": 4, "name": "Tell a recruiter who waits for four days"},
    "stands-long": {"mode": Rule.Mode.ACT, "days": 4, "name": "Give a to-do when the interviews take four days"},
    "knock-out": {"mode": Rule.Mode.SUGGEST},
    "screening-over": {"mode": Rule.Mode.SUGGEST, "score": Decimal("2.00")},
}  # fmt: skip
WORDS = {
    "stands-still": "{name} applied for {job} some days ago, and nobody has begun yet.",
    "stands-long": "{name} has been at the interviews for some days. Look at what keeps it, and tell them.",
}  # fmt: skip


def begin(plan: str, *, now: datetime) -> None:
    """Let the template `plan` ask for references by itself; jobs that open with it take that along."""
    for key, mode in ON_THE_WAY.items():
        found = Rule.objects.filter(plan__name=plan, plan__copied_from=None, key=key)
        found.update(mode=mode, since=now - AT_WORK)


def go_on(job: Job, *, now: datetime) -> None:
    """Switch on what looks at the present, and let it look a moment ago."""
    plan = HiringPlan.objects.get(pk=job.plan_id)
    for key, fields in AT_THE_END.items():
        rule = Rule.objects.get(plan=plan, key=key)
        for name, value in ({"since": now - LATELY} | fields).items():
            setattr(rule, name, value)
        rule.settings = rule.settings | ({"words": WORDS[key]} if key in WORDS else {})
        rule.save()
    automation.act(at=now - A_MOMENT)
