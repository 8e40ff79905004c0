"""Builders for tests, the demo and the measurement: an interview by a kit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from candidates.builders import NOW, make_application, make_job, make_plan
from candidates.models import Stage
from interviews.builders import make_interview
from interviews.kits.builders import make_exercise, make_kit, make_question, make_round
from interviews.models import DeescalationStep, Exercise, Interview, Kit, LadderRoute


def make_words() -> None:
    """The routes to an answer and the thirteen steps, as a team has them."""
    for position, key in enumerate(("did", "procedure", "customer")):
        anchors = [f"By {key}, level {level}" for level in range(1, 6)]
        LadderRoute.objects.get_or_create(
            key=key, defaults={"name": f"Route {key}", "anchors": anchors, "position": position}
        )
    for number in range(1, 14):
        DeescalationStep.objects.get_or_create(
            number=number,
            defaults={"name": f"Step {number}", "meaning": f"What {number} means", "in_writing": number not in (5, 6)},
        )


def make_full_kit(**fields: Any) -> Kit:
    """A welcome, two questions, an irate customer coded by the steps; Empathy is told by two parts, Patience by one."""
    make_words()
    again = f" {Kit.objects.count() + 1}" if Kit.objects.exists() else ""
    role_play = make_exercise(
        Exercise.Kind.ROLE_PLAY,
        ("Patience",),
        name=f"Irate customer{again}",
        codes_steps=True,
        guards=["Stop when it hurts."],
    )
    first = make_question(f"Angry caller{again}", ("Empathy",))
    second = make_question(f"Out of your way{again}", ("Empathy", "Reliability"), family="hypothetical")
    return make_kit("Welcome", first, second, role_play, **fields)


def make_kit_interview(kit: Kit | None = None, *, at: datetime = NOW, plan: Any = None, **fields: Any) -> Interview:
    """An interview with Ida and Ivan by a kit, for a job whose plan has it as a round."""
    plan = plan or make_plan(("Empathy", "Patience", "Reliability"))
    chosen = make_round(plan, kit or make_full_kit())
    application = make_application(Stage.SCREENING, job=make_job(plan=plan, zone="Europe/Amsterdam"), at=at)
    return make_interview(application, at=at, round=chosen, **fields)
