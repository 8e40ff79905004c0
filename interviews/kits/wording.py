"""A kit or an exercise as one text, as it is now: what a scorecard is rated against and keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from candidates.jobs.models import Competency, HiringPlan
from candidates.judging import wording
from interviews.kits.models import Case, DeescalationStep, Exercise, Kit, KitPart, LadderRoute, Question, RubricLine


def of_kit(kit: Kit, plan: HiringPlan | None) -> dict[str, Any]:
    """The words of a kit: its competencies, parts in order, routes and steps.

    The competencies are those that its parts tell about, the plan's heaviest first; a kit that names none is rated
    on all of the plan's. Without a plan, as on paper, the competencies stand in the team's own order.

    Returns:
        {"kit", "purpose", "competencies": [...], "parts": [...], "routes": [...], "steps": [...]}; a part is
        {"number", "kind": "question" | "exercise" | "talk", "title", "text", "minutes", "competencies": [keys], ...}.
    """
    parts = list(
        kit.parts.select_related("question", "exercise", "case").prefetch_related(
            "question__competencies", "exercise__rubric__competency", "case__mails"
        )
    )
    told = [_part(number, part) for number, part in enumerate(parts, start=1)]
    wanted = {key for part in told for key in part["competencies"]}
    return {
        "kit": kit.name,
        "purpose": kit.purpose,
        "competencies": wording.described(_ordered(plan, wanted)),
        "parts": told,
        "routes": _routes(told),
        "steps": _steps() if any(part.get("codes_steps") for part in told) else [],
    }


def of_exercise(exercise: Exercise, case: Case) -> dict[str, Any]:
    """The words of a written exercise: its rubric's anchors in place of the competencies' own, brief, case, guide."""
    rubric = exercise.rubric.select_related("competency")
    return {
        "competencies": [_rubric_line(line) for line in rubric],
        "exercise": _exercise(exercise) | {"case": _case(case)},
    }


def _ordered(plan: HiringPlan | None, wanted: set[int]) -> Iterable[Competency]:
    weighed = [row.competency for row in plan.weights.select_related("competency")] if plan else []
    others = Competency.objects.filter(pk__in=wanted - {one.pk for one in weighed})
    return [one for one in weighed if one.pk in wanted or not wanted] + list(others)


def _part(number: int, part: KitPart) -> dict[str, Any]:
    told: dict[str, Any] = {"number": number, "minutes": part.minutes}
    if part.question:
        return told | _question(part.question)
    if part.exercise:
        case = _case(part.case) if part.case else None
        return told | _exercise(part.exercise) | {"kind": "exercise", "case": case}
    return told | {"kind": "talk", "title": part.title, "text": part.text, "competencies": []}


def _question(question: Question) -> dict[str, Any]:
    return {
        "kind": "question",
        "question": question.pk,
        "title": question.name,
        "text": question.text,
        "family": question.family,
        "anchors": list(question.anchors),
        "follow_ups": list(question.follow_ups),
        "red_flags": list(question.red_flags),
        "is_scored": question.is_scored,
        "competencies": [one.pk for one in question.competencies.all()] if question.is_scored else [],
    }


def _exercise(exercise: Exercise) -> dict[str, Any]:
    rubric = list(exercise.rubric.all())
    return {
        "exercise": exercise.pk,
        "exercise_kind": exercise.kind,
        "title": exercise.name,
        "text": exercise.brief,
        "guide": exercise.guide,
        "guards": list(exercise.guards),
        "codes_steps": exercise.codes_steps,
        "competencies": [line.competency_id for line in rubric],
        "rubric": [
            {"competency": line.competency_id, "look_for": line.look_for, "anchors": list(line.anchors)}
            for line in rubric
        ],
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "case": case.pk,
        "name": case.name,
        "situation": case.situation,
        "facts": case.facts,
        "player": case.player,
        "points": list(case.points),
        "mails": [
            {
                "number": number,
                "sender": mail.sender,
                "subject": mail.subject,
                "text": mail.text,
                "writes_back": mail.writes_back,
                "urgency": mail.urgency,
            }
            for number, mail in enumerate(case.mails.all(), start=1)
        ],
    }


def _rubric_line(line: RubricLine) -> dict[str, Any]:
    return {
        "key": line.competency_id,
        "name": line.competency.name,
        "meaning": line.look_for,
        "anchors": list(line.anchors),
    }


def _routes(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not any(part.get("family") == Question.Family.BEHAVIOURAL for part in parts):
        return []
    return [{"key": one.key, "name": one.name, "anchors": list(one.anchors)} for one in LadderRoute.objects.all()]


def _steps() -> list[dict[str, Any]]:
    return [
        {"number": one.number, "name": one.name, "meaning": one.meaning, "in_writing": one.in_writing}
        for one in DeescalationStep.objects.all()
    ]
