"""Builders for tests and the demo: a question, an exercise with a case, a kit, a round."""

from __future__ import annotations

import itertools
from typing import Any

from candidates.builders import make_competency
from candidates.models import HiringPlan
from interviews.models import Case, CaseMail, Exercise, Kit, KitPart, Question, Round, RubricLine

_numbers = itertools.count(1)


def make_question(name: str = "", competencies: tuple[str, ...] = ("Empathy",), **fields: Any) -> Question:
    """A behavioural question about `competencies`, with anchors, a follow-up and a red flag."""
    name = name or f"Question {next(_numbers)}"
    chosen: dict[str, Any] = {
        "text": f"{name}: tell me about a time when you helped somebody.",
        "family": Question.Family.BEHAVIOURAL,
        "anchors": [f"{name}, answer {level}" for level in range(1, 6)],
        "follow_ups": ["What did you say first?"],
        "red_flags": ["Never had that, and stops."],
    }
    question = Question.objects.create(name=name, **chosen | fields)
    question.competencies.set([make_competency(one) for one in competencies])
    return question


def make_exercise(
    kind: str = Exercise.Kind.EMAIL, competencies: tuple[str, ...] = ("Empathy",), **fields: Any
) -> Exercise:
    """An exercise with one case of one customer's mail, and a rubric line per competency."""
    name = fields.pop("name", f"Exercise {next(_numbers)}")
    chosen: dict[str, Any] = {"brief": "Answer as our representative.", "minutes": 20}
    exercise = Exercise.objects.create(name=name, kind=kind, **chosen | fields)
    for position, one in enumerate(competencies):
        anchors = [f"{one} in writing, level {level}" for level in range(1, 6)]
        RubricLine.objects.create(
            exercise=exercise, competency=make_competency(one), look_for=f"{one}?", anchors=anchors, position=position
        )
    make_case(exercise)
    return exercise


def make_case(exercise: Exercise, customers: tuple[str, ...] = ("Berta Buyer",), **fields: Any) -> Case:
    """A case with one mail per customer; the first one of several writes back."""
    chosen: dict[str, Any] = {"name": f"Case {next(_numbers)}", "situation": "A flight was booked for the wrong day."}
    case = Case.objects.create(exercise=exercise, **chosen | fields)
    for position, customer in enumerate(customers):
        back = "And what does it cost me?" if position == 0 and len(customers) > 1 else ""
        CaseMail.objects.create(
            case=case, position=position, sender=customer, subject="My flight", text="Please help me.", writes_back=back
        )
    return case


def make_kit(*parts: Question | Exercise | str, name: str = "", minutes: int = 10, **fields: Any) -> Kit:
    """A kit of questions, exercises and plain talk (a title), `minutes` each; one question when nothing is said."""
    chosen: dict[str, Any] = {"purpose": "Hear how they treat people."}
    kit = Kit.objects.create(name=name or f"Kit {next(_numbers)}", **chosen | fields)
    for position, part in enumerate(parts or (make_question(),)):
        KitPart.objects.create(kit=kit, position=position, minutes=minutes, **_what(part))
    return kit


def make_round(plan: HiringPlan, content: Kit | Exercise | None = None, **fields: Any) -> Round:
    """A round of an unlocked plan: a panel by a kit, or written work."""
    content = content or make_kit()
    is_kit = isinstance(content, Kit)
    chosen: dict[str, Any] = {
        "name": f"Round {next(_numbers)}",
        "kind": Round.Kind.PANEL if is_kit else Round.Kind.WRITTEN,
        "kit": content if is_kit else None,
        "exercise": None if is_kit else content,
        "position": plan.rounds.count(),
    }
    return Round.objects.create(plan=plan, **chosen | fields)


def _what(part: Question | Exercise | str) -> dict[str, Any]:
    if isinstance(part, Question):
        return {"question": part}
    if isinstance(part, Exercise):
        return {"exercise": part, "case": part.cases.first()}
    return {"title": part, "text": "Welcome!"}
