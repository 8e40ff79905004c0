"""What uses a piece of content, for the pages where it is edited, and what a kit may be made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from candidates.jobs.models import HiringPlan, Job
from interviews.models import Case, Exercise, Kit, KitPart, Question, Round, Submission

NOWHERE = ("", "---------")
RUNNING = (Job.Status.DRAFT, Job.Status.OPEN, Job.Status.PAUSED)


@dataclass(frozen=True)
class Use:
    """One place that uses it: a kit, a plan, a job. Without an address for who may not see it."""

    name: str
    url: str = ""


@dataclass
class Uses:
    """Where a piece of content stands; `others` counts jobs that the reader does not hire for."""

    kits: list[Use]
    plans: list[Use]
    jobs: list[Use]
    others: int = 0

    def __bool__(self) -> bool:
        return bool(self.kits or self.plans or self.jobs or self.others)


def is_used(content: Any) -> bool:
    """Whether something points at it, so that it is retired instead of deleted."""
    return any(rows.exists() for rows in POINTERS[type(content)](content))


POINTERS: dict[type, Callable[[Any], list[QuerySet[Any, Any]]]] = {
    Question: lambda one: [KitPart.objects.filter(question=one)],
    Exercise: lambda one: [
        KitPart.objects.filter(exercise=one),
        Round.objects.filter(exercise=one),
        Submission.objects.filter(exercise=one),
    ],
    Case: lambda one: [KitPart.objects.filter(case=one), Submission.objects.filter(case=one)],
    Kit: lambda one: [Round.objects.filter(kit=one)],
}


def uses(content: Any, user: Any) -> Uses:
    """The kits, templates of plans and running jobs in which `content` stands, for `user` to see."""
    kits = [] if isinstance(content, Kit) else list(Kit.objects.filter(_parts(content)).distinct().order_by("name"))
    rounds = Round.objects.filter(_rounds(content))
    templates = HiringPlan.objects.filter(copied_from=None, rounds__in=rounds).distinct().order_by("name", "-version")
    jobs = Job.objects.filter(status__in=RUNNING, opened_at__isnull=False, plan__rounds__in=rounds).distinct()
    mine = jobs.filter(pk__in=Job.objects.visible_to(user).values("pk")).order_by("title")
    return Uses(
        kits=[Use(kit.name, _change("kit", kit.pk, "interviews")) for kit in kits],
        plans=[Use(str(plan), _change("hiringplan", plan.pk)) for plan in templates],
        jobs=[Use(job.title, _change("job", job.pk)) for job in mine],
        others=jobs.count() - len(mine),
    )


def choices(kit: Kit) -> dict[str, list[tuple[Any, str]]]:
    """What the boxes of a kit's parts offer: nothing retired, and no written work, unless it stands there already."""
    used = list(KitPart.objects.filter(kit=kit.pk).values_list("question", "exercise", "case")) if kit.pk else []
    questions, exercises, cases = (
        (set(one) - {None} for one in zip(*used, strict=True)) if used else (set(), set(), set())
    )
    asked = Question.objects.filter(Q(is_retired=False) | Q(pk__in=questions))
    spoken = Exercise.objects.exclude(kind__in=Exercise.WRITTEN).filter(is_retired=False)
    worked = Exercise.objects.filter(Q(pk__in=spoken.values("pk")) | Q(pk__in=exercises))
    told = Case.objects.filter(Q(is_retired=False, exercise__in=spoken.values("pk")) | Q(pk__in=cases))
    ordered = told.select_related("exercise").order_by("exercise__position", "exercise__name", "position", "name")
    return {
        "question": [NOWHERE, *((one.pk, one.name) for one in asked)],
        "exercise": [NOWHERE, *((one.pk, one.name) for one in worked)],
        "case": [NOWHERE, *((one.pk, f"{one.exercise}: {one}") for one in ordered)],
    }


def _parts(content: Any) -> Q:
    """Of a kit: has a part of it."""
    return Q(**{f"parts__{type(content).__name__.lower()}": content})


def _rounds(content: Any) -> Q:
    """Of a round: asks it, by its kit or as its exercise."""
    if isinstance(content, Kit):
        return Q(kit=content)
    asked = Q(**{f"kit__parts__{type(content).__name__.lower()}": content})
    if isinstance(content, Case):
        return asked | Q(exercise=content.exercise_id)
    return asked | Q(exercise=content) if isinstance(content, Exercise) else asked


def _change(model: str, pk: int, app: str = "candidates") -> str:
    return reverse(f"admin:{app}_{model}_change", args=[pk])
