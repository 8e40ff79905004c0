"""Where on the page of a kit each thing is asked: what a competency is rated at, where the thirteen steps are coded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interviews.kits.models import Exercise, Question

Words = Mapping[str, Any]  # the content of a wording


def parts(content: Words) -> list[dict[str, Any]]:
    """The parts of the kit, in order; none where a card is rated without one."""
    found: list[dict[str, Any]] = content.get("parts", [])
    return found


def steps(content: Words) -> list[dict[str, Any]]:
    """The thirteen steps, where something in the kit is coded by them."""
    found: list[dict[str, Any]] = content.get("steps", [])
    return found


def rated_at(content: Words) -> dict[int, int]:
    """By the key of each competency the number of the part that it is rated at: the last one that tells about it,
    when all has been heard. Competencies that no part tells about are left out: they are rated at the end."""
    return {key: part["number"] for part in parts(content) for key in part["competencies"]}


def anchors(content: Words) -> dict[int, list[str]]:
    """The anchors of competencies that are told by one exercise alone: its rubric's, in place of the general ones."""
    tellers: dict[int, list[dict[str, Any]]] = {}
    for part in parts(content):
        for key in part["competencies"]:
            tellers.setdefault(key, []).append(part)
    alone = {key: found[0].get("rubric", []) for key, found in tellers.items() if len(found) == 1}
    return {key: line["anchors"] for key, rubric in alone.items() for line in rubric if line["competency"] == key}


def coded_at(content: Words) -> int | None:
    """The number of the part at which the steps are coded: the last one that is coded by them."""
    return next((part["number"] for part in reversed(parts(content)) if part.get("codes_steps")), None)


def has_live_edit(content: Words) -> bool:
    """Whether the candidate improves a text of their own in the conversation."""
    return any(part.get("exercise_kind") == Exercise.Kind.LIVE_EDIT for part in parts(content))


def has_routes(part: Words) -> bool:
    """Whether the route to the answer is noted: for what somebody did."""
    return part.get("family") == Question.Family.BEHAVIOURAL


def preset(content: Words) -> set[int]:
    """The steps that cannot be met, because what is coded was written."""
    number = coded_at(content)
    coded: Words = next((part for part in parts(content) if part["number"] == number), content.get("exercise", {}))
    if coded.get("exercise_kind") not in Exercise.WRITTEN:
        return set()
    return {step["number"] for step in steps(content) if not step["in_writing"]}
