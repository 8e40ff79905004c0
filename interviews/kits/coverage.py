"""What a plan's rounds ask of a candidate in minutes, and by how many people each competency will be judged.

Two rules of good hiring stand behind it: under two hours with a candidate in all, and nobody is judged on one
person's impression. The plan says where it breaks them; whether that is meant is for a person to decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from candidates.models import Competency, HiringPlan
from interviews.kits.models import Exercise, Kit, KitPart, Round

PHONE_SCREEN = 20  # minutes, what a call is offered with
WITHOUT_KIT = 45  # minutes of an interview that is arranged without rounds
LONGEST = 120  # minutes with a candidate, above which the plan warns
FEWEST = 2  # raters of each competency, whatever less the rule asks for


@dataclass(frozen=True)
class Time:
    """What takes the candidate how long: `minutes` each, `times` over."""

    name: str
    minutes: int
    times: int = 1

    @property
    def total(self) -> int:
        """Minutes in all."""
        return self.minutes * self.times


@dataclass(frozen=True)
class Judged:
    """One competency, and by how many people the rounds have it judged."""

    name: str
    raters: int
    needed: int
    weight: int = 0  # in the plan; 0: judged, but it counts for nothing

    @property
    def is_short(self) -> bool:
        """Whether the plan wants it judged by more."""
        return self.weight > 0 and self.raters < self.needed


@dataclass(frozen=True)
class Coverage:
    """All that can be said of a plan before anybody is interviewed."""

    times: list[Time]
    competencies: list[Judged]
    empty: list[str]  # rounds whose kit has no part

    @property
    def minutes(self) -> int:
        """With the candidate in all."""
        return sum(time.total for time in self.times)

    @property
    def is_long(self) -> bool:
        """Whether it takes a candidate more than two hours."""
        return self.minutes > LONGEST

    @property
    def short(self) -> list[Judged]:
        """Competencies that too few people will judge."""
        return [one for one in self.competencies if one.is_short]

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to warn of."""
        return not (self.is_long or self.short or self.empty)


def of_plan(plan: HiringPlan) -> Coverage:
    """The coverage of a plan as it is now, in at most ten queries.

    A panel takes the candidate's time once, conversations one by one once for each interviewer, written work once.
    A kit is rated on the competencies of its parts; one that names none, and a plan without rounds, on all of the
    plan's.
    """
    weights = {row.competency: row.weight for row in plan.weights.select_related("competency")}
    rounds = list(_rounds(plan))
    times = [Time(_("Phone screen"), PHONE_SCREEN), *map(_time, rounds)]
    raters: Counter[Competency] = Counter()
    for one in rounds:
        raters.update(dict.fromkeys(told(one) or weights, one.raters))
    if not rounds:
        times.append(Time(_("Interview"), WITHOUT_KIT))
        raters.update(dict.fromkeys(weights, plan.interviewers))
    return Coverage(times, _judged(plan, weights, raters), [one.name for one in rounds if one.kit and not _parts(one)])


def told(one: Round) -> set[Competency]:
    """The competencies that a round's content names."""
    if one.exercise:
        return _of_exercise(one.exercise)
    return {competency for part in _parts(one) for competency in _of_part(part)}


def minutes(kit: Kit) -> int:
    """How long a kit takes, all parts together."""
    return sum(part.minutes for part in kit.parts.all())


def plans_using(kits: Iterable[int]) -> dict[int, list[HiringPlan]]:
    """For each kit (by key) the plans with a round that uses it."""
    found: dict[int, list[HiringPlan]] = defaultdict(list)
    for one in Round.objects.filter(kit__in=kits).select_related("plan").order_by("plan__name", "plan_id"):
        assert one.kit_id is not None
        if one.plan not in found[one.kit_id]:
            found[one.kit_id].append(one.plan)
    return found


def _rounds(plan: HiringPlan) -> QuerySet[Round, Any]:
    parts = KitPart.objects.select_related("question", "exercise").prefetch_related(
        "question__competencies", "exercise__rubric__competency"
    )
    rounds = plan.rounds.select_related("kit", "exercise").prefetch_related(
        Prefetch("kit__parts", parts), "exercise__rubric__competency"
    )
    return rounds.order_by("position", "pk")


def _time(one: Round) -> Time:
    if one.exercise:
        return Time(one.name, one.exercise.minutes)
    each = one.raters if one.kind == Round.Kind.SEPARATE else 1
    return Time(one.name, sum(part.minutes for part in _parts(one)), each)


def _parts(one: Round) -> list[KitPart]:
    return list(one.kit.parts.all()) if one.kit else []


def _of_part(part: KitPart) -> set[Competency]:
    if part.exercise:
        return _of_exercise(part.exercise)
    if part.question and part.question.is_scored:
        return set(part.question.competencies.all())
    return set()


def _of_exercise(exercise: Exercise) -> set[Competency]:
    return {line.competency for line in exercise.rubric.all()}


def _judged(plan: HiringPlan, weights: dict[Competency, int], raters: Counter[Competency]) -> list[Judged]:
    """The plan's own by weight, then those that are judged although the plan does not weigh them."""
    needed = max(FEWEST, plan.raters)
    own = [Judged(one.name, raters[one], needed, weight) for one, weight in weights.items()]
    others = sorted((one for one in raters if one not in weights), key=lambda one: (one.position, one.name))
    return own + [Judged(one.name, raters[one], needed) for one in others]
